"""Holds of numbers, and what customers promised for fine ones."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.resource.states import ORDINARY, CommitmentState, HoldState
from tongke.kernel.ids import uuid7


class NumberHold(models.Model):
    """A number kept for an order until ``expires_at``; its id is the token that confirms, extends or ends it.

    ``clerk`` is the actor's name, ``person_key`` a keyed digest of whom it is for: both have a quota of open holds.
    The number's own row says whether the hold still stands (``hold_id``); this row tells of it, and of the
    grade whose price the customer was told.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    number_id = models.UUIDField()
    number = models.CharField(max_length=16, db_collation="C")
    pool_id = models.UUIDField(null=True)
    order_ref = models.CharField(max_length=80, blank=True)
    clerk = models.CharField(max_length=150, db_collation="C")
    person_key = models.CharField(max_length=64, blank=True, db_collation="C")
    channel = models.CharField(max_length=20, blank=True)
    request_key = models.CharField(max_length=120, null=True, db_collation="C")
    state = models.CharField(max_length=10, choices=HoldState.choices, default=HoldState.OPEN)
    extensions = models.SmallIntegerField(default=0)
    held_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    grade = models.CharField(max_length=8, db_collation="C", default=ORDINARY)
    graded_by = models.IntegerField(null=True)

    class Meta:
        db_table = "resource_number_hold"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clerk", "request_key"], name="number_hold_requested_once"),
            models.UniqueConstraint(fields=["number_id"], name="number_hold_open_once", condition=models.Q(state="open")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["clerk", "expires_at"], name="number_hold_of_clerk", condition=models.Q(state="open")),
            models.Index(fields=["person_key", "expires_at"], name="number_hold_of_person", condition=models.Q(state="open") & ~models.Q(person_key="")),
            models.Index(fields=["expires_at"], name="number_hold_by_expiry", condition=models.Q(state="open")),
            models.Index(fields=["order_ref"], name="number_hold_of_order", condition=~models.Q(order_ref="")),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class NumberCommitment(models.Model):
    """What the holder of a fine number promised, frozen as it was sold: later versions of the grades do not touch it (T4).

    Runs from ``starts_on`` for ``term_months``; ``ends_on`` is the first day after. ``penalty`` is what leaving cost.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    number_id = models.UUIDField()
    number = models.CharField(max_length=16, db_collation="C")
    assigned_to = models.UUIDField()
    schedule_id = models.IntegerField()
    grade = models.CharField(max_length=8, db_collation="C")
    prestore = models.DecimalField(max_digits=18, decimal_places=2)
    monthly_floor = models.DecimalField(max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3)
    term_months = models.SmallIntegerField()
    floor_while_suspended = models.BooleanField()
    penalty_percent = models.DecimalField(max_digits=5, decimal_places=2)
    exempt_after_term = models.BooleanField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=12, choices=CommitmentState.choices, default=CommitmentState.IN_FORCE)
    ended_on = models.DateField(null=True)
    penalty = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "resource_number_commitment"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number_id"], name="number_commitment_in_force_once", condition=models.Q(state="in_force")),
        ]
        indexes: ClassVar = [models.Index(fields=["assigned_to"], name="number_commitment_of_line")]

    def __str__(self) -> str:
        return f"{self.number} {self.grade} {self.state}"
