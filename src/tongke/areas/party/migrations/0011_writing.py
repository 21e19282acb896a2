"""A new customer and the event that tells of it, written in one round trip."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("party", "0010_address_words"), ("kernel", "0003_rows")]
    operations = [sql((SQL / "0011_writing.sql").read_text(encoding="utf-8"))]
