"""Who approved the figures of points; figures that have begun stand."""

from pathlib import Path

from django.db import migrations, models

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"
UNDO = """
DROP TRIGGER figures_stand ON account_points_policy;
DROP FUNCTION account_figures_stand;
GRANT DELETE ON account_points_policy TO tongke_app;
"""


class Migration(migrations.Migration):

    dependencies = [("account", "0008_points_by_paying")]

    operations = [
        migrations.AddField(model_name="pointspolicy", name="approved_by", field=models.CharField(blank=True, default="", max_length=150)),
        sql((SQL / "0009_points_approved.sql").read_text(encoding="utf-8"), UNDO),
    ]
