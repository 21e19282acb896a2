"""What stands in the way of blocks and ranges, told by name; walks of the search begin somewhere in the pool."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import ORG_POLICY, sql, written_in_scope

SQL = Path(__file__).parent.parent / "sql"
OWN = ORG_POLICY.format(org="org_id")
UNDO = f"""
DROP FUNCTION resource_rehome_returned, resource_giver_of, resource_allotment_in_way, resource_range_in_way, resource_block_in_way;
ALTER TABLE resource_number_block ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope_of_actor ON resource_number_block USING ({OWN}) WITH CHECK ({OWN});
"""


class Migration(migrations.Migration):
    dependencies = [("resource", "0011_number_search")]
    operations = [sql((SQL / "0012_number_desk.sql").read_text(encoding="utf-8"), UNDO), written_in_scope("resource_number_block")]
