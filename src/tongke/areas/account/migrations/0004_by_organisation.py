"""Accounts listed within an organisation: row-level security lets only leakproof conditions use an index."""

from django.db import migrations

from tongke.kernel.schema import sql


class Migration(migrations.Migration):
    dependencies = [("account", "0003_payment_allocation")]
    operations = [sql("CREATE INDEX account_by_org ON account_billing_account (org_id, id);", "DROP INDEX account_by_org;")]
