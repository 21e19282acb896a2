"""Records of the hub. Who subscribed stands in ``Subscription``; how its delivery fares, in ``Course``, which changes often."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tongke.kernel.ids import uuid7


class SubscriptionState(models.TextChoices):
    """Active ones are delivered to; suspended ones wait for a person; ended ones are told nothing more."""

    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    ENDED = "ended", _("ended")


class Subscription(models.Model):
    """Another system's wish to be told events of one API, in the name of a machine client or of a person at a post.

    ``held`` are the permissions with which it was made: what the owner loses it loses, what the owner gains it does not.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    client_id = models.UUIDField(null=True)
    staff_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    owner = models.CharField(max_length=150)
    held = ArrayField(models.CharField(max_length=80))
    api = models.CharField(max_length=20, db_collation="C")
    topic_id = models.UUIDField(null=True)
    callback = models.CharField(max_length=2000)
    query = models.CharField(max_length=8000, blank=True)
    secret = models.BinaryField()
    state = models.CharField(max_length=10, choices=SubscriptionState.choices, default=SubscriptionState.ACTIVE)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        app_label = "tmf"
        db_table = "tmf_subscription"
        indexes: ClassVar = [models.Index(fields=["state", "api"], name="tmf_subscription_active")]

    def __str__(self) -> str:
        return f"{self.api} {self.callback}"


class Course(models.Model):
    """How far a subscription's delivery has come. Everything up to ``position`` is delivered, dead or dropped."""

    subscription_id = models.UUIDField(primary_key=True)
    position = models.BigIntegerField(default=0)
    delivered = models.BigIntegerField(default=0)
    failures = models.IntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    lease_owner = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    last_error_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "tmf"
        db_table = "tmf_course"

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.position}"


class InboxRow(models.Model):
    """An event of the outbox that nobody has looked at yet, put here by the outbox's own trigger."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField()
    occurred_at = models.DateTimeField()
    error = models.TextField(blank=True, db_default="")

    class Meta:
        app_label = "tmf"
        db_table = "tmf_inbox"
        indexes: ClassVar = [models.Index(fields=["id"], name="tmf_inbox_failed", condition=~models.Q(error=""))]

    def __str__(self) -> str:
        return f"{self.id} {self.event_id}"


class Notice(models.Model):
    """An official event as one standing may see it (``rights``): the body that all subscriptions of that standing get."""

    id = models.BigIntegerField(primary_key=True)
    org_id = models.IntegerField()
    event_id = models.UUIDField()
    occurred_at = models.DateTimeField()
    api = models.CharField(max_length=20)
    resource = models.CharField(max_length=60)
    type = models.CharField(max_length=100)
    record_id = models.UUIDField(null=True)
    rights = models.CharField(max_length=32)
    message_id = models.CharField(max_length=150)
    body = models.TextField()

    class Meta:
        app_label = "tmf"
        db_table = "tmf_notice"

    def __str__(self) -> str:
        return f"{self.type} {self.record_id}"


class Delivery(models.Model):
    """A notice on its way to one subscription. Its number gives the order; ``dead_at`` takes it out of the line."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.IntegerField()
    subscription_id = models.UUIDField()
    notice_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    tries = models.IntegerField(db_default=0)
    status = models.IntegerField(null=True)
    reason = models.TextField(blank=True, db_default="")
    dead_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "tmf"
        db_table = "tmf_delivery"
        indexes: ClassVar = [
            models.Index(fields=["subscription_id", "id"], name="tmf_delivery_line", condition=models.Q(dead_at__isnull=True)),
            models.Index(fields=["subscription_id", "id"], name="tmf_delivery_dead", condition=models.Q(dead_at__isnull=False)),
            models.Index(fields=["notice_id"], name="tmf_delivery_notice"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.id}"


class AllowedTarget(models.Model):
    """A host or a network to which events may be sent."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    target = models.CharField(max_length=255, unique=True)
    note = models.CharField(max_length=200, blank=True)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()

    class Meta:
        app_label = "tmf"
        db_table = "tmf_allowed_target"

    def __str__(self) -> str:
        return self.target
