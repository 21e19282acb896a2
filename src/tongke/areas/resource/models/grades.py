"""Grades of fine numbers (靓号等级): versions of the table, the grades with their terms, the patterns that give them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.resource.states import PatternKind, ScheduleState
from tongke.kernel.ids import uuid7


class GradeSchedule(models.Model):
    """One version of an organisation's table of grades. The id is its organisation times 1000 plus the version, so that
    versions of two provinces never share one. It holds for the organisation and all below that have none of their own,
    from ``valid_from`` until ``valid_until``, excluded; once released, nothing in it changes (by trigger).
    """

    id = models.IntegerField(primary_key=True)
    org_id = models.IntegerField()
    version = models.IntegerField()
    name = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=ScheduleState.choices, default=ScheduleState.DRAFT)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    made_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "resource_grade_schedule"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_id", "version"], name="grade_schedule_version_once"),
            models.CheckConstraint(
                condition=models.Q(state=ScheduleState.DRAFT) | models.Q(valid_from__isnull=False), name="grade_schedule_released_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org_id} v{self.version}"


class Grade(models.Model):
    """What a grade of one version asks of the customer. ``rank`` 1 is the finest. Amounts in ``currency``.

    ``monthly_floor`` is the least a month costs (for the whole term, also while the line is suspended where
    ``floor_while_suspended``); leaving early costs ``penalty_percent`` of the floor of the months that remain. Passing
    the number on starts the term anew, but for a low grade (``exempt_after_term``) whose term is over.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    schedule = models.ForeignKey(GradeSchedule, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=8, db_collation="C")
    rank = models.SmallIntegerField()
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    prestore = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    monthly_floor = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, default="CNY")
    term_months = models.SmallIntegerField(default=0)
    floor_while_suspended = models.BooleanField(default=True)
    penalty_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    exempt_after_term = models.BooleanField(default=False)

    class Meta:
        db_table = "resource_grade"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["schedule", "code"], name="grade_code_once"),
            models.UniqueConstraint(fields=["schedule", "rank"], name="grade_rank_once"),
            models.CheckConstraint(
                condition=models.Q(prestore__gte=0, monthly_floor__gte=0, term_months__gte=0, penalty_percent__gte=0, penalty_percent__lte=100),
                name="grade_terms_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.code}"


class GradeRule(models.Model):
    """One pattern of a version: the first by ``position`` that a number fits gives it ``grade_code``."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    schedule = models.ForeignKey(GradeSchedule, on_delete=models.PROTECT, related_name="+")
    position = models.SmallIntegerField()
    grade_code = models.CharField(max_length=8, db_collation="C")
    kind = models.CharField(max_length=12, choices=PatternKind.choices)
    parameters = models.JSONField(default=dict)
    about = models.CharField(max_length=100, blank=True)

    class Meta:
        db_table = "resource_grade_rule"
        constraints: ClassVar = [models.UniqueConstraint(fields=["schedule", "position"], name="grade_rule_position_once")]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.position} {self.kind}"
