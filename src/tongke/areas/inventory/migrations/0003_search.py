"""Lines found by number, its beginning and its end, each organisation's in one range."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_rows"), ("party", "0004_search")]
    operations = [
        sql((Path(__file__).parent.parent / "sql" / "0003_search.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION inventory_lines_by_tail(text, text, int); DROP INDEX subscriber_by_org_number, subscriber_by_org_tail;"),
    ]
