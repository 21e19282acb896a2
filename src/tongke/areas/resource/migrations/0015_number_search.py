"""Search over many pools is one statement, so that a group-wide post finds as fast as a hall."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("resource", "0014_coverage_faster")]
    operations = [sql((SQL / "0015_number_search.sql").read_text(encoding="utf-8"))]
