"""Holding a number for an order, extending and ending the hold, and turning it into an assignment (T1, T2).

Each is one statement of the database that claims conditionally; nothing is read first and written after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tongke.areas.resource import errors
from tongke.areas.resource.events import NumberHoldEnded, NumberHoldExtended
from tongke.areas.resource.models import Number, NumberHold
from tongke.areas.resource.policy import policy_at
from tongke.areas.resource.queries.numbers.desk import may_end_hold
from tongke.areas.resource.queries.numbers.finding import candidates
from tongke.areas.resource.rules.numbers import number_id, written
from tongke.areas.resource.rules.searching import NumberWish
from tongke.areas.resource.services.numbers.moving import move_number
from tongke.areas.resource.services.numbers.telling import defer_written, nobody_reacts
from tongke.areas.resource.states import ORDINARY, HoldState, NumberState
from tongke.kernel.actor import Actor
from tongke.kernel.db.prepared import first_row
from tongke.kernel.errors import Invalid, NotFound, Refused
from tongke.kernel.idempotency import KeyReused
from tongke.kernel.outbox import publish
from tongke.kernel.sealing import blind_index
from tongke.kernel.verb import verb

PERSON_FIELD = "resource.person"
HOLD = """
SELECT outcome, hold, number_, until, pool, org, grade_, state_, most
FROM resource_hold_number(%s::uuid[], %s::uuid, %s, %s, %s, %s, %s, %s, %s::int, %s)
"""
ASSIGN = "SELECT outcome, number_, org, state_, late, commitment, expired_at FROM resource_assign_number(%s, %s, %s, %s, %s::date, %s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A hold as it was made. ``token`` confirms, extends or ends it; ``repeated``: an earlier call with the same key made it."""

    token: UUID
    number: str
    number_id: UUID
    expires_at: datetime
    pool_id: UUID
    org_id: int
    grade: str
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A number that a line has from now on. ``late``: the hold had expired, but nobody had taken the number."""

    number: str
    number_id: UUID
    org_id: int
    commitment_id: UUID | None
    late: bool = False
    repeated: bool = False


def person_digest(person_key: str) -> str:
    """Return the keyed digest under which holds for a person are counted; empty for nobody."""
    return blind_index(person_key.strip().upper(), field=PERSON_FIELD).hex() if person_key.strip() else ""


@verb("resource.hold_number", one_statement=nobody_reacts)
def hold_number(
    number: str = "", *, wish: NumberWish | None = None, pool_id: UUID | None = None, grade: str = ORDINARY, channel: str = "hall",
    order_ref: str = "", person_key: str = "", minutes: int | None = None, idempotency_key: str = "", by: Actor, at: datetime,
) -> Hold:
    """Hold a number: this one, one that fits ``wish``, or any of a pool and grade (so that a fine one is never given by chance).

    ``person_key`` is whatever tells whom it is for (a document's number): it is kept as a digest. A shorter ``minutes``
    than policy's is taken, a longer one is not. The quota of clerks binds persons, not machine clients: those sell for many. With ``idempotency_key`` a repeated call of the same clerk gives the
    first hold. Raises ``NotFound``, ``Invalid``, ``NumberNotFree``, ``NoNumberLeft``, ``WrongChannel``, ``PoolClosed``,
    ``ClerkQuotaReached``, ``PersonQuotaReached``, ``KeyReused``.
    """
    wanted = _wanted(number, wish, pool_id, channel=channel, by=by, at=at)
    row: Any = first_row(HOLD, [
        wanted, pool_id, grade, channel, order_ref[:80], by.name, person_digest(person_key), idempotency_key[:120] or None, minutes, at,
    ])
    outcome, hold, held, until, pool, org, held_grade, state, most = row
    if outcome in ("held", "repeated"):
        defer_written(number_id(held), at=at)
        return Hold(token=hold, number=held, number_id=number_id(held), expires_at=until, pool_id=pool, org_id=org, grade=held_grade,
                    repeated=outcome == "repeated")
    raise _refusal(outcome, number=held or number, state=state, channel=channel, most=most)


def _wanted(number: str, wish: NumberWish | None, pool_id: UUID | None, *, channel: str, by: Actor, at: datetime) -> Sequence[UUID]:
    if number:
        found = written(number)
        if found is None:
            raise Invalid(what=number, field="number")
        return [number_id(found)]
    if wish is not None:
        found_ids = candidates(wish, pool_id=pool_id, channel=channel, by=by, at=at)
        if not found_ids:
            raise errors.NoNumberLeft(field="number")
        # One candidate is still one of several: who comes second goes on, here to nobody.
        return found_ids if len(found_ids) > 1 else [found_ids[0], found_ids[0]]
    if pool_id is None:
        raise Invalid(what="number", field="number")
    return []


def _refusal(outcome: str, *, number: str, state: str | None, channel: str, most: int | None) -> Refused:
    labels = dict(NumberState.choices)
    made: dict[str, Refused] = {
        "not_free": errors.NumberNotFree(number=number, state=labels.get(state or "", state), field="number"),
        "none_left": errors.NoNumberLeft(field="number"), "pool_empty": errors.NoNumberLeft(field="pool_id"),
        "wrong_channel": errors.WrongChannel(channel=channel, field="channel"),
        "pool_closed": errors.PoolClosed(field="number"), "no_pool": errors.PoolClosed(field="number"),
        "clerk_quota": errors.ClerkQuotaReached(most=most), "person_quota": errors.PersonQuotaReached(most=most, field="person_key"),
        "key_reused": KeyReused(),
    }
    return made.get(outcome) or NotFound(field="number")


@verb("resource.assign_number", one_statement=nobody_reacts)
def confirm_hold(*, token: UUID, assigned_to: UUID, order_ref: str = "", by: Actor, at: datetime) -> Assignment:
    """Give the held number to the line ``assigned_to`` and freeze what its grade asks as a commitment.

    The same call again gives the same answer. A hold that expired is made anew where nobody has taken the number and
    its grade is as it was (``late``). Raises ``NotFound``, ``HoldOfOtherOrder``, ``HoldEnded``, ``HoldTaken``, ``NumberRegraded``.
    """
    return _assigned(token=token, assigned_to=assigned_to, order_ref=order_ref, by=by, at=at)


def _assigned(*, token: UUID, assigned_to: UUID, order_ref: str, by: Actor, at: datetime) -> Assignment:
    on = at.astimezone(ZoneInfo(by.zone)).date()
    starts = on.replace(year=on.year + on.month // 12, month=on.month % 12 + 1, day=1)
    row: Any = first_row(ASSIGN, [token, assigned_to, order_ref[:80], by.name, starts, at])
    outcome, number, org, _state, late, commitment, expired_at = row
    if outcome in ("assigned", "repeated"):
        defer_written(number_id(number), at=at)
        return Assignment(number=number, number_id=number_id(number), org_id=org, commitment_id=commitment, late=late, repeated=outcome == "repeated")
    made: dict[str, Refused] = {
        "other_order": errors.HoldOfOtherOrder(field="order_ref"), "let_go": errors.HoldEnded(number=number), "confirmed": errors.HoldEnded(number=number),
        "taken": errors.HoldTaken(number=number, expired_at=_clock(expired_at, by)), "regraded": errors.NumberRegraded(number=number),
    }
    raise made.get(outcome) or NotFound(field="token")


def _clock(instant: datetime | None, by: Actor) -> str:
    return f"{instant.astimezone(ZoneInfo(by.zone)):%H:%M:%S}" if instant else ""


@verb("resource.assign_number")
def claim_number(
    *, assigned_to: UUID, number: str = "", pool_id: UUID | None = None, grade: str = ORDINARY, channel: str = "hall", order_ref: str = "",
    person_key: str = "", by: Actor, at: datetime,
) -> Assignment:
    """Give a line a number at once: this one, or any of a pool and grade. Raises as ``hold_number`` and ``confirm_hold``."""
    by.require("resource.hold_number")
    wanted = _wanted(number, None, pool_id, channel=channel, by=by, at=at)
    row: Any = first_row(HOLD, [wanted, pool_id, grade, channel, order_ref[:80], by.name, person_digest(person_key), None, None, at])
    outcome, hold, held, _until, _pool, _org, _grade, state, most = row
    if outcome != "held":
        raise _refusal(outcome, number=held or number, state=state, channel=channel, most=most)
    return _assigned(token=hold, assigned_to=assigned_to, order_ref=order_ref, by=by, at=at)


def _own_hold(token: UUID, order_ref: str, *, by: Actor) -> tuple[NumberHold, Number]:
    """Return a hold and its number, both locked, the number first as in every verb; raises ``NotFound``, ``HoldOfOtherOrder``, ``HoldOfColleague``."""
    found = NumberHold.objects.filter(id=token).values_list("number_id", flat=True).first()
    number = Number.objects.select_for_update().filter(id=found).first() if found else None
    if number is None:
        raise NotFound(field="token")
    hold = NumberHold.objects.select_for_update().get(id=token)
    if order_ref and hold.order_ref and order_ref != hold.order_ref:
        raise errors.HoldOfOtherOrder(field="order_ref")
    if not may_end_hold(hold, order_ref=order_ref, by=by):
        raise errors.HoldOfColleague(number=hold.number, field="token")
    return hold, number


@verb("resource.hold_number")
def extend_hold(*, token: UUID, order_ref: str = "", by: Actor, at: datetime) -> datetime:
    """Let a hold last as long again from now; returns until when. Only who holds the number, works on its order (``order_ref``)
    or runs the numbers may. Raises ``NotFound``, ``HoldOfOtherOrder``, ``HoldOfColleague``, ``HoldEnded``, ``HoldExpired``, ``ExtensionsUsedUp``.
    """
    hold, number = _own_hold(token, order_ref, by=by)
    if hold.state in (HoldState.CONFIRMED, HoldState.RELEASED):
        raise errors.HoldEnded(number=hold.number)
    if hold.state != HoldState.OPEN or hold.expires_at <= at or number.hold_id != hold.id:
        raise errors.HoldExpired(number=hold.number, expired_at=_clock(hold.expires_at, by))
    figures = policy_at(at, hold.org_id)
    if hold.extensions >= figures.number_hold_extensions_max:
        raise errors.ExtensionsUsedUp(number=hold.number, most=figures.number_hold_extensions_max)
    until = at + timedelta(minutes=figures.number_hold_minutes)
    Number.objects.filter(id=number.id).update(held_until=until, changed_at=at)
    NumberHold.objects.filter(id=hold.id).update(expires_at=until, extensions=hold.extensions + 1)
    publish(NumberHoldExtended(subject_id=number.id, org_id=hold.org_id, number=hold.number, hold_id=hold.id, order_ref=hold.order_ref, held_until=until),
            by=by, at=at)
    return until


@verb("resource.hold_number")
def release_hold(*, token: UUID, order_ref: str = "", reason: str = "", by: Actor, at: datetime) -> bool:
    """Let a held number go; returns whether it was still held (an expired or ended hold is left as it is).

    Only who holds it, works on its order (``order_ref``) or runs the numbers may. Raises ``NotFound``, ``HoldOfOtherOrder``,
    ``HoldOfColleague``, and ``HoldEnded`` where the number was assigned by it.
    """
    hold, number = _own_hold(token, order_ref, by=by)
    if hold.state == HoldState.CONFIRMED:
        raise errors.HoldEnded(number=hold.number)
    if hold.state != HoldState.OPEN or number.hold_id != hold.id:
        return False
    NumberHold.objects.filter(id=hold.id).update(state=HoldState.RELEASED, ended_at=at)
    move_number(number, "let_go", reason=reason, changes={"hold_id": None, "held_until": None, "order_ref": ""}, by=by, at=at)
    publish(NumberHoldEnded(subject_id=number.id, org_id=hold.org_id, number=hold.number, hold_id=hold.id, order_ref=hold.order_ref,
                            reason=reason or "let go"), by=by, at=at)
    return True
