"""Walks keep to their own index whatever the planner believes: nobody is sent to everybody's first numbers."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("resource", "0021_policy_rows")]
    operations = [sql((SQL / "0022_number_walks.sql").read_text(encoding="utf-8"))]
