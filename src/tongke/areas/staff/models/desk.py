"""What people keep for themselves: notifications and filters; and the room's policy."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.staff.models.people import Staff
from tongke.kernel.ids import uuid7


class Notification(models.Model):
    """A line in a person's notification tray."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    text = models.JSONField()
    link = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "staff_notification"
        indexes: ClassVar = [models.Index(fields=["staff", "-at"], name="notification_tray")]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.at}"


class SavedFilter(models.Model):
    """A list page's filter that a person keeps or shares with the unit."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "staff_saved_filter"
        constraints: ClassVar = [models.UniqueConstraint(fields=["staff", "page", "name"], name="saved_filter_once")]

    def __str__(self) -> str:
        return f"{self.page} {self.name}"


class PolicyFigure(models.Model):
    """One figure of the room's policy from a day on; the newest that has begun holds."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=60)
    value = models.JSONField()
    valid_from = models.DateTimeField()
    set_by = models.CharField(max_length=150)
    set_at = models.DateTimeField()

    class Meta:
        db_table = "staff_policy"
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "valid_from"], name="policy_figure_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"
