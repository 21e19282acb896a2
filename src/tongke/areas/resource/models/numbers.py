"""Numbers, one row each, and the moves of their lives."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.resource.models.pools import NumberBlock, NumberPool
from tongke.areas.resource.states import ORDINARY, NumberKind, NumberState


class Number(models.Model):
    """A number (E.164 with ``+``). ``id`` follows from the number (``rules.numbers.number_id``), and back.

    ``held_until`` is when a hold ends by itself; ``cooling_until`` when a given-up number may be given anew: the
    database refuses to free it before. ``assigned_to`` is the line that has it. ``operator`` names the other operator of
    a number ported in or out. ``spread`` is a random place by which free numbers are walked, so that two clerks do not
    stand before the same ones. ``graded_by`` is the version of the table of grades that ``grade`` belongs to.
    """

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=16, db_collation="C", unique=True)
    org_id = models.IntegerField()
    block = models.ForeignKey(NumberBlock, on_delete=models.PROTECT, related_name="+", db_index=False)
    pool = models.ForeignKey(NumberPool, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=NumberKind.choices)
    grade = models.CharField(max_length=8, db_collation="C", default=ORDINARY)
    graded_by = models.IntegerField(null=True)
    state = models.CharField(max_length=10, choices=NumberState.choices, default=NumberState.FREE, db_collation="C")
    spread = models.IntegerField()
    hold_id = models.UUIDField(null=True)
    held_until = models.DateTimeField(null=True)
    assigned_to = models.UUIDField(null=True)
    order_ref = models.CharField(max_length=80, blank=True)
    cooling_until = models.DateTimeField(null=True)
    operator = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "resource_number"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=NumberState.values), name="number_state_known"),
            models.CheckConstraint(
                condition=models.Q(state="held", hold_id__isnull=False, held_until__isnull=False)
                | (~models.Q(state="held") & models.Q(hold_id__isnull=True, held_until__isnull=True)), name="number_held_by_a_hold",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["assigned", "suspended"], assigned_to__isnull=False)
                | (~models.Q(state__in=["assigned", "suspended"]) & models.Q(assigned_to__isnull=True)), name="number_assigned_to_a_line",
            ),
            models.CheckConstraint(
                condition=models.Q(state="cooling", cooling_until__isnull=False)
                | (~models.Q(state="cooling") & models.Q(cooling_until__isnull=True)), name="number_cools_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class NumberMove(models.Model):
    """One move in a number's life: append-only, partitioned by month on ``at``. Ids run in the order of the moves; the
    instants are those of the callers' clocks.
    """

    pk = models.CompositePrimaryKey("number_id", "at", "id")
    id = models.UUIDField()
    number_id = models.UUIDField()
    at = models.DateTimeField()
    org_id = models.IntegerField()
    pool_id = models.UUIDField(null=True)
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=10)
    to_state = models.CharField(max_length=10)
    hold_id = models.UUIDField(null=True)
    assigned_to = models.UUIDField(null=True)
    order_ref = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=150)

    class Meta:
        db_table = "resource_number_move"
        managed = False

    def __str__(self) -> str:
        return f"{self.number_id} {self.from_state}→{self.to_state}"
