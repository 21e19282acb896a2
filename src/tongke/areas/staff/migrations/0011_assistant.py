"""Keys with which assistant programs act for a person, and the log of their calls."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import tongke.kernel.ids
from tongke.kernel.schema import audited, partitioned, sql


class Migration(migrations.Migration):
    dependencies = [("staff", "0010_clients")]
    operations = [
        migrations.CreateModel(
            name="PersonalToken",
            fields=[
                ("id", models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("org_id", models.IntegerField()),
                ("name", models.CharField(max_length=60)),
                ("writing", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("staff", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.staff")),
                ("post", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.post")),
            ],
            options={"db_table": "staff_personal_token"},
        ),
        audited("staff_personal_token"),
        partitioned("staff_assistant_call", """
          at timestamptz NOT NULL, id uuid NOT NULL DEFAULT tongke_uuid7(), staff_id uuid, actor text NOT NULL, org_id int,
          token_id uuid, transport text NOT NULL, tool text NOT NULL, arguments jsonb NOT NULL, purpose text NOT NULL DEFAULT '',
          clear text NOT NULL DEFAULT '', outcome text NOT NULL, result_bytes int NOT NULL, duration_ms int NOT NULL,
          PRIMARY KEY (at, id)""", by="at"),
        sql((Path(__file__).parent.parent / "sql" / "0011_assistant.sql").read_text(encoding="utf-8")),
    ]
