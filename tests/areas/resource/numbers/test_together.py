"""Many at once: two hundred at a hundred numbers, quotas, confirmations against takeovers (T1, T2)."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from tests.areas.resource.numbers import planted
from tests.areas.resource.numbers.planted import DESK_CLERK, NOON, TESTER
from tests.running.installation import MEND_SECONDS_MAX, wait_for
from tongke.areas.resource import errors, queries, services
from tongke.areas.resource.models import Number, NumberHold
from tongke.kernel.actor import acting
from tongke.kernel.errors import Refused, RulesBroken
from tongke.kernel.ids import uuid7

pytestmark = pytest.mark.django_db(transaction=True)
# The tests' server takes so many connections beside those of its neighbours.
CONNECTED = threading.BoundedSemaphore(30)


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run every call in a thread of its own, all let go at one moment; returns what each gave or was refused with."""
    barrier = threading.Barrier(len(calls))

    def one(call: Callable[[], Any]) -> Any:
        barrier.wait()
        with CONNECTED:
            try:
                return call()
            except Refused as refusal:
                return refusal
            finally:
                connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


@pytest.mark.parametrize("way", ["pool", "wish", "number"])
def test_two_hundred_at_a_hundred_numbers(way: str) -> None:
    desk = planted.desk(100, graded=False)
    asks: dict[str, Callable[[int], dict[str, Any]]] = {
        "pool": lambda _n: {"pool_id": desk.pool_id}, "wish": lambda _n: {"wish": services.NumberWish(head="138")},
        "number": lambda n: {"number": desk.number(n % 100)},
    }
    got = at_once([
        lambda n=n: services.hold_number(**asks[way](n), by=planted.actor(f"clerk{n}"), at=NOON) for n in range(200)])  # type: ignore[misc]  # bound now
    won = [g for g in got if isinstance(g, services.Hold)]
    # Of those who look first, one whose candidates were all taken meanwhile looks again.
    while way == "wish" and len(won) < 100:
        won.append(services.hold_number(**asks[way](0), by=planted.actor(f"late{len(won)}"), at=NOON))
    assert len(won) == 100
    assert len({hold.number for hold in won}) == 100
    with acting(TESTER):
        assert Counter(Number.objects.values_list("state", flat=True)) == {"held": 100}
        assert NumberHold.objects.filter(state="open").count() == 100
        by_hold = dict(Number.objects.values_list("hold_id", "number"))
    assert {hold.token: hold.number for hold in won} == by_hold


def test_a_clerks_and_a_persons_quota_hold_under_a_rush() -> None:
    desk = planted.desk(200, graded=False)
    services.set_number_figure(name="number_holds_per_clerk_max", value=7, reason="x", by=TESTER, at=NOON)
    got = at_once([lambda: services.hold_number(pool_id=desk.pool_id, by=planted.actor("limin"), at=NOON)] * 40)
    assert Counter(type(g) for g in got) == {services.Hold: 7, errors.ClerkQuotaReached: 33}
    got = at_once([lambda n=n: services.hold_number(pool_id=desk.pool_id, person_key="P", by=planted.actor(f"c{n}"), at=NOON) for n in range(40)])  # type: ignore[misc]  # bound now
    assert Counter(type(g) for g in got) == {services.Hold: 5, errors.PersonQuotaReached: 35}


def test_one_key_in_a_rush_is_one_hold() -> None:
    desk = planted.desk(50, graded=False)
    got = at_once([lambda: services.hold_number(pool_id=desk.pool_id, idempotency_key="k", by=planted.actor("limin"), at=NOON)] * 30)
    assert len({g.token for g in got}) == 1
    assert sum(not g.repeated for g in got) == 1


def test_a_late_confirmation_and_a_takeover_meet() -> None:
    """Whoever comes first has the number; the other is told. Nobody waits for ever."""
    desk = planted.desk(20, graded=False)
    holds = [services.hold_number(desk.number(n), by=planted.actor(f"c{n}"), at=NOON) for n in range(20)]
    late = holds[0].expires_at + timedelta(seconds=1)
    confirm = [lambda h=h: services.confirm_hold(token=h.token, assigned_to=uuid7(), by=DESK_CLERK, at=late) for h in holds]  # type: ignore[misc]  # bound now
    take = [lambda h=h: services.hold_number(h.number, by=planted.actor(f"t{h.number}"), at=late) for h in holds]  # type: ignore[misc]  # bound now
    sweep = [lambda: services.sweep_numbers(by=TESTER, at=late)] * 3
    got = at_once([*confirm, *take, *sweep])
    with acting(TESTER):
        states = dict(Number.objects.values_list("number", "state"))
    for at, hold in enumerate(holds):
        confirmed, taken = got[at], got[20 + at]
        assert isinstance(confirmed, services.Assignment) != isinstance(taken, services.Hold)
        assert states[hold.number] == ("assigned" if isinstance(confirmed, services.Assignment) else "held")
        assert isinstance(confirmed, services.Assignment | errors.HoldTaken)
        assert isinstance(taken, services.Hold | errors.NumberNotFree)


def test_two_confirmations_of_one_hold_give_it_to_one_line() -> None:
    desk = planted.desk(5, graded=False)
    hold = services.hold_number(desk.number(1), by=DESK_CLERK, at=NOON)
    got = at_once([lambda: services.confirm_hold(token=hold.token, assigned_to=uuid7(), by=DESK_CLERK, at=NOON)] * 12)
    assert Counter(type(g) for g in got) == {services.Assignment: 1, errors.HoldEnded: 11}


def test_two_blocks_recorded_at_once_do_not_overlap() -> None:
    planted.desk(1, graded=False)
    got = at_once([
        lambda n=n: services.record_block(code=f"X{n}", kind="mobile", first=8613900000000 + n, last=8613900000099 + n, org_id=33, by=TESTER, at=NOON)  # type: ignore[misc]
        for n in range(10)])
    assert Counter(type(g).__name__ for g in got) == {"UUID": 1, "BlocksOverlap": 9}


@pytest.mark.parametrize("what", ["range", "block", "allotment"])
def test_a_number_that_is_taken_at_this_moment_keeps_its_range(what: str, owner_connection: Any) -> None:
    """A hold that is not committed yet is seen by nobody who counts; who ends the range waits for it and then refuses."""
    desk = planted.desk(3, graded=False)
    with acting(TESTER):
        (allotment,) = queries.allotments_of_pool(desk.pool_id, by=TESTER)
    ends: dict[str, Callable[[], Any]] = {
        "range": lambda: services.take_range_back(range_id=desk.range_id, by=TESTER, at=NOON),
        "block": lambda: services.end_block(block_id=desk.block_id, by=TESTER, at=NOON),
        "allotment": lambda: services.end_allotment(allotment_id=allotment.id, by=TESTER, at=NOON),
    }
    with ThreadPoolExecutor(1) as pool:
        with acting(DESK_CLERK), transaction.atomic():
            services.hold_number(desk.number(1), by=DESK_CLERK, at=NOON)
            ended = pool.submit(lambda: at_once([ends[what]])[0])
            _until_somebody_waits(owner_connection)
        refusal = ended.result()
    assert isinstance(refusal, RulesBroken)
    assert [b.code for b in refusal.broken] == ["RES-23"]
    with acting(TESTER):
        row = Number.objects.get(number=desk.number(1))
    assert (row.state, row.pool_id) == ("held", desk.pool_id)


def _until_somebody_waits(owner: Any) -> None:
    waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    wait_for(lambda: owner.execute(waiting).fetchall(), MEND_SECONDS_MAX, "somebody waits")
