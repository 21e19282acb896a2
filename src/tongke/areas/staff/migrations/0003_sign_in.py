"""Sessions with both limits, secrets apart from people, policy figures, rights worked out per post."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models.deletion import CASCADE, PROTECT

import tongke.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_rows")]
    operations = [
        migrations.CreateModel(
            name="PolicyFigure",
            fields=[
                ("id", models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=60)),
                ("value", models.JSONField()),
                ("valid_from", models.DateTimeField()),
                ("set_by", models.CharField(max_length=150)),
                ("set_at", models.DateTimeField()),
            ],
            options={"db_table": "staff_policy"},
        ),
        migrations.CreateModel(
            name="PostRight",
            fields=[
                ("post", models.OneToOneField(
                    on_delete=CASCADE, primary_key=True, related_name="+", serialize=False, to="staff.post")),
                ("staff_id", models.UUIDField()),
                ("base_org_id", models.IntegerField()),
                ("scope", models.TextField()),
                ("own", models.TextField()),
                ("clear", models.TextField()),
                ("permissions", ArrayField(base_field=models.TextField(), size=None)),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("document", models.JSONField()),
            ],
            options={"db_table": "staff_post_right"},
        ),
        migrations.CreateModel(
            name="StaffSecret",
            fields=[
                ("staff", models.OneToOneField(
                    on_delete=PROTECT, primary_key=True, related_name="+", serialize=False, to=settings.AUTH_USER_MODEL)),
                ("totp_secret", models.BinaryField(null=True)),
                ("totp_last_step", models.BigIntegerField(default=0)),
                ("recovery_hashes", ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
            ],
            options={"db_table": "staff_secret"},
        ),
        migrations.RemoveField(model_name="staff", name="recovery_hashes"),
        migrations.RemoveField(model_name="staff", name="totp_last_step"),
        migrations.RemoveField(model_name="staff", name="totp_secret"),
        # Nobody is signed in while this runs: the table is made anew.
        migrations.DeleteModel(name="StaffSession"),
        migrations.CreateModel(
            name="StaffSession",
            fields=[
                ("session_key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("id", models.UUIDField(default=tongke.kernel.ids.uuid7, unique=True)),
                ("second_factor", models.BooleanField(default=False)),
                ("restricted", models.BooleanField(default=False)),
                ("started_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("idle_until", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("address", models.GenericIPAddressField(null=True)),
                ("agent", models.CharField(blank=True, max_length=200)),
                ("post", models.ForeignKey(on_delete=CASCADE, related_name="+", to="staff.post")),
                ("staff", models.ForeignKey(on_delete=CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"db_table": "staff_session"},
        ),
        migrations.AddField(
            model_name="approval", name="permission", field=models.CharField(default="staff.approve", max_length=60)),
        migrations.AddField(model_name="role", name="active", field=models.BooleanField(default=True)),
        migrations.AddField(
            model_name="role", name="seeded",
            field=ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
        migrations.AddField(model_name="signinattempt", name="known_device", field=models.BooleanField(default=False)),
        migrations.AddIndex(
            model_name="signinattempt", index=models.Index(fields=["source", "at"], name="attempt_by_source")),
        migrations.AddConstraint(
            model_name="policyfigure",
            constraint=models.UniqueConstraint(fields=("code", "valid_from"), name="policy_figure_once")),
    ]
