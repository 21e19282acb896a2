"""Offerings with their bundle parts, allowances and terms."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tongke.areas.catalogue.models.specification import Specification
from tongke.areas.catalogue.states import LifeCycle, OfferingKind, PenaltyKind, Proration, UsageType
from tongke.kernel.ids import uuid7


class Offering(models.Model):
    """One version of something that is sold (商品). ``code`` and ``version`` together are unique and immutable.

    ``monthly_fee`` is the recurring list price in a plain month, kept beside the prices for lists and for installed products.
    ``characteristics`` are the values that the offering fixes of its specification's. Empty ``segments``, ``channels``
    or ``sold_in`` (organisations, with all below them) mean all. ``own_until`` is the end of sale that was set for it, where the
    next version ends it sooner. ``sellable`` says that it may be sold by itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=40)
    version = models.IntegerField(default=1)
    kind = models.CharField(max_length=20, choices=OfferingKind.choices)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    monthly_fee = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, default="CNY")
    characteristics = models.JSONField(default=dict)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    own_until = models.DateTimeField(null=True)
    org_id = models.IntegerField(default=1, db_default=1)
    state = models.CharField(max_length=10, choices=LifeCycle.choices, default=LifeCycle.LAUNCHED, db_default=LifeCycle.LAUNCHED)
    specification = models.ForeignKey(Specification, null=True, on_delete=models.PROTECT, related_name="+")
    description_zh = models.TextField(blank=True, default="", db_default="")
    description_en = models.TextField(blank=True, default="", db_default="")
    sellable = models.BooleanField(default=True, db_default=True)
    segments = ArrayField(models.CharField(max_length=20), default=list, db_default=[])
    channels = ArrayField(models.CharField(max_length=20), default=list, db_default=[])
    sold_in = ArrayField(models.IntegerField(), default=list, db_default=[])
    note = models.TextField(blank=True, default="", db_default="")
    created_by = models.CharField(max_length=150, blank=True, default="", db_default="")
    created_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "catalogue_offering"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version"], name="offering_version_once"),
            models.UniqueConstraint(
                fields=["code"], name="offering_launched_once", condition=models.Q(state=LifeCycle.LAUNCHED, valid_until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class BundlePart(models.Model):
    """One part of a bundle (组合): how many of ``part_code`` at least, at most and unless chosen otherwise.

    Parts of the same ``group_code`` are alternatives: together they count between the group's least and most.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField(default=1)
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="+")
    part_code = models.CharField(max_length=40)
    group_code = models.CharField(max_length=40, blank=True, default="")
    group_min = models.SmallIntegerField(default=0)
    group_max = models.SmallIntegerField(null=True)
    quantity_min = models.SmallIntegerField(default=0)
    quantity_max = models.SmallIntegerField(default=1)
    quantity_default = models.SmallIntegerField(default=0)
    position = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "catalogue_bundle_part"
        constraints: ClassVar = [models.UniqueConstraint(fields=["offering", "part_code"], name="bundle_part_once")]

    def __str__(self) -> str:
        return self.part_code


class Allowance(models.Model):
    """What a recurring price includes each month (套餐内含量), in units of ``usage_type``."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField(default=1)
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="+")
    usage_type = models.CharField(max_length=24, choices=UsageType.choices)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    rollover_months = models.SmallIntegerField(default=0)
    shared = models.BooleanField(default=False)
    proration = models.CharField(max_length=12, choices=Proration.choices, default=Proration.DAILY)
    position = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "catalogue_allowance"
        constraints: ClassVar = [models.UniqueConstraint(fields=["offering", "usage_type", "shared"], name="allowance_once")]

    def __str__(self) -> str:
        return f"{self.amount} {self.usage_type}"


class Term(models.Model):
    """A contract term (合约) that an offering is sold with; several are alternatives, ``default`` the one unless chosen otherwise.

    ``penalty_percent`` is of the fees of the remaining months or of the benefits given back; ``floor_amount`` the least spend a month,
    ``prestore_amount`` paid beforehand and returned over ``return_months``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField(default=1)
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    months = models.SmallIntegerField()
    default = models.BooleanField(default=False)
    penalty_kind = models.CharField(max_length=16, choices=PenaltyKind.choices, default=PenaltyKind.NONE)
    penalty_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    penalty_amount = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    floor_amount = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    prestore_amount = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    return_months = models.SmallIntegerField(default=0)
    notice_days = models.SmallIntegerField(default=30)
    position = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "catalogue_term"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["offering", "code"], name="term_code_once"),
            models.UniqueConstraint(fields=["offering"], name="term_default_once", condition=models.Q(default=True)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.months}"
