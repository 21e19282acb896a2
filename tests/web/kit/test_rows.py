"""Paging by keyset: every row once, in order, forwards and backwards, whatever the ties and empty values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import staff
from tongke.areas.staff.models import Org
from tongke.kernel.actor import acting
from tongke.web.kit import rows
from tongke.web.kit.style import sample_rows

ASK = rows.Ask(actor=staff.TESTER, limit=2)


@given(st.one_of(st.none(), st.integers(), st.text(), st.datetimes(timezones=st.just(UTC)), st.dates(), st.decimals(allow_nan=False, allow_infinity=False), st.uuids()))
def test_a_cursor_comes_back_as_it_was_and_shows_nothing(value: object) -> None:
    key = UUID(int=7)
    text = rows.write_cursor((value, key))
    assert rows.read_cursor(text) == (value, key)
    if isinstance(value, str) and len(value) > 8:
        assert value not in text


@pytest.mark.parametrize("text", ["", "x", "AAAA", "é", "a" * 500, "=" * 9])
def test_a_forged_cursor_is_no_cursor(text: str) -> None:
    assert rows.read_cursor(text) is None


def walk(ask: rows.Ask, fetch: object) -> list[list[int]]:
    """Every screen from the first to the last."""
    screens, after = [], ""
    while True:
        found = rows.screen(fetch, replace(ask, cursor=rows.read_cursor(after)))  # type: ignore[arg-type]
        screens.append([r.id for r in found.rows])
        after = found.after
        if not after:
            return screens


@pytest.mark.django_db
@pytest.mark.parametrize("sort", ["", "name_zh", "kind", "parent"])
@pytest.mark.parametrize("descending", [False, True])
def test_every_row_once_and_back_again(sort: str, descending: bool) -> None:  # noqa: FBT001 - a parameter of the test
    staff.tree()
    ask = replace(ASK, sort=sort, descending=descending)
    with acting(staff.TESTER):
        fetch = lambda a: rows.queryset_rows(Org.objects.all(), a)  # noqa: E731
        screens = walk(ask, fetch)
        seen = [key for one in screens for key in one]
        order = [("-" if descending else "") + name for name in dict.fromkeys((sort or "pk", "pk"))]
        assert seen == [o.id for o in Org.objects.order_by(*order)]
        last = rows.screen(fetch, replace(ask, cursor=cursor_of(screens[-1][0], sort), backwards=True))
        assert [r.id for r in last.rows] == screens[-2]
        assert last.after


def cursor_of(key: int, sort: str) -> rows.Cursor:
    """The cursor that stands at one organisation."""
    org = Org.objects.get(id=key)
    return (None if not sort else org.parent_id if sort == "parent" else getattr(org, sort), key)


@pytest.mark.django_db
def test_a_screen_is_one_query_and_a_count_stops() -> None:
    staff.tree()
    with acting(staff.TESTER), CaptureQueriesContext(connection) as queries:
        rows.screen(lambda a: rows.queryset_rows(Org.objects.all(), a), replace(ASK, sort="name_zh"))
        assert rows.queryset_count(Org.objects.all()) == len(staff.TREE)
    assert len(queries) == 2
    assert f"LIMIT {rows.COUNT_BOUND + 1}" in queries[1]["sql"]


def test_a_place_that_is_gone_leads_to_the_beginning() -> None:
    found = rows.screen(sample_rows, replace(ASK, cursor=(None, 999_999)))
    assert [r.id for r in found.rows] == [1, 2]
    assert not found.before


def test_values_keep_their_types() -> None:
    for value in (Decimal("1.50"), date(2026, 3, 9), datetime(2026, 3, 9, tzinfo=UTC)):
        read = rows.read_cursor(rows.write_cursor((value, 1)))
        assert read is not None
        assert type(read[0]) is type(value)
