"""Papers of stock: transfers between places with their two ends, and stocktakes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.resource.models.stock import StockItem, StockPlace
from tongke.areas.resource.states.stock import CountFinding, CountState, TransferFinding, TransferState
from tongke.kernel.ids import uuid7


class StockTransfer(models.Model):
    """A transfer from one stock place to another; both organisations see it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    to_org_id = models.IntegerField()
    number = models.CharField(max_length=20, db_collation="C")
    from_place = models.ForeignKey(StockPlace, on_delete=models.PROTECT, related_name="+")
    to_place = models.ForeignKey(StockPlace, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=TransferState.choices, default=TransferState.SENT)
    quantity = models.IntegerField()
    note = models.CharField(max_length=200, blank=True)
    sent_by = models.CharField(max_length=150)
    sent_at = models.DateTimeField()
    received_by = models.CharField(max_length=150, blank=True)
    received_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=150, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "resource_stock_transfer"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number"], name="stock_transfer_number_once"),
            models.CheckConstraint(condition=~models.Q(from_place=models.F("to_place")), name="stock_transfer_goes_somewhere"),
        ]
        indexes: ClassVar = [models.Index(fields=["org_id", "id"], name="stock_transfer_by_org")]

    def __str__(self) -> str:
        return self.number


class StockTransferLine(models.Model):
    """One serial of a transfer and what the receiving end says of it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    to_org_id = models.IntegerField()
    transfer = models.ForeignKey(StockTransfer, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(StockItem, null=True, on_delete=models.PROTECT, related_name="+")
    serial = models.CharField(max_length=40, db_collation="C")
    finding = models.CharField(max_length=8, choices=TransferFinding.choices, default=TransferFinding.SENT)

    class Meta:
        db_table = "resource_stock_transfer_line"
        constraints: ClassVar = [models.UniqueConstraint(fields=["transfer", "serial"], name="transfer_line_once")]

    def __str__(self) -> str:
        return f"{self.serial} {self.finding}"


class StockCount(models.Model):
    """A stocktake of one place: opened, scanned, finished, and closed by a second person. One at a time per place."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    number = models.CharField(max_length=20, db_collation="C")
    stock_place = models.ForeignKey(StockPlace, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=CountState.choices, default=CountState.OPEN)
    expected = models.IntegerField()
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField()
    finished_by = models.CharField(max_length=150, blank=True)
    finished_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "resource_stock_count"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number"], name="stock_count_number_once"),
            models.UniqueConstraint(fields=["stock_place"], name="stock_count_one_at_a_time", condition=models.Q(state__in=["open", "counted"])),
        ]
        indexes: ClassVar = [
            models.Index(fields=["org_id", "id"], name="stock_count_by_org"),
            models.Index(fields=["stock_place", "id"], name="stock_count_by_place"),
        ]

    def __str__(self) -> str:
        return self.number


class StockCountLine(models.Model):
    """One serial of a stocktake: expected there, found there, or both. ``scanned_by`` is empty for what nobody saw."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    count = models.ForeignKey(StockCount, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(StockItem, null=True, on_delete=models.PROTECT, related_name="+")
    serial = models.CharField(max_length=40, db_collation="C")
    finding = models.CharField(max_length=8, choices=CountFinding.choices)
    scanned_by = models.CharField(max_length=150, blank=True)
    scanned_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "resource_stock_count_line"
        constraints: ClassVar = [models.UniqueConstraint(fields=["count", "serial"], name="count_line_once")]

    def __str__(self) -> str:
        return f"{self.serial} {self.finding}"
