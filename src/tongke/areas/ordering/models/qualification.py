"""Qualifications that were asked for and recorded: what was said, by which rules, on which facts, until when it holds."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.ordering.states import ItemAction, Outcome, QualificationState
from tongke.kernel.ids import uuid7


class Qualification(models.Model):
    """One qualification of a customer (or of a prospect: none). ``fingerprint`` digests the facts and names the rule book's revision.

    It holds until ``expires_at`` at the longest; an order judges anew when it is submitted and before it is activated.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    number = models.CharField(max_length=30, unique=True, db_collation="C")
    customer = models.ForeignKey("party.Customer", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=QualificationState.choices, default=QualificationState.ACKNOWLEDGED)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default="")
    channel = models.CharField(max_length=20, blank=True, default="")
    place_id = models.UUIDField(null=True)
    subscriber_id = models.UUIDField(null=True)
    asked = models.JSONField(default=dict)
    description = models.CharField(max_length=300, blank=True, default="")
    fingerprint = models.CharField(max_length=100, blank=True, default="")
    revision = models.BigIntegerField(default=0)
    requested_by = models.CharField(max_length=150)
    requested_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "ordering_qualification"
        indexes: ClassVar = [
            models.Index(fields=["org_id", "id"], name="qualification_by_org"),
        ]

    def __str__(self) -> str:
        return self.number


class QualificationItem(models.Model):
    """What was said of one offering. ``reasons`` hold code, rule, version, effect, and both sentences in both languages."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="+", db_index=False)
    ordinal = models.SmallIntegerField()
    given_id = models.CharField(max_length=60, blank=True, default="")
    action = models.CharField(max_length=10, choices=ItemAction.choices, default=ItemAction.ADD)
    offering_code = models.CharField(max_length=40)
    offering_version = models.IntegerField(default=0)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    reasons = models.JSONField(default=list)
    deposit = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    penalty = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, default="CNY")

    class Meta:
        db_table = "ordering_qualification_item"
        constraints: ClassVar = [models.UniqueConstraint(fields=["qualification", "ordinal"], name="qualification_item_once")]

    def __str__(self) -> str:
        return f"{self.offering_code} {self.outcome}"
