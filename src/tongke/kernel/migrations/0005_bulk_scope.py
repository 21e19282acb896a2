"""Who sees a bulk job: whoever sees its organisation; one for several organisations only who sees all. Its rejects go with it."""

from django.db import migrations

from tongke.kernel.schema import scoped, sql


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_migrations_readable")]
    operations = [
        scoped("kernel_bulk_job"),
        sql(
            "ALTER TABLE kernel_bulk_reject ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY scope_of_actor ON kernel_bulk_reject"
            " USING ((SELECT tongke_sees_all()) OR EXISTS (SELECT FROM kernel_bulk_job j WHERE j.id = job_id));"
            "CREATE INDEX bulk_reject_of_job ON kernel_bulk_reject (job_id, id);",
            "DROP POLICY scope_of_actor ON kernel_bulk_reject; ALTER TABLE kernel_bulk_reject DISABLE ROW LEVEL SECURITY;"
            "DROP INDEX bulk_reject_of_job;",
        ),
    ]
