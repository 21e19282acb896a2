"""The quota of clerks binds persons, not machines that sell for many."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("resource", "0018_number_plans")]
    operations = [sql((SQL / "0019_number_machines.sql").read_text(encoding="utf-8"))]
