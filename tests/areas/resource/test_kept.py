"""What was sold stands, and things are never taken out of the records: not even by the application's role itself."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from tests.areas.resource.numbers import planted
from tongke.areas.resource import services
from tongke.kernel.actor import acting
from tongke.kernel.ids import uuid7

pytestmark = pytest.mark.django_db
KEPT = (
    "resource_number", "resource_number_hold", "resource_number_commitment", "resource_number_block", "resource_number_range", "resource_number_pool",
    "resource_stock_item", "resource_stock_place", "resource_stock_transfer", "resource_stock_count", "resource_site", "resource_equipment", "resource_port",
    "resource_access", "resource_place", "resource_reservation",
)


@pytest.mark.parametrize("table", KEPT)
def test_no_row_is_deleted(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('tongke_app', %s, 'DELETE')", [table])
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize("change", ["monthly_floor = 0", "prestore = 0", "term_months = 0", "ends_on = '2020-01-03'", "penalty_percent = 0", "grade = '0'"])
def test_what_a_fine_number_was_sold_for_does_not_change(change: str) -> None:
    services.claim_number(number=planted.desk(1000).number(888), assigned_to=uuid7(), by=planted.DESK_CLERK, at=planted.NOON)
    with acting(planted.TESTER), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="do not change"), transaction.atomic():
            cursor.execute(f"UPDATE resource_number_commitment SET {change}")
        cursor.execute("UPDATE resource_number_commitment SET state = 'fulfilled', ended_on = '2022-01-02'")
        assert cursor.rowcount == 1
