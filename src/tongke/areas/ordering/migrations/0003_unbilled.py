"""The facts carry what was used and is not billed yet."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ordering", "0002_benefits"), ("inventory", "0007_migration"), ("account", "0008_points_by_paying")]
    # Undone, the function of before holds again.
    operations = [sql((SQL / "0003_unbilled.sql").read_text(encoding="utf-8"), (SQL / "0002_benefits.sql").read_text(encoding="utf-8"))]
