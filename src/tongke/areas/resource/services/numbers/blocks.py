"""Blocks of numbers and the ranges by which they go down the operator's tree (D1). Everything is dated; nothing overlaps."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from tongke.areas.resource import errors
from tongke.areas.resource.events import NumberBlockRecorded, NumberRangeGiven
from tongke.areas.resource.models import Number, NumberAllotment, NumberBlock, NumberRange
from tongke.areas.resource.rules.numbers import (
    as_digits,
    donor_is_named,
    ends_in_order,
    goes_downwards,
    name_is_given,
    none_in_use,
    org_in_sight,
    period_is_forward,
    range_is_within,
)
from tongke.areas.resource.states import BlockSource, NumberState
from tongke.areas.resource.states.numbers import BLOCK_ENDED, NOT_ALLOTTED, RANGE_BACK
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid, NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

IDLE = (NumberState.FREE, NumberState.RESERVED, NumberState.BLOCKED, NumberState.FAULTY, NumberState.RETURNED)
"""States in which nobody has a number."""
Ends = tuple[int, int]


def ends_of(first: str | int, last: str | int) -> Ends:
    """Return a range's ends as whole numbers; raises ``Invalid``."""
    out = [end if isinstance(end, int) else as_digits(end) for end in (first, last)]
    for name, given, found in zip(("first", "last"), (first, last), out, strict=True):
        if found is None:
            raise Invalid(what=given, field=name)
    return out[0], out[1]  # type: ignore[return-value]  # neither is None by now


def rows_of(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


@verb("resource.run_numbers")
def record_block(
    *, code: str, kind: str, first: str | int, last: str | int, org_id: int, source: str = BlockSource.REGULATOR, donor: str = "",
    document: str = "", valid_from: datetime | None = None, valid_until: datetime | None = None, by: Actor, at: datetime,
) -> UUID:
    """Record a block that the regulator gave, or another operator's (``donor``) for numbers ported in.

    Raises ``Invalid``, ``RulesBroken`` (RES-05, -06, -30, -32, -33), ``BlocksOverlap`` naming the other block, ``CodeTaken``.
    """
    ends, starts = ends_of(first, last), valid_from or at
    require(collect(
        (name_is_given, {"name": code}), (ends_in_order, {"first": ends[0], "last": ends[1]}), (donor_is_named, {"source": source, "donor": donor}),
        (org_in_sight, {"seen": by.sees(org_id)}), (period_is_forward, {"valid_from": starts, "valid_until": valid_until}),
    ))
    _no_block_in_way(ends, starts, valid_until)
    try:
        with transaction.atomic():
            block = NumberBlock.objects.create(
                org_id=org_id, code=code.strip(), kind=kind, source=source, donor=donor.strip(), first=ends[0], last=ends[1],
                document=document.strip(), valid_from=starts, valid_until=valid_until, created_at=at, changed_at=at)
    except IntegrityError as fault:
        if "number_block_code_once" in str(fault):
            raise errors.CodeTaken(taken=code, field="code") from None
        _no_block_in_way(ends, starts, valid_until)  # somebody recorded it at this moment
        raise
    publish(NumberBlockRecorded(subject_id=block.id, org_id=org_id, code=block.code, first=ends[0], last=ends[1], source=source), by=by, at=at)
    return block.id


def _no_block_in_way(ends: Ends, starts: datetime, until: datetime | None) -> None:
    for code, first, last in rows_of("SELECT * FROM resource_block_in_way(%s, %s, %s, %s)", [*ends, starts, until]):
        raise errors.BlocksOverlap(first=ends[0], last=ends[1], other=code, other_first=first, other_last=last, field="first")


@verb("resource.run_numbers")
def end_block(*, block_id: UUID, reason: str = "", by: Actor, at: datetime) -> None:
    """Give a block back: its idle numbers are blocked for good, its ranges end. Raises ``NotFound`` and RES-23 while any is in use."""
    block = NumberBlock.objects.select_for_update().filter(id=block_id, valid_until=None).first()
    if block is None:
        raise NotFound
    numbers = Number.objects.filter(block_id=block.id)
    require(collect((none_in_use, {"count": numbers.exclude(state__in=IDLE).count()})))
    block_idle(numbers.filter(state__in=(NumberState.FREE, NumberState.RESERVED)), reason=reason or BLOCK_ENDED, by=by, at=at)
    require(collect((none_in_use, {"count": numbers.exclude(state__in=IDLE).count()})))  # what was taken at this moment; nothing can be any more
    NumberAllotment.objects.filter(range__block_id=block.id, valid_until=None).update(valid_until=at)
    NumberRange.objects.filter(block_id=block.id, valid_until=None).update(valid_until=at, changed_at=at)
    NumberBlock.objects.filter(id=block.id).update(valid_until=at, changed_at=at, version=block.version + 1)


def block_idle(numbers: Any, *, reason: str, by: Actor, at: datetime) -> None:
    """Block those of some numbers that are free or kept back, and keep a move for each with its reason; a new allotment may
    free them. One that somebody takes at this moment is waited for and left to him: the caller looks again.
    """
    rows_of(
        "WITH gone AS (UPDATE resource_number n SET state = 'blocked', note = %s, since = %s, changed_at = %s"
        " FROM unnest(%s::uuid[]) w(id) JOIN resource_number o ON o.id = w.id WHERE n.id = w.id AND n.state = o.state AND n.state IN ('free', 'reserved')"
        " RETURNING n.id, n.org_id, n.pool_id, o.state AS before)"
        " INSERT INTO resource_number_move (number_id, at, org_id, pool_id, verb, from_state, to_state, reason, actor)"
        " SELECT id, %s, org_id, pool_id, 'block', before, 'blocked', %s, %s FROM gone RETURNING 1",
        [NOT_ALLOTTED, at, at, list(numbers.values_list("id", flat=True)), at, reason[:200], by.name])


@verb("resource.run_numbers")
def give_range(*, first: str | int, last: str | int, org_id: int, reason: str = "", by: Actor, at: datetime) -> UUID:
    """Give numbers to an organisation from what the nearest one above it has: group → province → local network.

    Raises ``Invalid``, ``NotFound`` (no block has these numbers), ``RulesBroken`` (RES-05, -07, -08, -30), ``RangesOverlap``.
    """
    ends = ends_of(first, last)
    require(collect((ends_in_order, {"first": ends[0], "last": ends[1]})))
    found = rows_of("SELECT * FROM resource_giver_of(%s, %s, %s, %s)", [*ends, org_id, at])
    tree = staff.org_labels()
    receiver = tree.get(org_id)
    if not found or receiver is None:
        _within_one_block(ends, at)
        raise NotFound(field="first")
    parent_id, block_id, giver_id, giver_first, giver_last = found[0]
    giver = tree[giver_id]
    require(collect(
        (org_in_sight, {"seen": by.sees(org_id) and by.sees(giver_id)}),
        (goes_downwards, {"receiver": receiver.name, "giver": giver.name, "receiver_path": receiver.path, "giver_path": giver.path}),
        (range_is_within, {"first": ends[0], "last": ends[1], "of_first": giver_first, "of_last": giver_last}),
    ))
    level = receiver.path.strip("/").count("/") + 1
    _no_range_in_way(level, ends, at)
    try:
        with transaction.atomic():
            made = NumberRange.objects.create(
                org_id=org_id, block_id=block_id, parent_id=parent_id, level=level, first=ends[0], last=ends[1], reason=reason.strip(),
                valid_from=at, created_at=at, changed_at=at)
    except IntegrityError:
        _no_range_in_way(level, ends, at)  # somebody gave it away at this moment
        raise
    # What another organisation gave back goes with the range.
    Number.objects.filter(block_id=block_id, number__gte=f"+{ends[0]}", number__lte=f"+{ends[1]}", pool=None, state=NumberState.BLOCKED).update(
        org_id=org_id, changed_at=at)
    publish(NumberRangeGiven(subject_id=made.id, org_id=org_id, first=ends[0], last=ends[1], given_to=org_id), by=by, at=at)
    return made.id


def _within_one_block(ends: Ends, at: datetime) -> None:
    """Say which block the numbers only partly lie in, where there is one."""
    for _code, first, last in rows_of("SELECT * FROM resource_block_in_way(%s, %s, %s, NULL)", [*ends, at]):
        require([range_is_within.broken(first=ends[0], last=ends[1], of_first=first, of_last=last)])


def _no_range_in_way(level: int, ends: Ends, at: datetime) -> None:
    for org, first, last in rows_of("SELECT * FROM resource_range_in_way(%s, %s, %s, %s, NULL)", [level, *ends, at]):
        raise errors.RangesOverlap(first=ends[0], last=ends[1], other=staff.org_name(org), other_first=first, other_last=last, field="first")


@verb("resource.run_numbers")
def take_range_back(*, range_id: UUID, reason: str = "", by: Actor, at: datetime) -> None:
    """End an organisation's range: the one above has the numbers again. What was allotted of it leaves its pools.

    Raises ``NotFound``, and RES-23 while any number is in use or a part was given on.
    """
    own = NumberRange.objects.select_for_update().filter(id=range_id, valid_until=None).first()
    if own is None:
        raise NotFound
    numbers = Number.objects.filter(block_id=own.block_id, number__gte=f"+{own.first}", number__lte=f"+{own.last}", org_id=own.org_id)
    given_on = NumberRange.objects.filter(parent_id=own.id, valid_until=None).count()
    require(collect((none_in_use, {"count": numbers.exclude(state__in=IDLE).count() + given_on})))
    block_idle(numbers.filter(state=NumberState.FREE), reason=reason or RANGE_BACK, by=by, at=at)
    require(collect((none_in_use, {"count": numbers.exclude(state__in=IDLE).count()})))  # what was taken at this moment; nothing can be any more
    numbers.update(pool=None, changed_at=at)
    NumberAllotment.objects.filter(range_id=own.id, valid_until=None).update(valid_until=at)
    NumberRange.objects.filter(id=own.id).update(valid_until=at, changed_at=at, reason=reason.strip() or own.reason)
