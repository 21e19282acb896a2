"""Reservations of ports and stock items by orders."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.resource.states.network import ReservationKind, ReservationState
from tongke.kernel.ids import uuid7


class Reservation(models.Model):
    """What an order keeps for itself until ``expires_at``, and whoever shows ``token`` may use.

    ``key`` makes the asking repeatable: the same order and key is the same reservation. ``asked`` is a digest of what was
    asked for, so that another asking under the same key is told from a repeated one; empty for what is older.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    kind = models.CharField(max_length=6, choices=ReservationKind.choices)
    order_ref = models.CharField(max_length=80, db_collation="C")
    key = models.CharField(max_length=120, db_collation="C")
    asked = models.CharField(max_length=64, blank=True, default="", db_default="", db_collation="C")
    token = models.UUIDField()
    state = models.CharField(max_length=8, choices=ReservationState.choices, default=ReservationState.HELD)
    expires_at = models.DateTimeField()
    extensions = models.SmallIntegerField(default=0)
    service_ref = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    reserved_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "resource_reservation"
        constraints: ClassVar = [models.UniqueConstraint(fields=["order_ref", "key"], name="reservation_once")]
        indexes: ClassVar = [
            models.Index(fields=["org_id", "id"], name="reservation_by_org"),
            models.Index(fields=["expires_at"], name="reservation_running_out", condition=models.Q(state="held")),
        ]

    def __str__(self) -> str:
        return f"{self.order_ref} {self.kind}"


class ReservationLine(models.Model):
    """One port or item of a reservation, from when it was taken until it was given back."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="+")
    port = models.ForeignKey("resource.Port", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey("resource.StockItem", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    taken_at = models.DateTimeField()
    freed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "resource_reservation_line"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["port"], name="port_held_once", condition=models.Q(freed_at__isnull=True)),
            models.UniqueConstraint(fields=["item"], name="item_held_once", condition=models.Q(freed_at__isnull=True)),
            models.CheckConstraint(
                condition=models.Q(port__isnull=False, item__isnull=True) | models.Q(port__isnull=True, item__isnull=False),
                name="reservation_line_is_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.port_id or self.item_id)
