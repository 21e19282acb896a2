"""Consulting the blacklist over the whole operator; completeness of many parties at once."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("party", "0005_tree_guard")]
    operations = [
        sql((SQL / "0006_blacklist.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION party_blacklist_hits; DROP FUNCTION party_settle_completeness"),
    ]
