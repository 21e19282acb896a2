"""The table of grades as data: drafted, released from a day on, never changed after; free numbers graded anew (T4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max

from tongke.areas.resource import errors
from tongke.areas.resource.events import NumbersRegraded
from tongke.areas.resource.models import Grade, GradeRule, GradeSchedule, Number, NumberPool
from tongke.areas.resource.queries.numbers.grading import grader_of, schedule_at
from tongke.areas.resource.rules.grades import parameters_of
from tongke.areas.resource.rules.numbers import org_in_sight
from tongke.areas.resource.states import ORDINARY, NumberState, ScheduleState
from tongke.kernel.actor import Actor
from tongke.kernel.bulk import change_rows
from tongke.kernel.errors import NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

VERSIONS_MAX = 999
REGRADE_CHUNK = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeDraft:
    """A grade of a version and its terms, as in ``models.Grade``."""

    code: str
    rank: int
    name_zh: str
    name_en: str = ""
    prestore: Decimal = Decimal(0)
    monthly_floor: Decimal = Decimal(0)
    currency: str = "CNY"
    term_months: int = 0
    floor_while_suspended: bool = True
    penalty_percent: Decimal = Decimal(0)
    exempt_after_term: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """A pattern of a version; the order of the drafts is the order in which numbers are held against them."""

    grade: str
    kind: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    about: str = ""


@verb("resource.run_numbers")
def draft_schedule(
    *, org_id: int, name: str, grades: Sequence[GradeDraft], rules: Sequence[RuleDraft], by: Actor, at: datetime
) -> int:
    """Write the next version of an organisation's table of grades as a draft; returns its id. Raises RES-30, ``ScheduleRefused``."""
    require(collect((org_in_sight, {"seen": by.sees(org_id)})))
    _check(grades, rules)
    newest = GradeSchedule.objects.filter(org_id=org_id).aggregate(newest=Max("version"))["newest"] or 0
    if newest >= VERSIONS_MAX:
        raise errors.ScheduleRefused(why=f"{newest}", field="version")
    made = GradeSchedule.objects.create(
        id=org_id * 1000 + newest + 1, org_id=org_id, version=newest + 1, name=name.strip(), made_by=by.name, created_at=at, changed_at=at)
    _write(made, grades, rules)
    return made.id


@verb("resource.run_numbers")
def redraft_schedule(*, schedule_id: int, name: str, grades: Sequence[GradeDraft], rules: Sequence[RuleDraft], by: Actor, at: datetime) -> None:
    """Write a draft anew. Raises ``NotFound``, ``ScheduleStays``, ``ScheduleRefused``."""
    del by
    held = _draft(schedule_id)
    _check(grades, rules)
    GradeRule.objects.filter(schedule_id=schedule_id).delete()
    Grade.objects.filter(schedule_id=schedule_id).delete()
    GradeSchedule.objects.filter(id=schedule_id).update(name=name.strip(), changed_at=at)
    _write(held, grades, rules)


def _draft(schedule_id: int) -> GradeSchedule:
    held = GradeSchedule.objects.select_for_update().filter(id=schedule_id).first()
    if held is None:
        raise NotFound
    if held.state != ScheduleState.DRAFT:
        raise errors.ScheduleStays
    return held


def _write(schedule: GradeSchedule, grades: Sequence[GradeDraft], rules: Sequence[RuleDraft]) -> None:
    Grade.objects.bulk_create(
        Grade(org_id=schedule.org_id, schedule=schedule, **{name: getattr(g, name) for name in GradeDraft.__slots__}) for g in grades)
    GradeRule.objects.bulk_create(
        GradeRule(org_id=schedule.org_id, schedule=schedule, position=at, grade_code=r.grade, kind=r.kind,
                  parameters=parameters_of(r.kind, r.parameters).model_dump(mode="json"), about=r.about[:100])
        for at, r in enumerate(rules, 1))


def _check(grades: Sequence[GradeDraft], rules: Sequence[RuleDraft]) -> None:
    codes = [g.code for g in grades]
    if ORDINARY in codes or len(set(codes)) != len(codes) or not all(code.strip() and len(code) <= 8 for code in codes):
        raise errors.ScheduleRefused(why=", ".join(codes), field="grades")
    if len({g.rank for g in grades}) != len(grades):
        raise errors.ScheduleRefused(why="rank", field="grades")
    for g in grades:
        if min(g.prestore, g.monthly_floor, g.penalty_percent, Decimal(g.term_months)) < 0 or g.penalty_percent > 100:
            raise errors.ScheduleRefused(why=g.code, field="grades")
    for at, r in enumerate(rules, 1):
        if r.grade not in codes and r.grade != ORDINARY:
            raise errors.ScheduleRefused(why=f"{at}: {r.grade}", field="rules")
        try:
            parameters_of(r.kind, r.parameters)
        except ValueError as fault:
            raise errors.ScheduleRefused(why=f"{at}: {fault}", field="rules") from None


@verb("resource.run_numbers")
def release_schedule(*, schedule_id: int, valid_from: datetime | None = None, by: Actor, at: datetime) -> None:
    """Let a version hold from an instant on (``None``: now); the organisation's one before ends there.

    Numbers keep their grades until they are graded anew, sold ones their terms in any case. Raises ``NotFound``,
    ``ScheduleStays``, and ``ScheduleRefused`` for a start in the past or before the newest version's.
    """
    del by
    held, starts = _draft(schedule_id), valid_from or at
    others = GradeSchedule.objects.select_for_update().filter(org_id=held.org_id, state=ScheduleState.RELEASED, valid_until=None)
    if starts < at or any(other.valid_from is not None and other.valid_from >= starts for other in others):
        raise errors.ScheduleRefused(why=f"{starts:%Y-%m-%d %H:%M}", field="valid_from")
    others.update(valid_until=starts, changed_at=at)
    GradeSchedule.objects.filter(id=schedule_id).update(state=ScheduleState.RELEASED, valid_from=starts, changed_at=at)


@verb("resource.run_numbers")
def withdraw_schedule(*, schedule_id: int, by: Actor, at: datetime) -> None:
    """Withdraw a version that has not begun to hold; drafts too. Raises ``NotFound``, ``ScheduleStays``."""
    del by
    held = GradeSchedule.objects.select_for_update().filter(id=schedule_id).first()
    if held is None:
        raise NotFound
    if held.state == ScheduleState.WITHDRAWN or (held.state == ScheduleState.RELEASED and held.valid_from is not None and held.valid_from <= at):
        raise errors.ScheduleStays
    if held.state == ScheduleState.RELEASED:
        GradeSchedule.objects.filter(org_id=held.org_id, state=ScheduleState.RELEASED, valid_until=held.valid_from).update(valid_until=None, changed_at=at)
    GradeSchedule.objects.filter(id=schedule_id).update(
        state=ScheduleState.WITHDRAWN, valid_from=held.valid_from or at, valid_until=held.valid_from or at, changed_at=at)


@verb("resource.run_numbers")
def regrade_pool(*, pool_id: UUID, by: Actor, at: datetime) -> int:
    """Grade the free numbers of a pool by the version in force; returns how many changed their grade.

    Only free numbers: what is on hold or sold keeps what the customer was told. Raises ``NotFound``.
    """
    pool = NumberPool.objects.filter(id=pool_id).first()
    if pool is None:
        raise NotFound(field="pool_id")
    schedule = schedule_at(at, pool.org_id)
    if schedule is None:
        return 0
    grader, changed, last = grader_of(schedule), 0, ""
    free = Number.objects.filter(pool_id=pool.id, state=NumberState.FREE).order_by("number")
    while batch := list(free.filter(number__gt=last).select_for_update(skip_locked=True).values_list("id", "number", "grade", "graded_by")[:REGRADE_CHUNK]):
        last = batch[-1][1]
        graded = [(ident, grader.grade_of(number), grade, graded_by) for ident, number, grade, graded_by in batch]
        rows = [(ident, found, schedule) for ident, found, grade, graded_by in graded if (found, schedule) != (grade, graded_by)]
        change_rows("resource_number", ("id", "grade", "graded_by"), rows)
        changed += sum(1 for _ident, found, grade, _by in graded if found != grade)
    publish(NumbersRegraded(subject_id=pool.id, org_id=pool.org_id, schedule_id=schedule, changed=changed), by=by, at=at)
    return changed
