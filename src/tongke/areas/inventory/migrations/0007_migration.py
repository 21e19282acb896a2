"""Lists of products that are moved to other versions of their offerings."""

from django.db import migrations, models

import tongke.kernel.ids
from tongke.kernel.schema import audited, scoped


class Migration(migrations.Migration):
    dependencies = [("inventory", "0006_other_lines"), ("kernel", "0003_rows")]
    operations = [
        migrations.CreateModel(
            name="MigrationRow",
            fields=[
                ("id", models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("org_id", models.IntegerField()),
                ("job_id", models.UUIDField()),
                ("number", models.IntegerField()),
                ("product_id", models.UUIDField()),
                ("target_id", models.UUIDField()),
                ("before_id", models.UUIDField(null=True)),
                ("state", models.CharField(choices=[("waiting", "Waiting"), ("moved", "Moved"), ("unchanged", "Was so already"), ("rejected", "Left as it is")], default="waiting", max_length=10)),
            ],
            options={
                "db_table": "inventory_migration_row",
                "indexes": [models.Index(condition=models.Q(("state", "waiting")), fields=["job_id", "number"], name="migration_row_waiting")],
                "constraints": [
                    models.UniqueConstraint(fields=("job_id", "number"), name="migration_row_once"),
                    models.UniqueConstraint(fields=("job_id", "product_id"), name="migration_product_once"),
                ],
            },
        ),
        scoped("inventory_migration_row"),
        audited("inventory_migration_row"),
    ]
