"""Who writes which rows of the catalogue, their audit, and versions that stand."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import audited, scoped, sql, written_in_scope

SQL = Path(__file__).parent.parent / "sql"
SHARED = (
    "catalogue_specification", "catalogue_characteristic", "catalogue_specification_relation", "catalogue_bundle_part", "catalogue_allowance",
    "catalogue_term", "catalogue_price", "catalogue_price_tier", "catalogue_price_list", "catalogue_price_list_entry", "catalogue_tax_rate",
    "catalogue_rule", "catalogue_discount_authority", "catalogue_promotion", "catalogue_catalogue", "catalogue_category",
    "catalogue_category_member",
)
GRANTS = ("catalogue_discount_grant", "catalogue_promotion_grant")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_catalogue"), ("kernel", "0003_rows")]
    operations = [
        written_in_scope("catalogue_offering"),
        *(operation(table) for table in SHARED for operation in (written_in_scope, audited)),
        *(operation(table) for table in GRANTS for operation in (scoped, audited)),
        sql((SQL / "0004_versions.sql").read_text(), (SQL / "0004_versions_undo.sql").read_text()),
    ]
