"""The end of a cooling is not moved forward; what writes past row-level security is called by the verbs alone."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"
UNDO = """
DROP TRIGGER cooling_stays ON resource_number;
DROP FUNCTION resource_number_refuses_cut;
GRANT EXECUTE ON FUNCTION resource_note_move, resource_end_expired TO PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("resource", "0019_number_machines")]
    operations = [sql((SQL / "0020_number_guards.sql").read_text(encoding="utf-8"), UNDO)]
