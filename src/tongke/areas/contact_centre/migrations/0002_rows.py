"""Contacts by month, their scope and audit."""

from django.db import migrations

from tongke.kernel.schema import audited, partitioned, scoped, sql


class Migration(migrations.Migration):
    dependencies = [("contact_centre", "0001_initial"), ("party", "0002_rows")]
    operations = [
        partitioned("contact_centre_interaction", """
          occurred_at timestamptz NOT NULL, id uuid NOT NULL DEFAULT tongke_uuid7(), org_id int NOT NULL, customer_id uuid NOT NULL,
          subscriber_id uuid, channel text NOT NULL, direction text NOT NULL, kind text NOT NULL, subject text NOT NULL,
          body text NOT NULL DEFAULT '', staff_id uuid, staff_name text NOT NULL DEFAULT '', reference text NOT NULL DEFAULT '',
          duration_seconds int, PRIMARY KEY (occurred_at, id)""", by="occurred_at"),
        sql("CREATE INDEX contact_centre_interaction_customer ON contact_centre_interaction (customer_id, occurred_at DESC);"
            "CREATE INDEX contact_centre_interaction_org ON contact_centre_interaction (org_id, occurred_at DESC);"),
        scoped("contact_centre_interaction", own="EXISTS (SELECT FROM party_customer c WHERE c.id = contact_centre_interaction.customer_id)"),
        audited("contact_centre_interaction"),
    ]
