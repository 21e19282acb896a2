"""Policy figures of every level: a lower organisation's own figure holds where all levels above permit it."""

from pathlib import Path

from django.db import migrations, models

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("party", "0012_document_holders"), ("staff", "0001_initial")]
    operations = [
        migrations.AddField(model_name="policyfigure", name="org_id", field=models.IntegerField(default=1, db_default=1)),
        migrations.AddField(model_name="policyfigure", name="may_override", field=models.BooleanField(default=True, db_default=True)),
        migrations.AddField(
            model_name="policyfigure", name="withdrawn_reason", field=models.TextField(blank=True, default="", db_default="")),
        migrations.AddField(
            model_name="policyfigure", name="withdrawn_by", field=models.CharField(blank=True, default="", db_default="", max_length=150)),
        migrations.RemoveConstraint(model_name="policyfigure", name="party_policy_starts_once"),
        migrations.RemoveConstraint(model_name="policyfigure", name="party_policy_open_once"),
        # Undone, the group's figures stay and those of the levels below go.
        sql("SELECT 1", "DELETE FROM party_policy WHERE org_id <> 1"),
        migrations.AddConstraint(
            model_name="policyfigure",
            constraint=models.UniqueConstraint(fields=("org_id", "name", "valid_from"), name="party_policy_starts_once"),
        ),
        migrations.AddConstraint(
            model_name="policyfigure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_until__isnull", True)), fields=("org_id", "name"), name="party_policy_open_once"),
        ),
        sql((SQL / "0013_policy_levels.sql").read_text(encoding="utf-8"), (SQL / "0013_policy_levels_undo.sql").read_text(encoding="utf-8")),
    ]
