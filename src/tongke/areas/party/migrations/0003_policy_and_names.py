"""Policy figures as dated rows, former names, and the statements that write new customers."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import tongke.kernel.ids
from tongke.kernel.schema import audited, scoped, sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("party", "0002_rows"), ("staff", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="PolicyFigure",
            fields=[
                ("id", models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("name", models.CharField(db_collation="C", max_length=60)),
                ("value", models.JSONField()),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("set_by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "party_policy",
                "constraints": [
                    models.UniqueConstraint(fields=("name", "valid_from"), name="party_policy_starts_once"),
                    models.UniqueConstraint(condition=models.Q(("valid_until__isnull", True)), fields=("name",), name="party_policy_open_once"),
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"),
                        name="party_policy_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NameChange",
            fields=[
                ("id", models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("org_id", models.IntegerField()),
                ("name_before", models.CharField(max_length=200)),
                ("name_after", models.CharField(max_length=200)),
                ("reason", models.TextField()),
                ("changed_by", models.CharField(max_length=150)),
                ("changed_at", models.DateTimeField()),
                ("evidence", models.ForeignKey(
                    db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="party.identitydocument")),
                ("party", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="party.party")),
            ],
            options={
                "db_table": "party_name_change",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name_before", models.F("name_after")), _negated=True), name="name_change_changes"),
                ],
            },
        ),
        migrations.AddField(model_name="creditrating", name="expires_at", field=models.DateTimeField(null=True)),
        scoped("party_name_change", own="EXISTS (SELECT FROM party_customer c WHERE c.party_id = party_name_change.party_id)"),
        audited("party_name_change"),
        audited("party_policy"),
        sql((SQL / "0003_policy.sql").read_text(encoding="utf-8"), "DROP FUNCTION party_policy_at"),
        sql((SQL / "0003_rows.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION party_write_customers; DROP FUNCTION party_present_fields; DROP FUNCTION party_document_holders"),
    ]
