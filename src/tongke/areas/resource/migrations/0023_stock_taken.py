"""Which serials are recorded already, for whoever is refused one."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

FORWARD = (Path(__file__).parent.parent / "sql" / "0023_stock_taken.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("resource", "0022_number_walks")]
    operations = [sql(FORWARD, "DROP FUNCTION resource_stock_taken(text, text[], text[]);")]
