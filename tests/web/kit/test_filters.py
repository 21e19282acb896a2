"""Filters: typed values from the address; what cannot be read is left out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tongke.kernel.actor import Actor
from tongke.web.kit.filters import AnyOfFilter, ChoiceFilter, DayRangeFilter, Filter, FlagFilter, NumberRangeFilter, TextFilter

WHO = Actor(name="a")
STATES = [("on", "On"), ("off", "Off")]
ALL: list[Filter] = [
    TextFilter(key="t", label="T"), ChoiceFilter(key="t", label="T", choices=STATES), AnyOfFilter(key="t", label="T", choices=STATES),
    FlagFilter(key="t", label="T"), DayRangeFilter(key="t", label="T"), DayRangeFilter(key="t", label="T", of_days=True),
    NumberRangeFilter(key="t", label="T"),
]


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_address_breaks_a_filter(one: str, other: str) -> None:
    query = QueryDict(mutable=True)
    query.setlist("t", [one, other])
    query["t_from"], query["t_to"] = one, other
    for each in ALL:
        value = each.parse(query, WHO)
        if value is not None:
            each.narrow(value)
            assert isinstance(each.words(value, WHO), str)


def test_days_are_half_open_in_the_zone() -> None:
    value = DayRangeFilter(key="since", label="x").parse(QueryDict("since_from=2026-03-01&since_to=2026-03-31"), WHO)
    assert value == (datetime(2026, 2, 28, 16, tzinfo=UTC), datetime(2026, 3, 31, 16, tzinfo=UTC))
    days = DayRangeFilter(key="since", label="x", of_days=True).parse(QueryDict("since_to=2026-03-31"), WHO)
    assert days == (None, date(2026, 4, 1))


def test_choices_take_only_what_is_offered() -> None:
    one = ChoiceFilter(key="s", label="x", choices=STATES)
    assert one.parse(QueryDict("s=on"), WHO) == "on"
    assert one.parse(QueryDict("s=evil"), WHO) is None
    assert AnyOfFilter(key="s", label="x", choices=lambda _actor: STATES).parse(QueryDict("s=on&s=evil&s=off"), WHO) == ["on", "off"]
    assert one.words("on", WHO) == "On"


@pytest.mark.parametrize(("query", "value"), [
    ("n_from=1,000&n_to=2", (Decimal(1000), Decimal(2))), ("n_from=abc", None), ("n_from=NaN", None), ("n_to=1e400", None), ("", None),
])
def test_number_ranges(query: str, value: object) -> None:
    assert NumberRangeFilter(key="n", label="x").parse(QueryDict(query), WHO) == value
