"""Scope, audit, running counts and number series of stock, network, places and reservations."""

from django.db import migrations

from tongke.kernel.schema import ORG_POLICY, audited, scoped, sql, tallied, written_in_scope

OWN = (
    "resource_stock_level", "resource_delivery", "resource_stock_move", "resource_stock_count", "resource_stock_count_line",
    "resource_site", "resource_equipment", "resource_port", "resource_access", "resource_reservation", "resource_reservation_line",
)
# Read by everybody: where streets are, what can be bought and where it could be sent is no secret between organisations.
SHARED = ("resource_place", "resource_place_name", "resource_supplier", "resource_item_model", "resource_stock_place")
# What travels is seen by both ends while it does.
BETWEEN = ("resource_stock_item", "resource_stock_transfer", "resource_stock_transfer_line")
UNAUDITED = ("resource_stock_move",)  # a ledger already, never changed


def between(table: str) -> migrations.RunSQL:
    """Put row-level security on ``table``: rows of the actor's organisations, and those on their way to them."""
    condition = f"({ORG_POLICY.format(org='org_id')} OR to_org_id = ANY ((SELECT tongke_scope())::int[]))"
    return sql(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; CREATE POLICY scope_of_actor ON {table} USING ({condition}) WITH CHECK ({condition});",
        f"DROP POLICY scope_of_actor ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


class Migration(migrations.Migration):
    dependencies = [("resource", "0002_stock_and_network"), ("kernel", "0003_rows")]
    operations = [
        sql("CREATE SEQUENCE number_st; CREATE SEQUENCE number_sc; CREATE SEQUENCE number_sd;",
            "DROP SEQUENCE number_st; DROP SEQUENCE number_sc; DROP SEQUENCE number_sd;"),
        *(scoped(table) for table in OWN),
        *(written_in_scope(table) for table in SHARED),
        *(between(table) for table in BETWEEN),
        *(audited(table) for table in (*OWN, *SHARED, *BETWEEN) if table not in UNAUDITED),
        sql("REVOKE UPDATE, DELETE ON resource_stock_move FROM tongke_app;"),
        tallied("resource_stock_item", ["stock_place_id", "model_id", "state"]),
        tallied("resource_port", ["kind", "state"]),
    ]
