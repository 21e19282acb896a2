"""Numbers that lines from another system use already are taken out of the free ones."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"
UNDO = "DROP FUNCTION resource_take_numbers(text[], uuid[], uuid[], text, timestamptz); DROP FUNCTION resource_numbers_taken(text[]);"


class Migration(migrations.Migration):
    dependencies = [("resource", "0026_kept")]
    operations = [sql((SQL / "0027_numbers_in_use.sql").read_text(encoding="utf-8"), UNDO)]
