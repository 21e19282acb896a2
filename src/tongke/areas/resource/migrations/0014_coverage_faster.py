"""Coverage with plans made once and without a policy on each table that is read; unknown names leave a doubt."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

FOLDER = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("resource", "0013_number_lists")]
    operations = [
        sql((FOLDER / "0014_coverage.sql").read_text(encoding="utf-8"), (FOLDER / "0014_coverage_undo.sql").read_text(encoding="utf-8")),
    ]
