"""A glance at some pools before any is read through."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("resource", "0016_number_start")]
    operations = [sql((SQL / "0017_number_glance.sql").read_text(encoding="utf-8"))]
