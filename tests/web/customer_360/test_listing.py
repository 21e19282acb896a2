"""The list of customers: filters, orders, pages, scope."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.factories import party, staff
from tongke.areas.party.models import Customer
from tongke.areas.party.queries import lists
from tongke.areas.party.queries.lists import SORTS, CustomerFilter, customer_count, customer_lines
from tongke.kernel.actor import Actor, acting, system_actor

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("test")
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def people() -> list[Any]:
    """Twelve customers of Hangzhou and one of Ningbo, with differing levels and values."""
    staff.tree()
    made = [party.customer(name, at=NOON + timedelta(minutes=at)) for at, name in enumerate(
        ("安一", "白二", "陈三", "丁四", "方五", "郭六", "何七", "江八", "孔九", "李十", "马甲", "牛乙"))]
    party.customer("宁波人", by=party.clerk(org_id=3302))
    with acting(SYSTEM):
        for at, one in enumerate(made):
            Customer.objects.filter(id=one.customer_id).update(
                level="gold" if at % 2 else "standard", value_score=Decimal(at * 7 % 12), since_on=date(2026, 1, 1 + at))
    return made


def read(by: Actor, wanted: CustomerFilter = CustomerFilter(), **more: Any) -> list[str]:  # noqa: B008 - frozen
    """Return the names of one screen."""
    with acting(by):
        return [line.name for line in customer_lines(wanted, by=by, **more)]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("falling", [True, False])
@pytest.mark.parametrize("few", [True, False])
def test_pages_follow_each_other_without_gap_or_double(people: list[Any], sort: str, falling: bool, few: bool) -> None:  # noqa: FBT001 - parametrised
    by = party.clerk()
    count = 1 if few else lists.FEW + 1
    everything = read(by, sort=sort, falling=falling, count=count, limit=50)
    assert len(everything) == 12
    seen: list[str] = []
    after = None
    for _page in range(4):
        with acting(by):
            lines = customer_lines(CustomerFilter(), sort=sort, falling=falling, after=after, limit=5, count=count, by=by)
        if not lines:
            break
        seen += [line.name for line in lines]
        after = (getattr(lines[-1], sort), lines[-1].id)
    assert seen == everything


def test_both_ways_of_reading_give_the_same_lines(people: list[Any]) -> None:
    by = party.clerk()
    for sort in SORTS:
        for wanted in (CustomerFilter(), CustomerFilter(levels=["gold"]), CustomerFilter(states=["active"], segments=["residential"])):
            assert read(by, wanted, sort=sort, count=1) == read(by, wanted, sort=sort, count=lists.FEW + 1)


def test_filters_narrow_and_the_count_agrees(people: list[Any]) -> None:
    by = party.clerk()
    for wanted, expected in (
        (CustomerFilter(levels=["gold"]), 6), (CustomerFilter(orgs=[3302]), 0), (CustomerFilter(orgs=[3301]), 12),
        (CustomerFilter(since=(date(2026, 1, 3), date(2026, 1, 6))), 3), (CustomerFilter(states=["left"]), 0),
    ):
        assert len(read(by, wanted)) == expected
        with acting(by):
            assert customer_count(wanted, by=by) == expected


def test_scope_holds(people: list[Any]) -> None:
    assert read(party.clerk(org_id=3302)) == ["宁波人"]
    assert read(party.clerk(org_id=3303)) == []


def test_the_page_lists_and_sorts() -> None:
    client = staff.signed_in(staff.person(roles=("clerk",)))
    for name in ("王芳", "安然"):
        party.customer(name)
    page = client.get("/customers", {"sort": "name"}).content.decode()
    assert page.index("安然") < page.index("王芳")
    assert client.get("/customers", {"sort": "nonsense", "level": "x", "org": "'", "after": "zzz"}).status_code == 200
