"""A number's life after its sale: suspended, released, cooling, ported, returned (T3, T4)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tests.areas.resource.numbers import planted
from tests.areas.resource.numbers.planted import DESK_CLERK, NOON, PROVINCE_DESK, TESTER
from tests.factories import staff as make
from tongke.areas.resource import errors, services
from tongke.areas.resource.models import Number, NumberCommitment, NumberMove
from tongke.areas.resource.states import NUMBER, NumberState
from tongke.kernel.actor import acting
from tongke.kernel.errors import NotFound, RulesBroken
from tongke.kernel.ids import uuid7
from tongke.kernel.machine import IllegalMove
from tongke.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db
COOLED = NOON + timedelta(days=90)


def row(number: str) -> Number:
    with acting(TESTER):
        return Number.objects.select_related("block").get(number=number)


def sold(desk: planted.Desk, at: int) -> UUID:
    line = uuid7()
    services.claim_number(number=desk.number(at), assigned_to=line, by=DESK_CLERK, at=NOON)
    return line


def test_the_databases_table_of_moves_is_the_declared_one() -> None:
    declared = {(start.value, NumberState(end).value) for starts, end in NUMBER.moves.values() for start in starts if start != end}
    with connection.cursor() as cursor:
        cursor.execute("SELECT a, b FROM unnest(%(s)s::text[]) a, unnest(%(s)s::text[]) b WHERE resource_number_may_go(a, b)", {"s": NumberState.values})
        assert set(cursor.fetchall()) == declared


@pytest.mark.parametrize("ends", ["now()", "NULL", "cooling_until - interval '1 microsecond'"])
def test_the_end_of_a_cooling_is_not_moved_forward_by_anybody(ends: str) -> None:
    desk = planted.desk(10)
    sold(desk, 1)
    services.release_number(number=desk.number(1), by=DESK_CLERK, at=NOON)
    with acting(TESTER), connection.cursor() as cursor:
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(f"UPDATE resource_number SET cooling_until = {ends} WHERE state = 'cooling'")
        cursor.execute("UPDATE resource_number SET cooling_until = cooling_until + interval '1 day' WHERE state = 'cooling'")
        assert cursor.rowcount == 1


@pytest.mark.parametrize("call", [
    "resource_end_expired((SELECT n FROM resource_number n LIMIT 1), 'x', now())",
    "resource_note_move((SELECT n FROM resource_number n LIMIT 1), 'hold', 'free', 'held', NULL, '', 'x', now())",
])
def test_what_writes_past_the_scope_is_not_called_by_the_application(call: str) -> None:
    planted.desk(1)
    with acting(DESK_CLERK), connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        cursor.execute(f"SELECT {call}")


def test_from_sale_to_the_next_sale() -> None:
    desk = planted.desk(10)
    line, number = sold(desk, 1), desk.number(1)
    services.suspend_number(number=number, reason="arrears", by=DESK_CLERK, at=NOON)
    assert row(number).assigned_to == line
    services.resume_number(number=number, by=DESK_CLERK, at=NOON)
    done = services.release_number(number=number, reason="moved away", by=DESK_CLERK, at=NOON)
    assert (done.cooling_until, done.penalty) == (COOLED, None)
    with pytest.raises(errors.NumberNotFree):
        services.hold_number(number, by=DESK_CLERK, at=COOLED)
    assert services.sweep_numbers(by=TESTER, at=COOLED - timedelta(microseconds=1)).cooled == 0
    assert services.sweep_numbers(by=TESTER, at=COOLED).cooled == 1
    services.hold_number(number, by=DESK_CLERK, at=COOLED)
    with acting(TESTER):
        moves = NumberMove.objects.filter(number_id=row(number).id).order_by("at", "id").values_list("verb", flat=True)
        assert list(moves) == ["enter", "hold", "assign", "suspend", "resume", "release", "cool", "free", "hold"]
        told = OutboxEvent.objects.filter(subject_id=row(number).id).order_by("occurred_at", "id").values_list("name", flat=True)
        assert [name.split(".")[1] for name in told] == [
            "number_held", "number_assigned", "number_suspended", "number_resumed", "number_released", "number_freed", "number_held"]


def test_cooling_is_never_cut_short_whoever_writes() -> None:
    desk = planted.desk(10)
    sold(desk, 1)
    services.release_number(number=desk.number(1), by=DESK_CLERK, at=NOON)
    with pytest.raises(errors.CoolingNotOver):
        services.free_number(number=desk.number(1), by=DESK_CLERK, at=COOLED - timedelta(seconds=1))
    with pytest.raises(errors.CoolingNotOver):
        services.reassign_number(number=desk.number(1), assigned_to=uuid7(), by=DESK_CLERK, at=NOON)
    with acting(TESTER), pytest.raises(IntegrityError, match="cooling"), transaction.atomic():
        Number.objects.filter(number=desk.number(1)).update(state="free", cooling_until=None, changed_at=COOLED - timedelta(seconds=1))
    services.free_number(number=desk.number(1), by=DESK_CLERK, at=COOLED)
    assert row(desk.number(1)).state == "free"


@pytest.mark.parametrize(("start", "end"), [("free", "assigned"), ("free", "cooling"), ("assigned", "free"), ("held", "cooling"), ("cooling", "held")])
def test_the_database_refuses_moves_that_there_are_not(start: str, end: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT resource_number_may_go(%s, %s)", [start, end])
        assert cursor.fetchone() == (False,)
    desk = planted.desk(2)
    with acting(TESTER), pytest.raises(IntegrityError), transaction.atomic():
        Number.objects.filter(number=desk.number(1)).update(state="assigned", assigned_to=uuid7())


def test_only_the_former_line_has_its_number_back_before() -> None:
    desk = planted.desk(10)
    line = sold(desk, 1)
    services.release_number(number=desk.number(1), by=DESK_CLERK, at=NOON)
    services.reassign_number(number=desk.number(1), assigned_to=line, reason="by mistake", by=DESK_CLERK, at=NOON + timedelta(days=3))
    kept = row(desk.number(1))
    assert (kept.state, kept.assigned_to, kept.cooling_until) == ("assigned", line, None)


def test_cooling_may_begin_later_than_the_release() -> None:
    desk = planted.desk(10)
    sold(desk, 1)
    assert services.release_number(number=desk.number(1), cool=False, by=DESK_CLERK, at=NOON).cooling_until is None
    assert row(desk.number(1)).state == "released"
    assert services.cool_number(number=desk.number(1), by=DESK_CLERK, at=NOON + timedelta(days=2)) == COOLED + timedelta(days=2)


def test_leaving_a_fine_number_early_costs_what_was_promised() -> None:
    desk = planted.desk(1000)
    sold(desk, 888)
    leaves = NOON + timedelta(days=61)  # 22 January: December and January are charged, 22 months remain
    with pytest.raises(errors.CommitmentRuns) as refused:
        services.release_number(number=desk.number(888), by=DESK_CLERK, at=leaves)
    assert refused.value.values["penalty"] == 22 * 188 * Decimal("0.9") // 1 == 3722
    assert row(desk.number(888)).state == "assigned"
    with pytest.raises(errors.CommitmentRuns):
        services.release_number(number=desk.number(888), penalty_agreed=Decimal(1), by=DESK_CLERK, at=leaves)
    done = services.release_number(number=desk.number(888), penalty_agreed=Decimal(3722), by=DESK_CLERK, at=leaves)
    assert done.penalty == 3722
    with acting(TESTER):
        kept = NumberCommitment.objects.get()
        assert (kept.state, kept.penalty) == ("penalised", 3722)


def test_after_the_term_leaving_is_free() -> None:
    desk = planted.desk(1000)
    sold(desk, 888)
    done = services.release_number(number=desk.number(888), by=DESK_CLERK, at=NOON + timedelta(days=800))
    assert done.penalty == 0
    with acting(TESTER):
        assert NumberCommitment.objects.get().state == "fulfilled"


@pytest.mark.parametrize(("years", "restarts"), [(1, True), (6, False)])
def test_a_low_grade_passed_on_after_its_term_promises_nothing_more(*, years: int, restarts: bool) -> None:
    desk = planted.desk(1200)
    first, second = sold(desk, 1122), uuid7()
    at = NOON + timedelta(days=365 * years)
    assert services.pass_number_on(number=desk.number(1122), assigned_to=second, by=DESK_CLERK, at=at) == restarts
    assert row(desk.number(1122)).assigned_to == second
    with acting(TESTER):
        kept = list(NumberCommitment.objects.order_by("created_at"))
    assert [(c.assigned_to, c.state) for c in kept] == (
        [(first, "transferred"), (second, "in_force")] if restarts else [(first, "fulfilled")])
    if restarts:
        assert (f"{kept[1].starts_on}", f"{kept[1].ends_on}") == ("2027-12-01", "2032-12-01")


@pytest.mark.parametrize("state", ["assigned", "suspended"])
def test_a_number_that_is_passed_on_says_so_in_its_history(state: str) -> None:
    desk, second = planted.desk(10), uuid7()
    first, number = sold(desk, 1), desk.number(1)
    if state == "suspended":
        services.suspend_number(number=number, by=DESK_CLERK, at=NOON)
    assert not services.pass_number_on(number=number, assigned_to=second, by=DESK_CLERK, at=NOON)  # an ordinary one promises nothing
    with acting(TESTER):
        move = NumberMove.objects.filter(number_id=row(number).id).order_by("-id")[0]
        told = OutboxEvent.objects.get(name="resource.number_passed_on.v1")
    assert (move.verb, move.from_state, move.to_state, move.assigned_to, move.actor) == ("pass_on", state, state, second, DESK_CLERK.name)
    assert (told.payload["was_assigned_to"], told.payload["assigned_to"]) == (str(first), str(second))
    assert row(number).state == state
    done = services.release_number(number=number, by=DESK_CLERK, at=NOON)
    assert done.cooling_until == COOLED
    with pytest.raises(errors.CoolingNotOver):
        services.reassign_number(number=number, assigned_to=first, by=DESK_CLERK, at=NOON)
    services.reassign_number(number=number, assigned_to=second, by=DESK_CLERK, at=NOON)


def test_only_who_left_with_a_number_has_it_back_before_its_cooling_is_over() -> None:
    """Whoever had it before the one that took it to another operator has no claim to it any more."""
    desk = planted.desk(10)
    first, number = sold(desk, 1), desk.number(1)
    services.release_number(number=number, by=DESK_CLERK, at=NOON)
    services.sweep_numbers(by=TESTER, at=COOLED)
    second = uuid7()
    services.claim_number(number=number, assigned_to=second, by=DESK_CLERK, at=COOLED)
    services.port_out(number=number, operator="移动", by=DESK_CLERK, at=COOLED)
    services.take_back_ported_out(number=number, by=DESK_CLERK, at=COOLED)
    with pytest.raises(errors.CoolingNotOver):
        services.reassign_number(number=number, assigned_to=first, by=DESK_CLERK, at=COOLED)
    services.reassign_number(number=number, assigned_to=second, by=DESK_CLERK, at=COOLED)
    assert row(number).assigned_to == second


def test_a_number_goes_out_and_comes_back_to_the_blocks_owner() -> None:
    desk = planted.desk(10)
    sold(desk, 1)
    services.port_out(number=desk.number(1), operator="移动", by=DESK_CLERK, at=NOON)
    kept = row(desk.number(1))
    assert (kept.state, kept.operator, kept.assigned_to, kept.pool_id) == ("ported_out", "移动", None, desk.pool_id)
    with pytest.raises(errors.NumberNotFree):
        services.hold_number(desk.number(1), by=DESK_CLERK, at=NOON)
    assert services.take_back_ported_out(number=desk.number(1), by=DESK_CLERK, at=NOON) == COOLED
    assert services.sweep_numbers(by=TESTER, at=COOLED).cooled == 1


def test_a_user_comes_home_with_the_number() -> None:
    desk, line = planted.desk(10), uuid7()
    sold(desk, 1)
    services.port_out(number=desk.number(1), operator="移动", by=DESK_CLERK, at=NOON)
    services.port_in(number=desk.number(1), org_id=3301, assigned_to=line, by=DESK_CLERK, at=NOON)
    kept = row(desk.number(1))
    assert (kept.state, kept.assigned_to, kept.operator) == ("assigned", line, "")


def test_a_number_that_was_ported_in_goes_back_to_its_donor() -> None:
    make.tree()
    first = 8618600000000
    services.record_block(code="CU", kind="mobile", first=first, last=first + 9999, org_id=33, source="donor", donor="联通", by=PROVINCE_DESK, at=NOON)
    number, line = f"+{first + 7}", uuid7()
    services.port_in(number=number, org_id=3301, assigned_to=line, order_ref="O", by=DESK_CLERK, at=NOON)
    kept = row(number)
    assert (kept.state, kept.operator, kept.assigned_to, kept.org_id) == ("assigned", "联通", line, 3301)
    with pytest.raises(IllegalMove):
        services.port_in(number=number, org_id=3301, assigned_to=uuid7(), by=DESK_CLERK, at=NOON)
    services.return_ported_in(number=number, reason="user quit", by=DESK_CLERK, at=NOON)
    assert row(number).state == "returned"
    ningbo = planted.actor("zhaolei", org_id=3302, rights=planted.DESK)
    services.port_in(number=number, org_id=3302, assigned_to=line, by=ningbo, at=NOON)
    assert (row(number).state, row(number).org_id) == ("assigned", 3302)
    # Giving it up at the hall is giving it back, too.
    done = services.release_number(number=number, by=ningbo, at=NOON)
    assert done.cooling_until is None
    assert row(number).state == "returned"


def test_what_is_of_no_donor_cannot_be_brought() -> None:
    desk = planted.desk(10)
    with pytest.raises(RulesBroken):
        services.port_in(number="+8618600000007", org_id=3301, assigned_to=uuid7(), by=DESK_CLERK, at=NOON)
    with pytest.raises(IllegalMove):
        services.port_in(number=desk.number(1), org_id=3301, assigned_to=uuid7(), by=DESK_CLERK, at=NOON)
    with pytest.raises(RulesBroken):
        services.return_ported_in(number=desk.number(1), by=DESK_CLERK, at=NOON)


@pytest.mark.parametrize(("keep", "state", "let_go"), [
    (services.reserve_number, "reserved", services.unreserve_number), (services.block_number, "blocked", services.unblock_number),
    (services.report_number_fault, "faulty", services.mend_number),
])
def test_the_desk_keeps_numbers_from_being_sold(keep: object, state: str, let_go: object) -> None:
    desk = planted.desk(10)
    with pytest.raises(RulesBroken):
        keep(number=desk.number(1), reason=" ", by=DESK_CLERK, at=NOON)  # type: ignore[operator]  # a table of verbs
    keep(number=desk.number(1), reason="for the mayor", by=DESK_CLERK, at=NOON)  # type: ignore[operator]  # a table of verbs
    assert (row(desk.number(1)).state, row(desk.number(1)).note) == (state, "for the mayor")
    with pytest.raises(errors.NumberNotFree):
        services.hold_number(desk.number(1), by=DESK_CLERK, at=NOON)
    let_go(number=desk.number(1), by=DESK_CLERK, at=NOON)  # type: ignore[operator]  # a table of verbs
    assert (row(desk.number(1)).state, row(desk.number(1)).note) == ("free", "")
    with pytest.raises(IllegalMove):
        let_go(number=desk.number(1), by=DESK_CLERK, at=NOON)  # type: ignore[operator]  # a table of verbs


def test_moves_are_kept_for_good() -> None:
    desk = planted.desk(2)
    sold(desk, 1)
    with acting(TESTER):
        for word in ("DELETE FROM resource_number_move", "UPDATE resource_number_move SET actor = 'x'"):
            with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(word)


def test_unknown_numbers_are_refused() -> None:
    planted.desk(2)
    with pytest.raises(NotFound):
        services.suspend_number(number="+8613999999999", by=DESK_CLERK, at=NOON)
