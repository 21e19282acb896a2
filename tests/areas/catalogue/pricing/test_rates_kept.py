"""Tax rates are planned, planned otherwise and come into force; one that has begun stands, whoever writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tests.factories.pricing import NOON, TESTER
from tongke.areas.catalogue import services
from tongke.areas.catalogue.models import TaxRate
from tongke.kernel.actor import acting
from tongke.kernel.errors import RulesBroken

pytestmark = pytest.mark.django_db
BEGUN = datetime(2019, 3, 31, 16, tzinfo=UTC)
# The database tells what has begun by its own clock: far ahead, for no day on which the tests run.
PLANNED, FURTHER = datetime(2199, 1, 1, tzinfo=UTC), datetime(2199, 6, 1, tzinfo=UTC)


def plan(*rates: tuple[datetime, int], at: datetime = NOON) -> None:
    """Write rates of a category."""
    services.set_tax_rates(category="tea", by=TESTER, at=at, content={
        "name_zh": "茶叶", "name_en": "Tea", "rates": [{"valid_from": start, "percent": percent} for start, percent in rates]})


def held() -> Sequence[tuple[datetime, datetime | None, Decimal]]:
    """The category's rates as they stand."""
    with acting(TESTER):
        return list(TaxRate.objects.filter(category="tea").order_by("valid_from").values_list("valid_from", "valid_until", "percent"))


def refused(statement: str) -> str:
    """Run a statement as the application's role and return why the database refused it."""
    with acting(TESTER), pytest.raises((IntegrityError, ProgrammingError)) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(refusal.value)


def test_a_planned_rate_ends_the_one_before_and_may_be_planned_otherwise() -> None:
    plan((BEGUN, 13))
    plan((BEGUN, 13), (PLANNED, 11))
    assert held() == [(BEGUN, PLANNED, Decimal(13)), (PLANNED, None, Decimal(11))]
    plan((PLANNED, 10), (FURTHER, 9))
    assert held() == [(BEGUN, PLANNED, Decimal(13)), (PLANNED, FURTHER, Decimal(10)), (FURTHER, None, Decimal(9))]


def test_a_rate_that_has_begun_is_refused_and_nothing_is_written() -> None:
    plan((BEGUN, 13))
    with pytest.raises(RulesBroken) as refusal:
        plan((BEGUN, 12), (PLANNED, 11))
    assert [broken.code for broken in refusal.value.broken] == ["CAT-07"]
    assert held() == [(BEGUN, None, Decimal(13))]


@pytest.mark.parametrize("change", ["percent = 12", "category = 'coffee'", "valid_from = '2019-05-01'", "id = tongke_uuid7()"])
def test_the_database_itself_changes_no_rate_that_has_begun(change: str) -> None:
    plan((BEGUN, 13), (PLANNED, 11))
    assert "has begun and stands" in refused(f"UPDATE catalogue_tax_rate SET {change} WHERE category = 'tea' AND percent = 13")
    with acting(TESTER), connection.cursor() as cursor:
        cursor.execute(f"UPDATE catalogue_tax_rate SET {change} WHERE category = 'tea' AND percent = 11")
        assert cursor.rowcount == 1


def test_an_end_that_has_come_does_not_move_and_no_rate_is_taken_away() -> None:
    assert "has begun and stands" in refused("UPDATE catalogue_tax_rate SET valid_until = NULL WHERE category = 'goods' AND percent = 17")
    assert "permission denied" in refused("DELETE FROM catalogue_tax_rate WHERE category = 'goods'")
