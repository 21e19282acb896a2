"""Contacts with customers, partitioned by month."""

from __future__ import annotations

from django.db import models

from tongke.areas.contact_centre.states import Channel, Direction, InteractionKind, InteractionState
from tongke.kernel.ids import uuid7


class Interaction(models.Model):
    """One contact on one channel. ``reference`` links the case, order or campaign it belongs to.

    Most are recorded when they are over; one that goes on is open or in progress until ``ended_at``.
    """

    pk = models.CompositePrimaryKey("occurred_at", "id")
    id = models.UUIDField(default=uuid7)
    occurred_at = models.DateTimeField()
    org_id = models.IntegerField()
    customer_id = models.UUIDField()
    subscriber_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    direction = models.CharField(max_length=10, choices=Direction.choices)
    kind = models.CharField(max_length=12, choices=InteractionKind.choices)
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    staff_id = models.UUIDField(null=True)
    staff_name = models.CharField(max_length=60, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    duration_seconds = models.IntegerField(null=True)
    state = models.CharField(max_length=10, choices=InteractionState.choices, default=InteractionState.COMPLETED)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(null=True)
    state_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "contact_centre_interaction"
        managed = False

    def __str__(self) -> str:
        return f"{self.channel} {self.occurred_at}"
