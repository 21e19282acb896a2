"""The database's own guard of trees: one parent at a time, no circle at any instant."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("party", "0004_search")]
    operations = [
        sql((SQL / "0005_tree_guard.sql").read_text(encoding="utf-8"),
            "DROP TRIGGER tree_guard_insert ON party_relation; DROP TRIGGER tree_guard_update ON party_relation;"
            "DROP FUNCTION party_tree_guard;"),
    ]
