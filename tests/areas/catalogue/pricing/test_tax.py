"""Tax: dated rates, in the price or on top, sums that come out."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.areas.catalogue.pricing.offers import codes, line, monthly, offer, quoted
from tongke.areas.catalogue.rules.pricing.offer import TaxRate
from tongke.areas.catalogue.rules.pricing.tax import rate_of, split_by_category, taxed
from tongke.kernel.period import Period

D = Decimal
amounts = st.decimals("0.00", "99999.99", places=2)
percents = st.sampled_from([D(0), D(6), D(9), D(10), D(11), D(13), D(16), D(17)])
CHANGE = datetime(2019, 3, 31, 16, 0, tzinfo=UTC)
RATES = (
    TaxRate("basic_telecom", D(10), Period(datetime(2018, 4, 30, 16, 0, tzinfo=UTC), CHANGE)), TaxRate("basic_telecom", D(9), Period(CHANGE)))


@pytest.mark.parametrize(("amount", "percent", "included", "tax", "total"), [
    ("109.00", 9, True, "9.00", "109.00"), ("100.00", 9, False, "9.00", "109.00"), ("59.00", 6, True, "3.34", "59.00"),
    ("0.01", 13, True, "0.00", "0.01"), ("0.04", 13, False, "0.01", "0.05"), ("0.00", 9, True, "0.00", "0.00"),
])
def test_tax_in_the_price_or_on_top(amount: str, percent: int, tax: str, total: str, *, included: bool) -> None:
    assert taxed(D(amount), D(percent), included=included) == (D(tax), D(total))


@given(amount=amounts, percent=percents, included=st.booleans())
def test_net_and_tax_come_to_the_total(amount: Decimal, percent: Decimal, *, included: bool) -> None:
    tax, total = taxed(amount, percent, included=included)
    assert total == (amount if included else amount + tax)
    assert 0 <= tax <= total
    assert abs((total - tax) * percent / 100 - tax) <= D("0.01")


@pytest.mark.parametrize(("at", "percent"), [
    (datetime(2019, 3, 31, 15, 59, tzinfo=UTC), D(10)), (CHANGE, D(9)), (datetime(2018, 1, 1, tzinfo=UTC), None),
])
def test_the_rate_is_that_of_the_day(at: datetime, percent: Decimal | None) -> None:
    found = rate_of("basic_telecom", RATES, at)
    assert (found.percent if found else None) == percent


def test_a_category_without_a_rate_is_told() -> None:
    found = quoted(offer(monthly("59", tax_category="luxury")))
    assert [b.code for b in found.broken] == ["CAT-123"]
    assert line(found, "monthly").tax == 0


def test_tax_on_top_reaches_the_totals() -> None:
    found = quoted(offer(monthly("100", tax_included=False, tax_category="basic_telecom")))
    assert (found.monthly.total, found.monthly.tax, codes(line(found, "monthly"))[-1]) == (D("109.00"), D("9.00"), "CAT-118")
    assert found.bill(2) == D("109.00")


@given(amount=st.decimals("-9999.99", "9999.99", places=2), weights=st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), amounts), min_size=1, max_size=6))
def test_a_bundles_amount_is_split_by_category_to_the_cent(amount: Decimal, weights: list[tuple[str, Decimal]]) -> None:
    parts = split_by_category(amount, weights)
    assert sum(part for _category, part in parts) == amount
    assert [category for category, _part in parts] == list(dict.fromkeys(category for category, _weight in weights))
