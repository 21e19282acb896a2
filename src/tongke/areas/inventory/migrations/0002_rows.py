"""Usage by month, scope and audit of the installed base."""

from django.db import migrations

from tongke.kernel.schema import audited, partitioned, scoped


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial"), ("account", "0002_rows"), ("catalogue", "0002_rows")]
    operations = [
        partitioned("inventory_usage_month", """
          month_at timestamptz NOT NULL, subscriber_id uuid NOT NULL, org_id int NOT NULL,
          voice_seconds bigint NOT NULL DEFAULT 0, voice_calls int NOT NULL DEFAULT 0, sms_count int NOT NULL DEFAULT 0,
          data_bytes bigint NOT NULL DEFAULT 0, roaming_bytes bigint NOT NULL DEFAULT 0, peers int NOT NULL DEFAULT 0,
          faults int NOT NULL DEFAULT 0, charged numeric(18, 2) NOT NULL DEFAULT 0,
          PRIMARY KEY (subscriber_id, month_at)""", by="month_at"),
        scoped("inventory_subscriber", own="EXISTS (SELECT FROM party_customer c WHERE c.id = inventory_subscriber.customer_id)"),
        scoped("inventory_subscriber_role", own="EXISTS (SELECT FROM inventory_subscriber s WHERE s.id = inventory_subscriber_role.subscriber_id)"),
        scoped("inventory_payer", own="EXISTS (SELECT FROM inventory_subscriber s WHERE s.id = inventory_payer.subscriber_id)"),
        scoped("inventory_product", own="EXISTS (SELECT FROM party_customer c WHERE c.id = inventory_product.customer_id)"),
        scoped("inventory_usage_month", own="EXISTS (SELECT FROM inventory_subscriber s WHERE s.id = inventory_usage_month.subscriber_id)"),
        audited("inventory_subscriber"),
        audited("inventory_subscriber_role"),
        audited("inventory_payer"),
        audited("inventory_product"),
    ]
