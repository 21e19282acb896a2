"""What has been cannot be taken out of the records, nor written over, by the application's role itself."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"
UNDO = """
DROP TRIGGER commitment_frozen ON resource_number_commitment;
DROP FUNCTION resource_commitment_refuses_change;
GRANT DELETE ON resource_number, resource_number_hold, resource_number_commitment, resource_number_block, resource_number_range, resource_number_pool,
  resource_stock_item, resource_stock_place, resource_stock_transfer, resource_stock_count, resource_site, resource_equipment, resource_port, resource_access,
  resource_place, resource_reservation TO tongke_app;
"""


class Migration(migrations.Migration):
    dependencies = [("resource", "0025_hold_words")]
    operations = [sql((SQL / "0026_kept.sql").read_text(encoding="utf-8"), UNDO)]
