"""The trail of a customer as each reader may see it."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("party", "0007_lists")]
    operations = [
        sql((SQL / "0008_history.sql").read_text(encoding="utf-8"), "DROP FUNCTION party_history_mask"),
    ]
