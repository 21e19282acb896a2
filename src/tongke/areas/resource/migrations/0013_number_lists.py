"""Lists of numbers and holds are walked by organisation; an index that nothing uses goes."""

from django.db import migrations

from tongke.kernel.schema import sql

LISTS = """
CREATE INDEX number_by_org ON resource_number (org_id, id);
CREATE INDEX number_hold_by_org ON resource_number_hold (org_id, id);
DROP INDEX IF EXISTS resource_number_number_e2f4c4d2_like;
"""


class Migration(migrations.Migration):
    dependencies = [("resource", "0012_number_desk")]
    operations = [sql(LISTS, "DROP INDEX number_by_org; DROP INDEX number_hold_by_org;")]
