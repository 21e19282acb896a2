"""Lines found by the end of their number, each organisation's in one range."""

from django.db import migrations

from tongke.kernel.schema import sql


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_rows")]
    operations = [
        sql("""ALTER TABLE inventory_subscriber ADD COLUMN tail text COLLATE "C" GENERATED ALWAYS AS (left(reverse(service_number), 8)) STORED;
               CREATE INDEX subscriber_by_org_tail ON inventory_subscriber (org_id, tail);
               CREATE INDEX subscriber_by_org_number ON inventory_subscriber (org_id, service_number);""",
            "ALTER TABLE inventory_subscriber DROP COLUMN tail; DROP INDEX subscriber_by_org_number;"),
    ]
