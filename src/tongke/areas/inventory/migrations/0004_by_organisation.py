"""Products listed within an organisation: row-level security lets only leakproof conditions use an index."""

from django.db import migrations

from tongke.kernel.schema import sql


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_search")]
    operations = [sql("CREATE INDEX product_by_org ON inventory_product (org_id, id);", "DROP INDEX product_by_org;")]
