"""Blocks of numbers (号段), their ranges at the organisations, and the pools that ranges are allotted to (号池)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tongke.areas.resource.states import BlockSource, NumberKind
from tongke.kernel.ids import uuid7


class NumberBlock(models.Model):
    """A block of consecutive numbers, both ends included, as digits with the country code (``8613857100000``).

    No two blocks overlap while both are in force: the database refuses it (``number_block_apart``). A donor's block is
    another operator's: only numbers ported in are recorded in it, and they go back to it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    code = models.CharField(max_length=40, db_collation="C")
    kind = models.CharField(max_length=8, choices=NumberKind.choices)
    source = models.CharField(max_length=12, choices=BlockSource.choices, default=BlockSource.REGULATOR)
    donor = models.CharField(max_length=60, blank=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    document = models.CharField(max_length=120, blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "resource_number_block"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code"], name="number_block_code_once"),
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="number_block_has_numbers"),
            models.CheckConstraint(condition=models.Q(first__gte=1_000_000, last__lt=10**15), name="number_block_is_e164"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.first}-{self.last}"


class NumberRange(models.Model):
    """A part of a block that an organisation was given by the one above it: group → province → local network.

    ``parent`` is the giver's own range (``None``: given straight out of the block). Ranges of one level never overlap
    (``number_range_apart``); a range lies within its parent, and its organisation below the parent's (by trigger).
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    block = models.ForeignKey(NumberBlock, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    level = models.SmallIntegerField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    reason = models.TextField(blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "resource_number_range"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="number_range_has_numbers"),
        ]

    def __str__(self) -> str:
        return f"{self.org_id} {self.first}-{self.last}"


class NumberPool(models.Model):
    """What an organisation sells from: numbers of one kind for some channels (none named: for all).

    The desk is told when fewer than ``dry_below`` numbers are free or fewer than ``dry_days`` days of recent take-up are
    left; ``dry_since`` is when that began (``None``: there are enough). ``taken_per_day`` is the recent take-up.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    code = models.CharField(max_length=40, db_collation="C")
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=8, choices=NumberKind.choices)
    channels = ArrayField(models.CharField(max_length=20), default=list)
    dry_below = models.IntegerField(default=0)
    dry_days = models.IntegerField(default=0)
    dry_since = models.DateTimeField(null=True)
    taken_per_day = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    gauged_at = models.DateTimeField(null=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "resource_number_pool"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_id", "code"], name="number_pool_code_once"),
            models.UniqueConstraint(fields=["id", "org_id"], name="number_pool_with_org"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class NumberAllotment(models.Model):
    """Which numbers of an organisation's range feed which pool, dated; allotments never overlap (``number_allotment_apart``)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    pool = models.ForeignKey(NumberPool, on_delete=models.PROTECT, related_name="+")
    range = models.ForeignKey(NumberRange, on_delete=models.PROTECT, related_name="+")
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "resource_number_allotment"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="number_allotment_has_numbers"),
        ]

    def __str__(self) -> str:
        return f"{self.pool_id} {self.first}-{self.last}"
