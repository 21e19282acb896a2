"""Approvals and the log of looks at personal data."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.staff.models.people import Colleague, Staff
from tongke.areas.staff.states import ApprovalState
from tongke.kernel.ids import uuid7


class Approval(models.Model):
    """A request that a second person must approve: role grants, bulk exports, rating overrides and the like."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=60)
    org_id = models.IntegerField()
    subject = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    permission = models.CharField(max_length=60, default="staff.approve")
    reason = models.TextField()
    state = models.CharField(max_length=12, choices=ApprovalState.choices, default=ApprovalState.REQUESTED)
    requested_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(blank=True)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "staff_approval"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("requested_by")),
                name="approval_takes_two",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "requested_at"], name="approval_open")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def asker(self) -> Colleague | None:
        """Who asked, where the row was read with names."""
        return Colleague.read(getattr(self, "requested_name", None))

    @property
    def decider(self) -> Colleague | None:
        """Who decided, where the row was read with names and somebody did."""
        return Colleague.read(getattr(self, "decided_name", None))


class Look(models.Model):
    """A look at a customer's data: who, whom, what for, and which personal data came unmasked.
    Partitioned by month.
    """

    pk = models.CompositePrimaryKey("at", "id")
    id = models.UUIDField(default=uuid7)
    at = models.DateTimeField()
    staff_id = models.UUIDField(null=True)
    actor = models.TextField()
    org_id = models.IntegerField(null=True)
    kind = models.CharField(max_length=20)
    customer_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=60)
    clear = models.TextField(blank=True)
    detail = models.JSONField(null=True)

    class Meta:
        db_table = "staff_look"
        managed = False

    def __str__(self) -> str:
        return f"{self.at} {self.actor} {self.kind}"
