"""Orders and filters of the customer list."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql


class Migration(migrations.Migration):
    dependencies = [("party", "0006_blacklist_hits")]
    operations = [
        sql((Path(__file__).parent.parent / "sql" / "0007_lists.sql").read_text(encoding="utf-8"),
            "DROP INDEX customer_by_org_value, customer_by_org_since;"),
    ]
