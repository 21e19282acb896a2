"""A number's life after its sale: out of service and back, given up, cooling, ported out and in, returned (T3, T4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from tongke.areas.resource import errors
from tongke.areas.resource.events import (
    CommitmentPassedOn,
    NumberAssigned,
    NumberCameBack,
    NumberCooling,
    NumberFreed,
    NumberPassedOn,
    NumberPortedIn,
    NumberPortedOut,
    NumberReleased,
    NumberResumed,
    NumberReturned,
    NumberSuspended,
)
from tongke.areas.resource.models import Number, NumberBlock, NumberCommitment, NumberMove
from tongke.areas.resource.policy import policy_at
from tongke.areas.resource.rules.commitments import leaving_penalty, term_after_transfer, terms_of
from tongke.areas.resource.rules.numbers import block_is_known, number_id, org_in_sight, written
from tongke.areas.resource.services.numbers.blocks import rows_of
from tongke.areas.resource.services.numbers.moving import hand_over, locked_number, move_number
from tongke.areas.resource.states import BlockSource, CommitmentState, NumberState
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid, NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """How a number was given up: when it may be given anew and what leaving the commitment early cost (``None``: nothing ran)."""

    number: str
    cooling_until: datetime | None
    penalty: Decimal | None


def local_date(*, by: Actor, at: datetime) -> date:
    """Return the day on which ``at`` falls where the actor is."""
    return at.astimezone(ZoneInfo(by.zone)).date()


@verb("resource.assign_number")
def suspend_number(*, number: str, reason: str = "", by: Actor, at: datetime) -> None:
    """Take an assigned number out of service; its floor goes on where its grade says so. Raises ``NotFound``, ``IllegalMove``."""
    held = move_number(locked_number(number), "suspend", reason=reason, by=by, at=at)
    assert held.assigned_to is not None  # noqa: S101 - the database's own check
    publish(NumberSuspended(subject_id=held.id, org_id=held.org_id, number=held.number, assigned_to=held.assigned_to, reason=reason), by=by, at=at)


@verb("resource.assign_number")
def resume_number(*, number: str, reason: str = "", by: Actor, at: datetime) -> None:
    """Put a number into service again. Raises ``NotFound``, ``IllegalMove``."""
    held = move_number(locked_number(number), "resume", reason=reason, by=by, at=at)
    assert held.assigned_to is not None  # noqa: S101 - the database's own check
    publish(NumberResumed(subject_id=held.id, org_id=held.org_id, number=held.number, assigned_to=held.assigned_to, reason=reason), by=by, at=at)


def _commitment(number: Number) -> NumberCommitment | None:
    return NumberCommitment.objects.select_for_update().filter(number_id=number.id, state=CommitmentState.IN_FORCE).first()


def _settle(number: Number, *, penalty_agreed: Decimal | None, by: Actor, at: datetime) -> Decimal | None:
    """End the commitment that runs; raises ``CommitmentRuns`` unless exactly what leaving costs was agreed."""
    held = _commitment(number)
    if held is None:
        return None
    on = local_date(by=by, at=at)
    due = leaving_penalty(terms_of(held), starts_on=held.starts_on, ends_on=held.ends_on, leaves_on=on)
    if due > 0 and penalty_agreed != due:
        raise errors.CommitmentRuns(number=number.number, ends_on=held.ends_on, penalty=due, currency=held.currency, field="penalty_agreed")
    NumberCommitment.objects.filter(id=held.id).update(
        state=CommitmentState.PENALISED if due > 0 else CommitmentState.FULFILLED, ended_on=on, penalty=due, changed_at=at)
    return due


def _cooled_until(number: Number, at: datetime) -> datetime:
    return at + timedelta(days=policy_at(at, number.org_id).number_cooling_days)


@verb("resource.assign_number")
def release_number(
    *, number: str, reason: str = "", penalty_agreed: Decimal | None = None, cool: bool = True, by: Actor, at: datetime
) -> Release:
    """Give a number up: its line has ended. With ``cool`` its cooling begins at once, else by ``cool_number``.

    A number that was ported in goes back to its donor instead (``return_ported_in``). Raises ``NotFound``, ``IllegalMove``
    and ``CommitmentRuns`` with what leaving costs, until exactly that is given as ``penalty_agreed``.
    """
    held = locked_number(number)
    if held.block.source == BlockSource.DONOR:
        penalty = _returned(held, reason=reason, penalty_agreed=penalty_agreed, by=by, at=at)
        return Release(number=held.number, cooling_until=None, penalty=penalty)
    line = held.assigned_to
    move_number(held, "release", reason=reason, changes={"assigned_to": None}, by=by, at=at)
    penalty = _settle(held, penalty_agreed=penalty_agreed, by=by, at=at)
    until = _cooled_until(held, at) if cool else None
    if until:
        move_number(held, "cool", changes={"cooling_until": until}, by=by, at=at)
    publish(NumberReleased(subject_id=held.id, org_id=held.org_id, number=held.number, was_assigned_to=line, reason=reason, cooling_until=until,
                           penalty=penalty), by=by, at=at)
    return Release(number=held.number, cooling_until=until, penalty=penalty)


@verb("resource.assign_number")
def cool_number(*, number: str, by: Actor, at: datetime) -> datetime:
    """Begin the cooling of a released number; returns when it ends. Raises ``NotFound``, ``IllegalMove``."""
    held = locked_number(number)
    until = _cooled_until(held, at)
    move_number(held, "cool", changes={"cooling_until": until}, by=by, at=at)
    publish(NumberCooling(subject_id=held.id, org_id=held.org_id, number=held.number, cooling_until=until), by=by, at=at)
    return until


@verb("resource.assign_number")
def reassign_number(*, number: str, assigned_to: UUID, order_ref: str = "", reason: str = "", by: Actor, at: datetime) -> None:
    """Give a released or cooling number back to its former line (复机): the only use of it before its cooling is over.

    A commitment that was settled does not come to life again. Raises ``NotFound``, ``IllegalMove``, and ``CoolingNotOver``
    for another line than the one that had it.
    """
    held = locked_number(number)
    if _former_line(held) != assigned_to:
        raise errors.CoolingNotOver(number=held.number, cooling_until=held.cooling_until or "", field="assigned_to")
    move_number(held, "reassign", reason=reason, changes={"assigned_to": assigned_to, "cooling_until": None, "order_ref": order_ref[:80]}, by=by, at=at)
    publish(NumberAssigned(subject_id=held.id, org_id=held.org_id, number=held.number, pool_id=held.pool_id, grade=held.grade, hold_id=None,
                           assigned_to=assigned_to, order_ref=order_ref), by=by, at=at)


def _former_line(number: Number) -> UUID | None:
    left = NumberMove.objects.filter(number_id=number.id, verb__in=("release", "port_out")).order_by("-id")
    return left.values_list("assigned_to", flat=True).first()


@verb("resource.assign_number")
def free_number(*, number: str, by: Actor, at: datetime) -> None:
    """Free a number whose cooling is over, before the sweeper comes by. Raises ``NotFound``, ``IllegalMove``, ``CoolingNotOver``."""
    held = locked_number(number)
    if held.state == NumberState.COOLING and held.cooling_until is not None and held.cooling_until > at:
        raise errors.CoolingNotOver(number=held.number, cooling_until=f"{held.cooling_until.astimezone(ZoneInfo(by.zone)):%Y-%m-%d %H:%M}")
    move_number(held, "free", changes={"cooling_until": None, "order_ref": ""}, by=by, at=at)
    publish(NumberFreed(subject_id=held.id, org_id=held.org_id, number=held.number, pool_id=held.pool_id), by=by, at=at)


@verb("resource.assign_number")
def port_out(*, number: str, operator: str, penalty_agreed: Decimal | None = None, by: Actor, at: datetime) -> Decimal | None:
    """Let a number go with its user to another operator; it stays ours as the block's owner. Returns what leaving the
    commitment cost. A number that was ported in before goes on as its donor's (returned). Raises ``NotFound``,
    ``IllegalMove``, ``CommitmentRuns``, ``Invalid``.
    """
    if not operator.strip():
        raise Invalid(what="operator", field="operator")
    held = locked_number(number)
    if held.block.source == BlockSource.DONOR:
        return _returned(held, reason=f"ported on to {operator.strip()}", penalty_agreed=penalty_agreed, by=by, at=at)
    line = held.assigned_to
    move_number(held, "port_out", reason=operator, changes={"assigned_to": None, "operator": operator.strip()[:60]}, by=by, at=at)
    penalty = _settle(held, penalty_agreed=penalty_agreed, by=by, at=at)
    publish(NumberPortedOut(subject_id=held.id, org_id=held.org_id, number=held.number, operator=held.operator, was_assigned_to=line), by=by, at=at)
    return penalty


@verb("resource.assign_number")
def take_back_ported_out(*, number: str, by: Actor, at: datetime) -> datetime:
    """Take back a number whose user quit at the other operator; it cools. Returns until when. Raises ``NotFound``, ``IllegalMove``."""
    held = locked_number(number)
    operator, until = held.operator, _cooled_until(held, at)
    move_number(held, "come_back", reason=operator, changes={"operator": "", "cooling_until": until}, by=by, at=at)
    publish(NumberCameBack(subject_id=held.id, org_id=held.org_id, number=held.number, operator=operator, cooling_until=until), by=by, at=at)
    return until


@verb("resource.assign_number")
def port_in(*, number: str, org_id: int, assigned_to: UUID, order_ref: str = "", by: Actor, at: datetime) -> UUID:
    """Give a line the number it brings from another operator, whose block must be recorded; returns the number's id.

    Our own number that had been ported out comes back to its user this way too. Raises ``Invalid``, ``IllegalMove``
    (somebody has it), RES-30, RES-34.
    """
    known = written(number)
    if known is None:
        raise Invalid(what=number, field="number")
    require(collect((org_in_sight, {"seen": by.sees(org_id)})))
    rows_of("SELECT resource_rehome_returned(%s, %s)", [known, org_id])
    held = Number.objects.select_for_update().filter(number=known).first()
    if held is None:
        held = _brought(known, org_id=org_id, at=at)
    operator = held.block.donor or held.operator
    verb_ = "port_in" if held.block.source == BlockSource.DONOR else "come_home"
    move_number(held, verb_, reason=operator, changes={"assigned_to": assigned_to, "order_ref": order_ref[:80], "operator": held.block.donor}, by=by, at=at)
    publish(NumberPortedIn(subject_id=held.id, org_id=held.org_id, number=held.number, operator=operator, assigned_to=assigned_to, order_ref=order_ref),
            by=by, at=at)
    return held.id


def _brought(number: str, *, org_id: int, at: datetime) -> Number:
    """Enter a donor's number, as if it had just been returned to it."""
    digits = int(number[1:])
    block = NumberBlock.objects.filter(first__lte=digits, last__gte=digits, source=BlockSource.DONOR, valid_from__lte=at, valid_until=None).first()
    require(collect((block_is_known, {"found": block is not None, "source": BlockSource.DONOR.label})))
    assert block is not None  # noqa: S101 - RES-34 has just made sure
    # Two that bring it at once meet at the unique number: the second finds the first's row.
    Number.objects.bulk_create([Number(
        id=number_id(number), number=number, org_id=org_id, block=block, kind=block.kind, state=NumberState.RETURNED, spread=0,
        operator=block.donor, since=at, changed_at=at)], ignore_conflicts=True)
    found = Number.objects.select_for_update().filter(number=number).first()
    if found is None:
        raise NotFound(field="number")
    return found


@verb("resource.assign_number")
def return_ported_in(*, number: str, reason: str = "", penalty_agreed: Decimal | None = None, by: Actor, at: datetime) -> Decimal | None:
    """Give a number that had been ported in back to its donor: its user quit. Raises ``NotFound``, ``IllegalMove``, RES-34."""
    held = locked_number(number)
    require(collect((block_is_known, {"found": held.block.source == BlockSource.DONOR, "source": BlockSource.DONOR.label})))
    return _returned(held, reason=reason, penalty_agreed=penalty_agreed, by=by, at=at)


def _returned(held: Number, *, reason: str, penalty_agreed: Decimal | None, by: Actor, at: datetime) -> Decimal | None:
    line = held.assigned_to
    move_number(held, "give_back", reason=reason, changes={"assigned_to": None, "order_ref": ""}, by=by, at=at)
    penalty = _settle(held, penalty_agreed=penalty_agreed, by=by, at=at)
    publish(NumberReturned(subject_id=held.id, org_id=held.org_id, number=held.number, operator=held.block.donor, was_assigned_to=line, reason=reason),
            by=by, at=at)
    return penalty


@verb("resource.assign_number")
def pass_number_on(*, number: str, assigned_to: UUID | None = None, by: Actor, at: datetime) -> bool:
    """Note that another customer takes the number over (过户), with another line where ``assigned_to`` names one: the term
    begins anew, but for a low grade whose term is over. Returns whether it did. Raises ``NotFound``.
    """
    held = locked_number(number)
    before = held.assigned_to
    if before is None or held.state not in (NumberState.ASSIGNED, NumberState.SUSPENDED):
        raise errors.NumberNotFree(number=held.number, state=NumberState(held.state).label, field="number")
    line = assigned_to or before
    hand_over(held, line, by=by, at=at)
    publish(NumberPassedOn(subject_id=held.id, org_id=held.org_id, number=held.number, assigned_to=line, was_assigned_to=before), by=by, at=at)
    old = _commitment(held)
    if old is None:
        return False
    on = local_date(by=by, at=at)
    term = term_after_transfer(terms_of(old), ends_on=old.ends_on, passed_on=on)
    NumberCommitment.objects.filter(id=old.id).update(
        state=CommitmentState.FULFILLED if term is None else CommitmentState.TRANSFERRED, ended_on=on, changed_at=at)
    if term is not None:
        frozen = {name: getattr(old, name) for name in (
            "org_id", "number_id", "number", "schedule_id", "grade", "prestore", "monthly_floor", "currency", "term_months",
            "floor_while_suspended", "penalty_percent", "exempt_after_term")}
        NumberCommitment.objects.create(**frozen, assigned_to=line, starts_on=term[0], ends_on=term[1], created_at=at, changed_at=at)
    publish(CommitmentPassedOn(subject_id=held.id, org_id=held.org_id, number=held.number, assigned_to=line, restarted=term is not None,
                               ends_on=term[1] if term else old.ends_on), by=by, at=at)
    return term is not None
