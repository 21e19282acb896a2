"""Where a walk of the search begins is drawn once."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("resource", "0015_number_search")]
    operations = [sql((SQL / "0016_number_start.sql").read_text(encoding="utf-8"))]
