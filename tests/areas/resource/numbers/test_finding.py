"""Search by pattern: every walk finds what reading all numbers would find, and only in the actor's scope."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.areas.resource.numbers import planted
from tests.areas.resource.numbers.planted import DESK_CLERK, NOON, TESTER
from tongke.areas.resource import queries, services
from tongke.areas.resource.errors import WishRefused
from tongke.areas.resource.models import Number
from tongke.areas.resource.queries import NumberWish
from tongke.areas.resource.rules.grades import is_date_tail
from tongke.areas.resource.rules.searching import Walk, start_within, walk_for
from tongke.kernel.actor import acting
from tongke.kernel.ids import uuid7

DIGITS = "0123456789"


def fits(number: str, grade: str, wish: NumberWish) -> bool:
    """The same question, asked of one number in the plainest way."""
    local = number.removeprefix("+86")
    return (
        local.startswith(wish.head) and local.endswith(wish.tail) and all(part in local for part in wish.contains)
        and (not wish.mask or re.fullmatch(wish.mask.replace("*", "."), local) is not None)
        and not set(wish.without) & set(local[-8:]) and (not wish.plain or re.search(r"(\d)\1", local[-8:]) is None)
        and (not wish.birthday or (is_date_tail(local, "MMDD") if wish.birthday == "any" else local.endswith(wish.birthday)))
        and (not wish.grades or grade in wish.grades)
    )


wishes = st.builds(
    NumberWish, head=st.sampled_from(("", "1", "138", "13857", "1385700", "139")), tail=st.text(DIGITS, max_size=3),
    contains=st.lists(st.text("0157", min_size=1, max_size=5), max_size=2).map(tuple), mask=st.sampled_from(("", "138*****8*8", "1385****11*", "*******1234")),
    without=st.sampled_from(("", "4", "47")), plain=st.booleans(), birthday=st.sampled_from(("", "", "any", "0512")),
    grades=st.sampled_from(((), (), ("0",), ("1", "2"), ("3",))),
)


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wish=wishes)
def test_every_walk_finds_what_reading_all_would(wish: NumberWish) -> None:
    with acting(TESTER):
        if not Number.objects.exists():
            desk = planted.desk(6000)
            services.hold_number(desk.number(1234), by=DESK_CLERK, at=NOON)
        rows = Number.objects.filter(state="free").values_list("number", "grade")
        wanted = {number for number, grade in rows if fits(number, grade, wish)}
    found = queries.find_numbers(wish, most=200, by=DESK_CLERK, at=NOON)
    got = [f.number for f in found]
    assert len(got) == len(set(got))
    assert set(got) <= wanted
    assert len(got) == min(len(wanted), 200)


@pytest.mark.django_db
def test_found_numbers_tell_what_they_cost() -> None:
    planted.desk(1000)
    found, = queries.find_numbers(NumberWish(tail="0888"), by=DESK_CLERK, at=NOON)
    assert (found.grade, found.grade_name_zh, found.prestore, found.monthly_floor, found.term_months) == ("2", "二级", 2000, 188, 24)
    costs = queries.find_numbers(NumberWish(prestore_min=400, prestore_max=600), most=200, by=DESK_CLERK, at=NOON)
    assert {f.grade for f in costs} == {"3"}
    cheap = queries.find_numbers(NumberWish(prestore_max=600), most=200, by=DESK_CLERK, at=NOON)
    assert {f.grade for f in cheap} <= {"0", "3"}
    assert queries.find_numbers(NumberWish(prestore_min=99_999), by=DESK_CLERK, at=NOON) == []


@pytest.mark.django_db
def test_nothing_is_found_outside_ones_scope_pools_and_channels() -> None:
    desk = planted.desk(100, channels=("web",))
    asked = NumberWish(tail="7")
    assert queries.find_numbers(asked, by=planted.actor("zhaolei", org_id=3302), at=NOON) == []
    assert queries.find_numbers(asked, pool_id=desk.pool_id, by=planted.actor("zhaolei", org_id=3302), at=NOON) == []
    assert queries.find_numbers(asked, channel="sms", by=DESK_CLERK, at=NOON) == []
    assert queries.find_numbers(asked, pool_id=uuid7(), by=DESK_CLERK, at=NOON) == []
    assert len(queries.find_numbers(asked, channel="web", by=DESK_CLERK, at=NOON)) == 10
    assert len(queries.find_numbers(asked, by=planted.actor("province", org_id=33, scope=(33, 3301)), at=NOON)) == 10
    services.close_pool(pool_id=desk.pool_id, by=DESK_CLERK, at=NOON)
    assert queries.find_numbers(asked, by=DESK_CLERK, at=NOON + timedelta(seconds=1)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("wish", [NumberWish(), NumberWish(head="138"), NumberWish(without="4"), NumberWish(grades=("3",)), NumberWish(tail="7")])
def test_two_clerks_do_not_stand_before_the_same_numbers(wish: NumberWish) -> None:
    planted.desk(5000)
    seen = [tuple(f.number for f in queries.find_numbers(wish, most=5, by=DESK_CLERK, at=NOON)) for _clerk in range(12)]
    assert len(set(seen)) >= 6


@pytest.mark.parametrize(("wish", "part"), [
    (NumberWish(head="13a"), "head"), (NumberWish(tail="x"), "tail"), (NumberWish(contains=("1", "%")), "contains"),
    (NumberWish(mask="138***"), "mask"), (NumberWish(without="a"), "without"), (NumberWish(birthday="123"), "birthday"),
])
@pytest.mark.django_db
def test_what_is_no_pattern_is_named(wish: NumberWish, part: str) -> None:
    with pytest.raises(WishRefused) as refused:
        queries.find_numbers(wish, by=DESK_CLERK, at=NOON)
    assert refused.value.field == part


@pytest.mark.parametrize(("wish", "way"), [
    (NumberWish(tail="8888"), "tail"), (NumberWish(head="1385710"), "head"), (NumberWish(head="1385710", tail="888"), "head"),
    (NumberWish(head="138", tail="8888"), "tail"), (NumberWish(mask="138****8888"), "tail"), (NumberWish(contains=("5678",)), "gram"),
    (NumberWish(contains=("567",)), "grade"), (NumberWish(tail="8", contains=("5678",)), "gram"), (NumberWish(grades=("1",)), "grade"),
    (NumberWish(grades=("1",), tail="8"), "grade"), (NumberWish(birthday="0512"), "tail"), (NumberWish(without="4"), "grade"), (NumberWish(head="138", without="4"), "head"), (NumberWish(tail="8"), "tail"),
])
def test_the_walk_that_finds_soonest_is_chosen(wish: NumberWish, way: str) -> None:
    walk = walk_for(wish, grades=wish.grades or None)
    assert walk.way == way
    if way in ("head", "tail"):
        assert walk.lo <= start_within(walk, 123_456_789) < walk.hi


def test_a_walk_keeps_to_its_ends() -> None:
    walk = walk_for(NumberWish(head="0571-8765"))
    assert walk == Walk(way="head", lo="+865718765", hi="+865718766", shapes=("+865718765%",))
