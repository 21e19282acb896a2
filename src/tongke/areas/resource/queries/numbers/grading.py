"""Which grades and patterns hold for an organisation, and what a number's grade is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import connection
from django.db.models import QuerySet

from tongke.areas.resource.models import Grade, GradeRule, GradeSchedule
from tongke.areas.resource.rules.grades import Grader, Pattern
from tongke.areas.resource.rules.numbers import written
from tongke.kernel.actor import Actor


def schedule_at(at: datetime, org_id: int) -> int | None:
    """Return the version of the grades that holds for an organisation: its own, or that of the nearest level above."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT resource_schedule_at(%s, %s)", [at, org_id])
        row = cursor.fetchone()
    return row[0] if row else None


# A released version never changes, so its patterns may be kept; the name tells one database's from another's.
@lru_cache(maxsize=32)
def _released(database: str, schedule_id: int) -> Grader:
    del database
    return grader_of(schedule_id)


def grader_of(schedule_id: int) -> Grader:
    """Return the patterns of a version in their order, ready to grade."""
    rules = GradeRule.objects.filter(schedule_id=schedule_id).order_by("position")
    return Grader([Pattern(rule.grade_code, rule.kind, rule.parameters) for rule in rules])


def grader_at(at: datetime, org_id: int) -> tuple[Grader, int | None]:
    """Return the patterns in force for an organisation and their version; without one every number is ordinary."""
    found = schedule_at(at, org_id)
    if found is None:
        return Grader([]), None
    return _released(str(connection.settings_dict["NAME"]), found), found


@dataclass(frozen=True, slots=True)
class GradeAnswer:
    """What a number's grade is by the version in force, and every rule that fits it, the deciding one first."""

    number: str
    grade: str
    terms: Grade | None
    schedule_id: int | None
    fitting: tuple[GradeRule, ...]


def grade_of(number: str, *, org_id: int, by: Actor, at: datetime) -> GradeAnswer:
    """Return which grade a number has by the patterns in force for an organisation, whether or not it is in a pool.

    Needs ``resource.view_numbers``. An unreadable number is graded by the digits it has.
    """
    by.require("resource.view_numbers")
    known = written(number) or "+" + "".join(c for c in number if c.isdigit())
    schedule = schedule_at(at, org_id)
    return _answer(known, schedule)


def grade_by(number: str, *, schedule_id: int, by: Actor) -> GradeAnswer:
    """Return which grade a version gives a number, also one that is still a draft: to try it out."""
    by.require("resource.view_numbers")
    return _answer(written(number) or "+" + "".join(c for c in number if c.isdigit()), schedule_id)


def _answer(number: str, schedule_id: int | None) -> GradeAnswer:
    rules = list(GradeRule.objects.filter(schedule_id=schedule_id).order_by("position")) if schedule_id else []
    grader = Grader([Pattern(rule.grade_code, rule.kind, rule.parameters) for rule in rules])
    grade = grader.grade_of(number)
    terms = Grade.objects.filter(schedule_id=schedule_id, code=grade).first() if schedule_id else None
    return GradeAnswer(number, grade, terms, schedule_id, tuple(rules[at] for at in grader.fitting(number)))


def schedules(*, by: Actor) -> QuerySet[GradeSchedule]:
    """Return every version of the grades of every organisation, newest first (they are no secret in the house)."""
    by.require("resource.view_numbers")
    return GradeSchedule.objects.order_by("org_id", "-version")


def grades_of(schedule_id: int, *, by: Actor) -> QuerySet[Grade]:
    """Return the grades of a version, the finest first."""
    by.require("resource.view_numbers")
    return Grade.objects.filter(schedule_id=schedule_id).order_by("rank")


def grade_rules_of(schedule_id: int, *, by: Actor) -> QuerySet[GradeRule]:
    """Return the patterns of a version in their order."""
    by.require("resource.view_numbers")
    return GradeRule.objects.filter(schedule_id=schedule_id).order_by("position")
