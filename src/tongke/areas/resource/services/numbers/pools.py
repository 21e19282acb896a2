"""Pools by organisation, kind and channel; which ranges feed them; the numbers in them (D1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tongke.areas.resource import errors
from tongke.areas.resource.events import NumberRangeAllotted
from tongke.areas.resource.models import Number, NumberAllotment, NumberPool, NumberRange
from tongke.areas.resource.queries.numbers.grading import grader_at
from tongke.areas.resource.rules.numbers import (
    block_is_ours,
    ends_in_order,
    name_is_given,
    none_in_use,
    number_id,
    org_in_sight,
    period_is_forward,
    pool_of_same_kind,
    pool_of_same_org,
    range_is_within,
)
from tongke.areas.resource.services.numbers.blocks import Ends, block_idle, ends_of, rows_of
from tongke.areas.resource.states import NumberKind, NumberState
from tongke.areas.resource.states.numbers import BLOCK_ENDED, NOT_ALLOTTED, RANGE_BACK
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor
from tongke.kernel.bulk import insert_rows
from tongke.kernel.errors import Conflict, NotFound
from tongke.kernel.ids import uuid7
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

FILL_CHUNK = 50_000
FILL_COLUMNS = ("id", "number", "grade")
CHANNELS = ("hall", "hotline", "web", "sms", "app", "key_account", "dealer", "field")


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolChange:
    """New values of a pool; ``None`` leaves a value as it is. No channel named: for all of them."""

    name_zh: str | None = None
    name_en: str | None = None
    channels: tuple[str, ...] | None = None
    dry_below: int | None = None
    dry_days: int | None = None


@verb("resource.run_numbers")
def open_pool(
    *, code: str, name_zh: str, kind: str, org_id: int, name_en: str = "", channels: Sequence[str] = (), dry_below: int = 0, dry_days: int = 0,
    valid_from: datetime | None = None, valid_until: datetime | None = None, by: Actor, at: datetime,
) -> UUID:
    """Open a pool from which an organisation sells numbers of one kind. Raises RES-30, -32, -33 and ``CodeTaken``."""
    starts = valid_from or at
    require(collect(
        (name_is_given, {"name": name_zh.strip() and code.strip()}), (org_in_sight, {"seen": by.sees(org_id)}),
        (period_is_forward, {"valid_from": starts, "valid_until": valid_until}),
    ))
    try:
        with transaction.atomic():
            pool = NumberPool.objects.create(
                org_id=org_id, code=code.strip(), name_zh=name_zh.strip(), name_en=name_en.strip(), kind=kind, channels=list(channels),
                dry_below=dry_below, dry_days=dry_days, valid_from=starts, valid_until=valid_until, created_at=at, changed_at=at)
    except IntegrityError:
        raise errors.CodeTaken(taken=code, field="code") from None
    return pool.id


@verb("resource.run_numbers")
def change_pool(*, pool_id: UUID, version: int, change: PoolChange, by: Actor, at: datetime) -> int:
    """Change what a pool is called, sells through and warns at; returns its new version. Raises ``NotFound``, ``Conflict``."""
    del by
    pool = _pool(pool_id)
    if pool.version != version:
        raise Conflict
    changed = {name: list(value) if name == "channels" else value
               for name in PoolChange.__slots__ if (value := getattr(change, name)) is not None}
    require(collect((name_is_given, {"name": changed.get("name_zh", pool.name_zh)})))
    NumberPool.objects.filter(id=pool_id).update(**changed, changed_at=at, version=version + 1)
    return version + 1


@verb("resource.run_numbers")
def close_pool(*, pool_id: UUID, by: Actor, at: datetime) -> None:
    """Sell nothing more from a pool; what is on hold may still be confirmed. Raises ``NotFound``."""
    del by
    pool = _pool(pool_id)
    NumberPool.objects.filter(id=pool_id).update(valid_until=at, changed_at=at, version=pool.version + 1)


def _pool(pool_id: UUID) -> NumberPool:
    found = NumberPool.objects.select_for_update().filter(id=pool_id).first()
    if found is None:
        raise NotFound(field="pool_id")
    return found


@verb("resource.run_numbers")
def allot_range(*, pool_id: UUID, first: str | int, last: str | int, fill: bool = True, by: Actor, at: datetime) -> UUID:
    """Let numbers of the organisation's own range feed a pool, and with ``fill`` enter a row for each of them, graded.

    Raises ``NotFound`` (no range of the organisation has them), RES-05, -07, -09, -20, -35 and ``AllotmentsOverlap``.
    """
    ends, pool = ends_of(first, last), _pool(pool_id)
    source = _range_for(ends, pool, at)
    _no_allotment_in_way(ends, at)
    try:
        with transaction.atomic():
            made = _allotment(pool, source.id, ends, at)
    except IntegrityError:
        _no_allotment_in_way(ends, at)  # somebody allotted it at this moment
        raise
    moved = _fill(pool, source, ends, by=by, at=at) if fill else 0
    publish(NumberRangeAllotted(subject_id=made.id, org_id=pool.org_id, first=ends[0], last=ends[1], pool_id=pool.id, moved=moved), by=by, at=at)
    return made.id


def _allotment(pool: NumberPool, range_id: UUID, ends: Ends, at: datetime) -> NumberAllotment:
    return NumberAllotment.objects.create(
        org_id=pool.org_id, pool=pool, range_id=range_id, first=ends[0], last=ends[1], valid_from=at, created_at=at)


def _range_for(ends: Ends, pool: NumberPool, at: datetime) -> NumberRange:
    """Return the range in force that has the numbers, held against the rules of the pool."""
    require(collect((ends_in_order, {"first": ends[0], "last": ends[1]})))
    holding = NumberRange.objects.select_related("block").filter(first__lte=ends[1], last__gte=ends[0], valid_from__lte=at, valid_until=None)
    found = holding.order_by("-level", "first").first()
    if found is None:
        raise NotFound(field="first")
    require(collect(
        (pool_of_same_org, {"owner_id": found.org_id, "pool_owner_id": pool.org_id, "owner": staff.org_name(found.org_id),
                            "pool_owner": staff.org_name(pool.org_id)}),
        (pool_of_same_kind, {"kind": NumberKind(found.block.kind).label, "pool_kind": NumberKind(pool.kind).label}),
        (range_is_within, {"first": ends[0], "last": ends[1], "of_first": found.first, "of_last": found.last}),
        (block_is_ours, {"source": found.block.source}),
    ))
    return found


def _no_allotment_in_way(ends: Ends, at: datetime) -> None:
    for pool, first, last in rows_of("SELECT * FROM resource_allotment_in_way(%s, %s, %s, NULL)", [*ends, at]):
        raise errors.AllotmentsOverlap(first=ends[0], last=ends[1], other=pool, other_first=first, other_last=last, field="first")


def _fill(pool: NumberPool, source: NumberRange, ends: Ends, *, by: Actor, at: datetime) -> int:
    """Enter the numbers that are not there yet, and free those that were given back; returns how many."""
    grader, schedule = grader_at(at, pool.org_id)
    count = 0
    for start in range(ends[0], ends[1] + 1, FILL_CHUNK):
        numbers = [f"+{n}" for n in range(start, min(start + FILL_CHUNK, ends[1] + 1))]
        rows = [(number_id(n), n, grader.grade_of(n)) for n in numbers]
        count += len(enter_numbers(rows, org_id=pool.org_id, block_id=source.block_id, pool_id=pool.id, kind=pool.kind, schedule=schedule, by=by, at=at))
    left = Number.objects.filter(number__gte=f"+{ends[0]}", number__lte=f"+{ends[1]}", org_id=pool.org_id, pool=None)
    # Locked, so that whoever unblocks one at this moment comes before or after, and the history tells what was done.
    idle = list(left.filter(state=NumberState.BLOCKED, note__in=(NOT_ALLOTTED, RANGE_BACK, BLOCK_ENDED)).select_for_update().values_list("id", flat=True))
    # Whoever uses the others, or what keeps them from being sold, stays as it is: only where they go afterwards is known again.
    return count + _free_again(idle, pool.id, by=by, at=at) + left.exclude(id__in=idle).update(pool_id=pool.id, changed_at=at)


def enter_numbers(
    rows: Sequence[tuple[UUID, str, str]], *, org_id: int, block_id: UUID, pool_id: UUID | None, kind: str, schedule: int | None, by: Actor, at: datetime
) -> list[UUID]:
    """Enter new free numbers (id, number, grade); returns the ids of those that were not there before."""
    entered: list[UUID] = insert_rows("resource_number", FILL_COLUMNS, rows, skip_held=True, fixed={
        "org_id": org_id, "block_id": block_id, "pool_id": pool_id, "kind": kind, "graded_by": schedule, "state": NumberState.FREE.value,
        "order_ref": "", "operator": "", "note": "", "since": at, "changed_at": at})
    _note(entered, org_id=org_id, pool_id=pool_id, verb="enter", before="", by=by, at=at)
    return entered


def _note(ids: Iterable[UUID], *, org_id: int, pool_id: UUID | None, verb: str, before: str, by: Actor, at: datetime) -> None:
    insert_rows("resource_number_move", ("number_id", "id"), [(ident, uuid7()) for ident in ids], fixed={
        "at": at, "org_id": org_id, "pool_id": pool_id, "verb": verb, "from_state": before, "to_state": "free", "actor": by.name})


def _free_again(ids: Sequence[UUID], pool_id: UUID, *, by: Actor, at: datetime) -> int:
    if not ids:
        return 0
    org_id = NumberPool.objects.values_list("org_id", flat=True).get(id=pool_id)
    done = Number.objects.filter(id__in=ids, state=NumberState.BLOCKED, pool=None).update(
        state=NumberState.FREE, pool_id=pool_id, note="", since=at, changed_at=at)
    _note(ids, org_id=org_id, pool_id=pool_id, verb="unblock", before="blocked", by=by, at=at)
    return done


@verb("resource.run_numbers")
def move_range(*, first: str | int, last: str | int, pool_id: UUID, by: Actor, at: datetime) -> int:
    """Give numbers of one organisation to another of its pools: allotments are split where they are cut, the numbers go
    with their states (one on hold keeps its hold). Returns how many numbers moved.

    Raises ``NotFound`` (nothing of it is allotted), RES-05, -07, -09, -20, -35.
    """
    ends, pool = ends_of(first, last), _pool(pool_id)
    source = _range_for(ends, pool, at)
    cut = list(NumberAllotment.objects.select_for_update().filter(org_id=pool.org_id, first__lte=ends[1], last__gte=ends[0], valid_until=None))
    if not cut:
        raise NotFound(field="first")
    for held in cut:
        if held.valid_from == at:  # made at this very instant: it never was in force
            NumberAllotment.objects.filter(id=held.id).delete()
        else:
            NumberAllotment.objects.filter(id=held.id).update(valid_until=at)
        for part in ((held.first, ends[0] - 1), (ends[1] + 1, held.last)):
            if part[0] <= part[1]:
                NumberAllotment.objects.create(org_id=held.org_id, pool_id=held.pool_id, range_id=held.range_id, first=part[0], last=part[1],
                                               valid_from=at, created_at=at)
    made = _allotment(pool, source.id, ends, at)
    moved = move_numbers(Number.objects.filter(number__gte=f"+{ends[0]}", number__lte=f"+{ends[1]}", org_id=pool.org_id, pool__isnull=False), pool, at=at)
    publish(NumberRangeAllotted(subject_id=made.id, org_id=pool.org_id, first=ends[0], last=ends[1], pool_id=pool.id, moved=moved), by=by, at=at)
    return moved


def move_numbers(numbers: Any, pool: NumberPool, *, at: datetime) -> int:
    """Put numbers of the pool's own organisation and kind into it; returns how many changed their pool."""
    done: int = numbers.filter(org_id=pool.org_id, kind=pool.kind).exclude(pool_id=pool.id).update(pool_id=pool.id, changed_at=at)
    return done


@verb("resource.run_numbers")
def end_allotment(*, allotment_id: UUID, by: Actor, at: datetime) -> None:
    """Take numbers out of their pool: nobody can sell them until they are allotted again, neither those that cool or are
    used now, once they come back. Raises ``NotFound`` and RES-23.
    """
    own = NumberAllotment.objects.select_for_update().filter(id=allotment_id, valid_until=None).first()
    if own is None:
        raise NotFound
    numbers = Number.objects.filter(number__gte=f"+{own.first}", number__lte=f"+{own.last}", pool_id=own.pool_id)
    require(collect((none_in_use, {"count": numbers.filter(state=NumberState.HELD).count()})))
    block_idle(numbers.filter(state=NumberState.FREE), reason=NOT_ALLOTTED, by=by, at=at)
    require(collect((none_in_use, {"count": numbers.filter(state=NumberState.HELD).count()})))  # what was taken at this moment
    numbers.update(pool=None, changed_at=at)
    NumberAllotment.objects.filter(id=own.id).update(valid_until=at)

