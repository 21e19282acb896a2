"""Shares of promotions are given back within the asker's scope only."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0008_own_ends")]
    # Undone, expired shares are still taken back by the function that 0005 drops.
    operations = [sql((SQL / "0009_shares_in_scope.sql").read_text(encoding="utf-8"), (SQL / "0009_shares_in_scope_undo.sql").read_text(encoding="utf-8"))]
