"""Tax rates that have begun, shares of promotions and what they gave stand against the application's role itself."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"
UNDO = """
DROP TRIGGER benefit_stands ON catalogue_benefit_given;
DROP TRIGGER benefit_given ON catalogue_benefit_given;
DROP FUNCTION catalogue_benefit_stands;
GRANT DELETE ON catalogue_benefit_given TO tongke_app;
DROP TRIGGER counter_stands ON catalogue_promotion;
DROP FUNCTION catalogue_counter_stands;
DROP TRIGGER share_stands ON catalogue_promotion_grant;
DROP FUNCTION catalogue_share_stands;
GRANT INSERT, UPDATE, DELETE ON catalogue_promotion_grant TO tongke_app;
DROP TRIGGER rate_stands ON catalogue_tax_rate;
DROP FUNCTION catalogue_rate_stands;
GRANT DELETE ON catalogue_tax_rate TO tongke_app;
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0010_benefits_given")]
    operations = [sql((SQL / "0011_kept.sql").read_text(encoding="utf-8"), UNDO)]
