"""Walks are planned once a session; glances read the index alone."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("resource", "0017_number_glance")]
    operations = [sql((SQL / "0018_number_plans.sql").read_text(encoding="utf-8"))]
