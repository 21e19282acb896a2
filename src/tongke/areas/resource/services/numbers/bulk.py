"""Numbers by file: each action is a one-item verb that the bulk runner calls for every row (``exchange.number_files``).

What a row's verb refuses becomes a reject with code, sentence and mend; the others are done. A trial run does everything
and keeps nothing but its rejects.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict

from tongke.areas.resource import errors
from tongke.areas.resource.models import Grade, NumberAllotment, NumberPool, NumberRange
from tongke.areas.resource.queries.numbers.files import number_job
from tongke.areas.resource.queries.numbers.grading import grader_at, schedule_at
from tongke.areas.resource.rules.numbers import block_is_known, block_is_ours, number_id, pool_of_same_kind, pool_of_same_org, written
from tongke.areas.resource.services.numbers import keeping, life
from tongke.areas.resource.services.numbers.blocks import record_block
from tongke.areas.resource.services.numbers.moving import locked_number
from tongke.areas.resource.services.numbers.pools import enter_numbers, move_numbers
from tongke.areas.resource.states import ORDINARY, BlockSource, NumberKind, NumberState
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor
from tongke.kernel.bulk import BulkVerb, SourceRow, bulk
from tongke.kernel.errors import Invalid, NotFound
from tongke.kernel.ids import uuid7
from tongke.kernel.models import BulkJob
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

RUN = "resource.run_numbers"
KIND = "resource.numbers"


class NumberRow(BaseModel):
    """A row of a file of numbers. Columns beyond these are not looked at; which are needed depends on the action."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    number: str
    pool: str = ""
    grade: str = ""
    reason: str = ""
    penalty: Decimal | None = None


class BlockRow(BaseModel):
    """A row of a file of blocks."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    code: str
    kind: NumberKind = NumberKind.MOBILE
    first: str
    last: str
    org_id: int
    source: BlockSource = BlockSource.REGULATOR
    donor: str = ""
    document: str = ""


def _pool(code: str) -> NumberPool:
    found = NumberPool.objects.filter(code=code, valid_until=None).first() if code else None
    if found is None:
        raise NotFound(field="pool")
    return found


@bulk("resource.enter_numbers", row=NumberRow)
@verb(RUN)
def enter_number(row: NumberRow, *, by: Actor, at: datetime) -> None:
    """Enter one number into a pool, or without one into what the range that has it feeds. Raises ``Invalid``, ``NotFound``,
    ``CodeTaken`` for one that is there already, RES-09, -20, -34, -35.
    """
    number = written(row.number)
    if number is None:
        raise Invalid(what=row.number, field="number")
    digits = int(number[1:])
    holding = NumberRange.objects.select_related("block").filter(first__lte=digits, last__gte=digits, valid_until=None).order_by("-level").first()
    require(collect((block_is_known, {"found": holding is not None, "source": BlockSource.REGULATOR.label})))
    assert holding is not None  # noqa: S101 - RES-34 has just made sure
    fed = NumberAllotment.objects.select_related("pool").filter(first__lte=digits, last__gte=digits, valid_until=None).first()
    pool = fed.pool if fed and not row.pool else _pool(row.pool)
    require(collect(
        (pool_of_same_org, _owners(holding.org_id, pool)), (pool_of_same_kind, _kinds(holding.block.kind, pool)), (block_is_ours, {"source": holding.block.source})))
    grader, schedule = grader_at(at, pool.org_id)
    entered = enter_numbers([(number_id(number), number, grader.grade_of(number))], org_id=pool.org_id, block_id=holding.block_id, pool_id=pool.id,
                            kind=pool.kind, schedule=schedule, by=by, at=at)
    if not entered:
        raise errors.CodeTaken(taken=number, field="number")


def _owners(owner_id: int, pool: NumberPool) -> dict[str, Any]:
    return {"owner_id": owner_id, "pool_owner_id": pool.org_id, "owner": staff.org_name(owner_id), "pool_owner": staff.org_name(pool.org_id)}


def _kinds(kind: str, pool: NumberPool) -> dict[str, Any]:
    return {"kind": NumberKind(kind).label, "pool_kind": NumberKind(pool.kind).label}


@bulk("resource.move_numbers", row=NumberRow)
@verb(RUN)
def move_to_pool(row: NumberRow, *, by: Actor, at: datetime) -> None:
    """Put one number into another pool of its organisation. Raises ``Invalid``, ``NotFound``, RES-09, RES-20."""
    del by
    held, pool = locked_number(row.number), _pool(row.pool)
    require(collect((pool_of_same_org, _owners(held.org_id, pool)), (pool_of_same_kind, _kinds(held.kind, pool))))
    move_numbers(type(held).objects.filter(id=held.id), pool, at=at)


@bulk("resource.grade_numbers", row=NumberRow)
@verb(RUN)
def grade_number(row: NumberRow, *, by: Actor, at: datetime) -> None:
    """Give one free number a grade by hand, of the version in force. Raises ``Invalid``, ``NotFound``, ``NumberNotFree``."""
    del by
    held = locked_number(row.number)
    if held.state != NumberState.FREE:
        raise errors.NumberNotFree(number=held.number, state=NumberState(held.state).label, field="number")
    schedule = schedule_at(at, held.org_id)
    if row.grade != ORDINARY and not Grade.objects.filter(schedule_id=schedule, code=row.grade).exists():
        raise NotFound(field="grade")
    type(held).objects.filter(id=held.id).update(grade=row.grade, graded_by=schedule, changed_at=at)


@bulk("resource.block_numbers", row=NumberRow)
def block_row(row: NumberRow, *, by: Actor, at: datetime) -> None:
    """Block one number; see ``block_number``."""
    keeping.block_number(number=row.number, reason=row.reason, by=by, at=at)


@bulk("resource.unblock_numbers", row=NumberRow)
def unblock_row(row: NumberRow, *, by: Actor, at: datetime) -> None:
    """Unblock one number; see ``unblock_number``."""
    keeping.unblock_number(number=row.number, reason=row.reason, by=by, at=at)


@bulk("resource.reserve_numbers", row=NumberRow)
def reserve_row(row: NumberRow, *, by: Actor, at: datetime) -> None:
    """Keep one number back; see ``reserve_number``."""
    keeping.reserve_number(number=row.number, reason=row.reason, by=by, at=at)


@bulk("resource.unreserve_numbers", row=NumberRow)
def unreserve_row(row: NumberRow, *, by: Actor, at: datetime) -> None:
    """Give one kept number back; see ``unreserve_number``."""
    keeping.unreserve_number(number=row.number, reason=row.reason, by=by, at=at)


@bulk("resource.release_numbers", row=NumberRow)
def release_row(row: NumberRow, *, by: Actor, at: datetime) -> None:
    """Give one number up; see ``release_number``. ``penalty`` is what was agreed for leaving early."""
    life.release_number(number=row.number, reason=row.reason, penalty_agreed=row.penalty, by=by, at=at)


@bulk("resource.record_blocks", row=BlockRow)
def record_block_row(row: BlockRow, *, by: Actor, at: datetime) -> None:
    """Record one block; see ``record_block``."""
    record_block(**row.model_dump(), by=by, at=at)


ACTIONS: dict[str, tuple[BulkVerb[Any], Any]] = {
    "enter": (enter_number, _("Enter numbers")), "move": (move_to_pool, _("Move numbers to a pool")), "grade": (grade_number, _("Grade numbers by hand")),
    "block": (block_row, _("Block numbers")), "unblock": (unblock_row, _("Unblock numbers")), "reserve": (reserve_row, _("Keep numbers back")),
    "unreserve": (unreserve_row, _("Give kept numbers back")), "release": (release_row, _("Give numbers up")), "blocks": (record_block_row, _("Record blocks of numbers")),
}
"""What a file may do: the verb of a row, and its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFile:
    """A file that was read: its name, its rows (values as text by column name), and values that hold for every row."""

    name: str
    rows: Sequence[SourceRow]
    everywhere: dict[str, str]


@verb(RUN)
def begin_number_job(action: str, file: NumberFile, *, dry_run: bool = False, kept: str = "", by: Actor, at: datetime) -> UUID:
    """Note a file's work and return the job's id, under which its progress and rejects stand; ``kept`` is where the file lies
    for whoever works it through. Raises ``Invalid``.
    """
    if action not in ACTIONS:
        raise Invalid(what=action, field="action")
    mark = hashlib.sha256(repr((action, file.name, [dict(row.values) for row in file.rows], sorted(file.everywhere.items()))).encode()).hexdigest()
    job = BulkJob.objects.create(
        id=uuid7(), kind=KIND, title=f"{action}: {file.name}"[:200], fingerprint=mark, dry_run=dry_run, actor=by.name, staff_id=by.staff_id,
        org_id=by.base_org_id, total=len(file.rows), created_at=at, parameters={"action": action, "everywhere": file.everywhere, "file": file.name, "kept": kept})
    return job.id


@verb(RUN)
def stop_number_job(*, job_id: UUID, by: Actor, at: datetime) -> bool:
    """Let a file's work end after the rows it is at; one that has not begun never does. Returns whether there was anything to
    stop. Raises ``NotFound``.
    """
    job = number_job(job_id, by=by)
    waiting = BulkJob.objects.filter(id=job.id, state="waiting").update(state="cancelled", ended_at=at)
    return bool(waiting or BulkJob.objects.filter(id=job.id, state="running").update(state="cancelling"))


@verb(RUN)
def resume_number_job(*, job_id: UUID, by: Actor, at: datetime) -> bool:
    """Let a file's work that was stopped or broke off wait for the worker again; returns whether it does. A trial run begins
    anew instead. Raises ``NotFound``.
    """
    del at
    job = number_job(job_id, by=by)
    return bool(BulkJob.objects.filter(id=job.id, state__in=("cancelled", "failed"), dry_run=False).update(state="waiting", ended_at=None, error=""))
