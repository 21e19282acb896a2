"""The outbox by month, number sequences, and the audit of bulk jobs."""

from django.db import migrations

from tongke.kernel.schema import audited, partitioned, scoped, sql

OUTBOX = """
  occurred_at timestamptz NOT NULL, id uuid NOT NULL, name text COLLATE "C" NOT NULL, org_id int, customer_id uuid,
  subject_id uuid, actor text NOT NULL, payload jsonb NOT NULL, PRIMARY KEY (occurred_at, id)
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_initial")]
    operations = [
        partitioned("kernel_outbox", OUTBOX, by="occurred_at"),
        sql("CREATE INDEX kernel_outbox_customer ON kernel_outbox (customer_id, occurred_at DESC);"
            "CREATE INDEX kernel_outbox_name ON kernel_outbox (name, occurred_at);"),
        scoped("kernel_outbox"),
        sql("CREATE SEQUENCE number_cu; CREATE SEQUENCE number_ac; CREATE SEQUENCE number_py; CREATE SEQUENCE number_bl;"),
        audited("kernel_bulk_job"),
    ]
