"""Blocks, ranges and pools: dated, never overlapping, never across organisations (D1)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.areas.resource.numbers import planted
from tests.areas.resource.numbers.planted import DESK_CLERK, NOON, PROVINCE_DESK, TESTER
from tests.factories import staff as make
from tongke.areas.resource import errors, services
from tongke.areas.resource.models import Number, NumberAllotment, NumberBlock, NumberPool, NumberRange
from tongke.areas.resource.services import PoolChange
from tongke.kernel.actor import acting
from tongke.kernel.errors import Conflict, Invalid, NotFound, RulesBroken
from tongke.kernel.ids import uuid7
from tongke.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db
FIRST = 8613900000000


def block(code: str = "B-A", first: int = FIRST, size: int = 10_000, **more: object) -> object:
    facts: dict[str, object] = {"kind": "mobile", "org_id": 33, "by": PROVINCE_DESK, "at": NOON} | more
    return services.record_block(code=code, first=first, last=first + size - 1, **facts)  # type: ignore[arg-type]  # made in one place


def codes(refused: pytest.ExceptionInfo[RulesBroken]) -> list[str]:
    return [b.code for b in refused.value.broken]


@pytest.mark.parametrize(("first", "size"), [(FIRST, 10_000), (FIRST + 9_999, 1), (FIRST - 5, 6), (FIRST + 10, 20), (FIRST - 5, 20_000)])
def test_overlapping_blocks_are_refused_and_the_other_is_named(first: int, size: int) -> None:
    make.tree()
    block()
    for org, by in ((33, PROVINCE_DESK), (32, planted.actor("js", org_id=32, scope=(32, 3201), rights=planted.DESK))):
        with pytest.raises(errors.BlocksOverlap) as refused:
            block("B-B", first, size, org_id=org, by=by)
        assert "B-A" in refused.value.message
        assert str(FIRST) in refused.value.message


def test_the_database_itself_refuses_an_overlap() -> None:
    make.tree()
    block()
    with acting(TESTER), pytest.raises(IntegrityError, match="number_block_apart"), transaction.atomic():
        NumberBlock.objects.create(org_id=32, code="B-B", kind="mobile", first=FIRST, last=FIRST, valid_from=NOON, created_at=NOON, changed_at=NOON)


def test_after_its_end_a_blocks_numbers_may_come_again() -> None:
    make.tree()
    first = block()
    services.end_block(block_id=first, by=PROVINCE_DESK, at=NOON + timedelta(days=1))  # type: ignore[arg-type]  # made in one place
    with pytest.raises(errors.CodeTaken):
        block(at=NOON + timedelta(days=1))
    block("B-B", at=NOON + timedelta(days=1))


@pytest.mark.parametrize(("facts", "code"), [
    ({"first": FIRST, "last": FIRST - 1}, "RES-05"), ({"first": FIRST, "last": FIRST * 10}, "RES-05"), ({"org_id": 32}, "RES-30"),
    ({"source": "donor"}, "RES-06"), ({"donor": "联通"}, "RES-06"), ({"valid_until": NOON}, "RES-32"), ({"code": " "}, "RES-33"),
])
def test_a_block_that_cannot_be_is_refused(facts: dict[str, object], code: str) -> None:
    make.tree()
    good: dict[str, object] = {"code": "B", "kind": "mobile", "first": FIRST, "last": FIRST + 9, "org_id": 33, "by": PROVINCE_DESK, "at": NOON}
    with pytest.raises(RulesBroken) as refused:
        services.record_block(**good | facts)  # type: ignore[arg-type]  # a table of facts
    assert codes(refused) == [code]


def test_numbers_are_read_as_people_write_them() -> None:
    make.tree()
    made = services.record_block(code="B", kind="fixed", first="0571-87650000", last="+86 571 87659999", org_id=33, by=PROVINCE_DESK, at=NOON)
    with acting(TESTER):
        row = NumberBlock.objects.get(id=made)
        assert (row.first, row.last) == (8657187650000, 8657187659999)
        assert OutboxEvent.objects.get(name="resource.number_block_recorded.v1").payload["code"] == "B"
    with pytest.raises(Invalid):
        services.record_block(code="C", kind="fixed", first="x", last="y", org_id=33, by=PROVINCE_DESK, at=NOON)


def test_ranges_go_down_the_tree() -> None:
    make.tree()
    block(org_id=1, by=TESTER)
    province = services.give_range(first=FIRST, last=FIRST + 4_999, org_id=33, by=TESTER, at=NOON)
    network = services.give_range(first=FIRST, last=FIRST + 999, org_id=3301, by=PROVINCE_DESK, at=NOON)
    with acting(TESTER):
        row = NumberRange.objects.get(id=network)
        assert (row.parent_id, row.level) == (province, 3)


@pytest.mark.parametrize(("first", "last", "org_id", "code"), [
    (FIRST + 4_000, FIRST + 5_500, 3301, "RES-07"),  # partly what another network has: Zhejiang has not all of it
    (FIRST + 9_990, FIRST + 10_100, 33, "RES-07"),  # beyond the block
    (FIRST, FIRST + 9, 3201, "RES-30"),  # another province's network, outside the actor's scope
])
def test_nobody_gives_what_they_have_not_or_outside_their_organisation(first: int, last: int, org_id: int, code: str) -> None:
    make.tree()
    block(org_id=33)
    if code == "RES-07" and org_id == 3301:
        services.end_block(block_id=_only_block(), by=PROVINCE_DESK, at=NOON + timedelta(hours=1))
        block("B-1", FIRST, 5_000, at=NOON + timedelta(hours=1))
        block("B-2", FIRST + 5_000, 5_000, at=NOON + timedelta(hours=1))
    with pytest.raises(RulesBroken) as refused:
        services.give_range(first=first, last=last, org_id=org_id, by=PROVINCE_DESK, at=NOON + timedelta(hours=1))
    assert code in codes(refused)


def _only_block() -> object:
    with acting(TESTER):
        return NumberBlock.objects.get().id


def test_across_provinces_is_refused_also_to_the_group() -> None:
    make.tree()
    block(org_id=33)
    with pytest.raises(RulesBroken) as refused:
        services.give_range(first=FIRST, last=FIRST + 9, org_id=3201, by=TESTER, at=NOON)
    assert codes(refused) == ["RES-08"]
    with acting(TESTER), pytest.raises(IntegrityError, match="tree"), transaction.atomic():
        NumberRange.objects.create(org_id=3201, block_id=_only_block(), level=3, first=FIRST, last=FIRST, valid_from=NOON, created_at=NOON, changed_at=NOON)


def test_two_networks_never_have_the_same_numbers() -> None:
    make.tree()
    block()
    services.give_range(first=FIRST, last=FIRST + 999, org_id=3301, by=PROVINCE_DESK, at=NOON)
    with pytest.raises(errors.RangesOverlap) as refused:
        services.give_range(first=FIRST + 999, last=FIRST + 1_999, org_id=3302, by=PROVINCE_DESK, at=NOON)
    assert "杭州" in refused.value.message or "Hangzhou" in refused.value.message
    with pytest.raises(NotFound):
        services.give_range(first=FIRST + 50_000, last=FIRST + 50_009, org_id=3302, by=PROVINCE_DESK, at=NOON)


def test_a_range_is_taken_back_and_goes_to_another_network() -> None:
    desk = planted.desk(20)
    services.claim_number(number=desk.number(3), assigned_to=desk.pool_id, by=DESK_CLERK, at=NOON)
    with pytest.raises(RulesBroken) as refused:
        services.take_range_back(range_id=desk.range_id, by=PROVINCE_DESK, at=NOON)
    assert codes(refused) == ["RES-23"]
    later = NOON + timedelta(days=91)
    services.release_number(number=desk.number(3), by=DESK_CLERK, at=NOON)
    services.sweep_numbers(by=TESTER, at=later)
    services.take_range_back(range_id=desk.range_id, by=PROVINCE_DESK, at=later)
    services.give_range(first=desk.first, last=desk.first + 19, org_id=3302, by=PROVINCE_DESK, at=later)
    pool = services.open_pool(code="NB", name_zh="宁波", kind="mobile", org_id=3302, by=PROVINCE_DESK, at=later)
    services.allot_range(pool_id=pool, first=desk.first, last=desk.first + 19, by=PROVINCE_DESK, at=later)
    with acting(TESTER):
        rows = Number.objects.filter(block_id=desk.block_id)
        assert Counter(rows.values_list("org_id", "pool_id", "state")) == {(3302, pool, "free"): 20}


def test_a_pool_sells_what_its_own_organisation_has() -> None:
    desk = planted.desk(20)
    ningbo = services.open_pool(code="NB", name_zh="宁波", kind="mobile", org_id=3302, by=PROVINCE_DESK, at=NOON)
    fixed = services.open_pool(code="FX", name_zh="固话", kind="fixed", org_id=3301, by=PROVINCE_DESK, at=NOON)
    for call in (services.allot_range, services.move_range):
        with pytest.raises(RulesBroken) as refused:
            call(pool_id=ningbo, first=desk.first, last=desk.first + 9, by=PROVINCE_DESK, at=NOON)
        assert codes(refused) == ["RES-09"]
        with pytest.raises(RulesBroken) as refused:
            call(pool_id=fixed, first=desk.first, last=desk.first + 9, by=PROVINCE_DESK, at=NOON)
        assert codes(refused) == ["RES-20"]
    with acting(TESTER), pytest.raises(IntegrityError, match="number_in_pool_of_org"), transaction.atomic():
        Number.objects.filter(number=desk.number(1)).update(pool_id=ningbo)


def test_numbers_feed_one_pool_and_are_split_between_pools() -> None:
    desk = planted.desk(30)
    web = services.open_pool(code="WEB", name_zh="网厅", kind="mobile", org_id=3301, channels=("web",), by=DESK_CLERK, at=NOON)
    with pytest.raises(errors.AllotmentsOverlap) as refused:
        services.allot_range(pool_id=web, first=desk.first, last=desk.first + 4, by=DESK_CLERK, at=NOON)
    assert "P" in refused.value.message
    hold = services.hold_number(desk.number(12), by=DESK_CLERK, at=NOON)
    assert services.move_range(pool_id=web, first=desk.first + 10, last=desk.first + 19, by=DESK_CLERK, at=NOON) == 10
    with acting(TESTER):
        held = NumberAllotment.objects.filter(valid_until=None).order_by("first").values_list("first", "last", "pool_id")
        assert list(held) == [(desk.first, desk.first + 9, desk.pool_id), (desk.first + 10, desk.first + 19, web), (desk.first + 20, desk.first + 29, desk.pool_id)]
        assert Number.objects.filter(pool_id=web).count() == 10
    services.confirm_hold(token=hold.token, assigned_to=web, by=DESK_CLERK, at=NOON)
    with acting(TESTER):
        assert Number.objects.get(number=desk.number(12)).pool_id == web


def test_what_is_not_allotted_is_not_sold() -> None:
    desk = planted.desk(10)
    with acting(TESTER):
        allotment = NumberAllotment.objects.get().id
    services.end_allotment(allotment_id=allotment, by=DESK_CLERK, at=NOON)
    with pytest.raises(errors.NumberNotFree):
        services.hold_number(desk.number(1), by=DESK_CLERK, at=NOON)
    services.allot_range(pool_id=desk.pool_id, first=desk.first, last=desk.first + 9, by=DESK_CLERK, at=NOON)
    services.hold_number(desk.number(1), by=DESK_CLERK, at=NOON)


def test_numbers_that_come_back_after_their_allotment_ended_are_not_sold() -> None:
    """Cooling, in use, kept back or blocked when it ended: none of them comes into the pool again but by a new allotment."""
    desk = planted.desk(10)
    cooling, used, kept, blocked = (desk.number(at) for at in (1, 3, 5, 7))
    for number in (cooling, used):
        services.claim_number(number=number, assigned_to=uuid7(), by=DESK_CLERK, at=NOON)
    services.release_number(number=cooling, by=DESK_CLERK, at=NOON)
    services.reserve_number(number=kept, reason="fair", by=DESK_CLERK, at=NOON)
    services.block_number(number=blocked, reason="complaint", by=DESK_CLERK, at=NOON)
    with acting(TESTER):
        allotment = NumberAllotment.objects.get().id
    services.end_allotment(allotment_id=allotment, by=DESK_CLERK, at=NOON)
    later = NOON + timedelta(days=200)
    services.release_number(number=used, by=DESK_CLERK, at=NOON)
    services.unreserve_number(number=kept, by=DESK_CLERK, at=NOON)
    services.sweep_numbers(by=TESTER, at=later)
    with pytest.raises(errors.NoNumberLeft):
        services.hold_number(pool_id=desk.pool_id, by=DESK_CLERK, at=later)
    for number in (cooling, used, kept):
        with pytest.raises(errors.PoolClosed):
            services.hold_number(number, by=DESK_CLERK, at=later)
    services.allot_range(pool_id=desk.pool_id, first=desk.first, last=desk.first + 9, by=DESK_CLERK, at=later)
    with acting(TESTER):
        states = Counter(Number.objects.filter(pool_id=desk.pool_id).values_list("state", flat=True))
        assert (states, Number.objects.get(number=blocked).note) == ({"free": 9, "blocked": 1}, "complaint")
    services.hold_number(cooling, by=DESK_CLERK, at=later)


def test_a_donors_numbers_fill_no_pool() -> None:
    make.tree()
    block("D", source="donor", donor="联通")
    services.give_range(first=FIRST, last=FIRST + 9, org_id=3301, by=PROVINCE_DESK, at=NOON)
    pool = services.open_pool(code="P", name_zh="池", kind="mobile", org_id=3301, by=PROVINCE_DESK, at=NOON)
    with pytest.raises(RulesBroken) as refused:
        services.allot_range(pool_id=pool, first=FIRST, last=FIRST + 9, by=PROVINCE_DESK, at=NOON)
    assert codes(refused) == ["RES-35"]


def test_a_pool_is_changed_once_at_a_time() -> None:
    desk = planted.desk(1)
    assert services.change_pool(pool_id=desk.pool_id, version=1, change=PoolChange(channels=("web",), dry_below=5), by=DESK_CLERK, at=NOON) == 2
    with pytest.raises(Conflict):
        services.change_pool(pool_id=desk.pool_id, version=1, change=PoolChange(dry_below=6), by=DESK_CLERK, at=NOON)
    with acting(TESTER):
        pool = NumberPool.objects.get(id=desk.pool_id)
        assert (pool.channels, pool.dry_below, pool.name_zh) == (["web"], 5, "普通号池")
    with pytest.raises(errors.CodeTaken):
        services.open_pool(code=pool.code, name_zh="again", kind="mobile", org_id=3301, by=DESK_CLERK, at=NOON)


@pytest.mark.parametrize("statement", [
    "UPDATE resource_policy SET value = '9999' WHERE org_id = 1", "DELETE FROM resource_policy WHERE org_id = 1",
])
def test_a_network_does_not_set_the_operators_figures(statement: str) -> None:
    planted.desk(1)
    with acting(DESK_CLERK), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 0
        cursor.execute("SELECT count(*) FROM resource_policy WHERE org_id = 1")
        assert cursor.fetchone()[0] > 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            cursor.execute(
                "INSERT INTO resource_policy (id, org_id, name, value, valid_from, reason, set_by)"
                " VALUES (tongke_uuid7(), 1, 'number_cooling_days', '1', '2030-01-01', 'x', 'x')")
