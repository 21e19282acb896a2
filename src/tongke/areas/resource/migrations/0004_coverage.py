"""Coverage: what an address names and what reaches it, in one statement."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

UNDO = """
DROP FUNCTION resource_coverage_by_words(text[], text, text, text, text, int); DROP FUNCTION resource_places_shown(uuid[]);
DROP FUNCTION resource_coverage(uuid); DROP FUNCTION resource_place_match(text[], text, text, text, text, int);
DROP FUNCTION resource_place_line_en(uuid); DROP FUNCTION resource_place_line(uuid); DROP FUNCTION resource_place_up(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("resource", "0003_network_rows")]
    operations = [sql((Path(__file__).parent.parent / "sql" / "0004_coverage.sql").read_text(encoding="utf-8"), UNDO)]
