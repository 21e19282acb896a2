"""What stands becomes no draft again and keeps its rows; a share that ran out no longer counts twice."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_device_rules")]
    # The functions keep their names and arguments: undoing leaves the stricter ones, which 0004 and 0005 drop.
    operations = [sql((SQL / "0007_standing.sql").read_text(encoding="utf-8"))]
