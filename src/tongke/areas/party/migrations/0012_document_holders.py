"""The cap of records under one document holds against writers at the same instant."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("party", "0011_writing")]
    operations = [sql((SQL / "0012_holders.sql").read_text(encoding="utf-8"))]
