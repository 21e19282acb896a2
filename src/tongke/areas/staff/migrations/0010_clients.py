"""Machine clients: who they are, their secrets, what follows from their roles, their tokens and permits."""

from pathlib import Path

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models.deletion import PROTECT

import tongke.kernel.ids
from tongke.kernel.schema import audited, scoped, sql


class Migration(migrations.Migration):
    dependencies = [("staff", "0007_given_passwords")]
    operations = [
        migrations.CreateModel(
            name="MachineClient",
            fields=[
                ("id", models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60, unique=True)),
                ("roles", ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ("scopes", ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ("networks", ArrayField(base_field=models.CharField(max_length=50), default=list, size=None)),
                ("per_minute", models.IntegerField()),
                ("purpose", models.CharField(blank=True, max_length=200)),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("secret_changed_at", models.DateTimeField()),
                ("registered_by", models.CharField(max_length=150)),
                ("org", models.ForeignKey(on_delete=PROTECT, related_name="+", to="staff.org")),
            ],
            options={"db_table": "staff_client"},
        ),
        migrations.CreateModel(
            name="ClientSecret",
            fields=[
                ("id", models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("client", models.ForeignKey(on_delete=PROTECT, related_name="+", to="staff.machineclient")),
            ],
            options={"db_table": "staff_client_secret"},
        ),
        sql((Path(__file__).parent.parent / "sql" / "0010_clients.sql").read_text(encoding="utf-8")),
        audited("staff_client"),
        scoped("staff_client"),
    ]
