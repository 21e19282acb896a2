"""What search by number, name and address stands on."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

FOLDER = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("party", "0003_policy_and_names")]
    operations = [
        sql((FOLDER / "0004_search.sql").read_text(encoding="utf-8"), (FOLDER / "0004_search_undo.sql").read_text(encoding="utf-8")),
    ]
