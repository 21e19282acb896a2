"""Lines that come in a file use their numbers already: those of our blocks leave the pools, and nobody's is taken from him."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from tests.areas.resource.numbers import planted
from tests.areas.resource.numbers.planted import DESK_CLERK, TESTER
from tests.exchange.conftest import PEOPLE_SOURCE, Load, record
from tongke.areas.inventory.models import Subscriber
from tongke.areas.resource import errors, services
from tongke.areas.resource.models import Number, NumberMove
from tongke.kernel import clock
from tongke.kernel.actor import Actor, acting
from tongke.kernel.ids import uuid7

pytestmark = pytest.mark.django_db
HEAD = "no,phone,state\n"
# The people's mapping with a state for each line.
LINES = PEOPLE_SOURCE.replace('name = "text"', 'phone = "text"\nstate = "text"') + (
    record("party", name="{no}") + record("customer", customer_no="T-{no}") + record("account", account_no="TA-{no}")
    + record("subscriber", account="{no}", kind="mobile", service_number="{phone}", state="{state}"))
People = Callable[..., Path]


@pytest.fixture
def desk() -> planted.Desk:
    return planted.desk(20, graded=False)


def row(number: str) -> Number:
    with acting(TESTER):
        return Number.objects.get(number=number)


def line(number: str, **more: str) -> UUID:
    with acting(TESTER):
        return Subscriber.objects.get(service_number=number, **more).id


def test_a_line_that_is_imported_takes_its_number_out_of_the_pool(load: Load, people: People, desk: planted.Desk) -> None:
    done = load(people(f"1,{desk.number(1)},active", f"2,{desk.number(2)},suspended", f"3,{desk.number(3)},terminated", "4,13100000000,active", head=HEAD), mapping=LINES)
    assert done.counts == (4, 4, 0, 0, 0)
    assert [(row(desk.number(n)).state, row(desk.number(n)).assigned_to) for n in (1, 2, 3)] == [
        ("assigned", line(desk.number(1))), ("assigned", line(desk.number(2))), ("free", None)]
    with pytest.raises(errors.NumberNotFree):
        services.hold_number(desk.number(1), by=DESK_CLERK, at=clock.now())
    with acting(TESTER):
        move = NumberMove.objects.filter(number_id=row(desk.number(1)).id).order_by("-id")[0]
    assert (move.verb, move.from_state, move.to_state, move.assigned_to) == ("take_over", "free", "assigned", line(desk.number(1)))
    assert load(people(f"1,{desk.number(1)},suspended", head=HEAD), mapping=LINES).counts == (1, 0, 1, 0, 0)  # it is its own
    assert row(desk.number(1)).assigned_to == line(desk.number(1))


def test_what_somebody_else_has_is_a_reject(load: Load, people: People, desk: planted.Desk) -> None:
    at = clock.now()
    services.hold_number(desk.number(1), by=DESK_CLERK, at=at)
    services.claim_number(number=desk.number(2), assigned_to=uuid7(), by=DESK_CLERK, at=at)
    services.block_number(number=desk.number(3), reason="for the mayor", by=DESK_CLERK, at=at)
    services.claim_number(number=desk.number(4), assigned_to=uuid7(), by=DESK_CLERK, at=at)
    services.release_number(number=desk.number(4), by=DESK_CLERK, at=at)
    before = [row(desk.number(n)).assigned_to for n in range(6)]
    done = load(people(*(f"{n},{desk.number(n)},active" for n in range(1, 6)), head=HEAD), mapping=LINES)
    assert done.rejects == [(n + 1, "phone", "IMP-82") for n in range(1, 5)]
    assert [row(desk.number(n)).assigned_to for n in range(5)] == before[:5]
    assert [row(desk.number(n)).state for n in range(1, 6)] == ["held", "assigned", "blocked", "cooling", "assigned"]


def test_a_number_of_another_network_is_a_reject(load: Load, people: People, desk: planted.Desk) -> None:
    """Whoever imports for Ningbo does not take what Hangzhou sells; nothing else of it is told."""
    ningbo = Actor(name="zhaolei", org_id=3302, scope=(3302,), permissions=frozenset({"*"}))
    done = load(people(f"1,{desk.number(1)},active", head=HEAD), mapping=LINES, by=ningbo, org_id=3302)
    assert done.rejects == [(2, "phone", "IMP-82")]
    assert row(desk.number(1)).state == "free"


def test_a_number_goes_on_with_the_line_that_has_it_after_one_that_ended(load: Load, people: People, desk: planted.Desk) -> None:
    load(people(f"1,{desk.number(1)},active", head=HEAD), mapping=LINES)
    first = line(desk.number(1))
    load(people(f"1,{desk.number(1)},terminated", head=HEAD), mapping=LINES)
    assert row(desk.number(1)).assigned_to == first  # who left is asked for in its cooling, not here
    assert load(people(f"2,{desk.number(1)},active", head=HEAD), mapping=LINES).counts == (1, 1, 0, 0, 0)
    assert row(desk.number(1)).assigned_to == line(desk.number(1), state="active") != first
    with acting(TESTER):
        assert NumberMove.objects.filter(number_id=row(desk.number(1)).id).order_by("-id")[0].verb == "pass_on"


def test_what_a_clerk_was_quicker_with_is_not_taken(desk: planted.Desk) -> None:
    """Between the look and the writing: the database refuses, and takes none of them."""
    hold = services.hold_number(desk.number(1), by=DESK_CLERK, at=clock.now())
    with pytest.raises(IntegrityError, match="not free for this line"), transaction.atomic():
        services.take_numbers([(desk.number(2), uuid7()), (desk.number(1), uuid7())], by=TESTER, at=clock.now())
    assert (row(desk.number(1)).hold_id, row(desk.number(2)).state) == (hold.token, "free")
