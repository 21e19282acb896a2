"""Holding, assigning and sweeping numbers: one trip to the database each; the grade that a hold was made at."""

from pathlib import Path

from django.db import migrations, models

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"
UNDO = """
DROP FUNCTION resource_sweep_cooling, resource_sweep_holds, resource_assign_number, resource_hold_number, resource_end_expired, resource_note_move,
  resource_in_scope, resource_schedule_at, resource_policy_at;
"""


class Migration(migrations.Migration):
    dependencies = [("resource", "0004_coverage")]
    operations = [
        migrations.AddField("numberhold", "grade", models.CharField(max_length=8, db_collation="C", default="0")),
        migrations.AddField("numberhold", "graded_by", models.IntegerField(null=True)),
        sql((SQL / "0010_number_verbs.sql").read_text(encoding="utf-8"), UNDO),
    ]
