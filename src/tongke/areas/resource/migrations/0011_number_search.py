"""Search among the free numbers by head, tail, grade and four digits anywhere."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"
UNDO = """
DROP FUNCTION resource_free_by_gram, resource_free_by_grade, resource_free_by_tail, resource_free_by_head, resource_pools_in_scope, resource_number_fits;
DROP TYPE resource_found_number;
DROP INDEX number_free_by_gram;
DROP FUNCTION resource_number_grams;
"""


class Migration(migrations.Migration):
    dependencies = [("resource", "0010_number_verbs")]
    operations = [sql((SQL / "0011_number_search.sql").read_text(encoding="utf-8"), UNDO)]
