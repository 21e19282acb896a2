"""Prices of offerings, tiers, price lists and tax rates."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.catalogue.models.offering import Offering
from tongke.areas.catalogue.models.version import Version
from tongke.areas.catalogue.states import LifeCycle, Period, PriceKind, Proration, TierMode, UsageType
from tongke.kernel.ids import uuid7


class Price(models.Model):
    """One price (资费) of an offering's version; several rows of one ``code`` are alternatives of which the most fitting counts.

    ``segment``, ``channel``, ``area_id`` (an organisation, with all below it) and ``condition`` (values of characteristics) narrow a row;
    empty means all. ``part_code`` sets the price of a bundle's part instead of the part's own; there ``percent_of_part``
    prices it as a percentage of its own. Usage is charged per ``unit_size`` units of ``usage_type``, begun ones whole.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField(default=1)
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=PriceKind.choices)
    charge_type = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    amount = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    currency = models.CharField(max_length=3, default="CNY")
    tax_category = models.CharField(max_length=20, default="basic_telecom")
    tax_included = models.BooleanField(default=True)
    period = models.CharField(max_length=6, choices=Period.choices, blank=True, default="")
    proration = models.CharField(max_length=12, choices=Proration.choices, default=Proration.DAILY)
    usage_type = models.CharField(max_length=24, choices=UsageType.choices, blank=True, default="")
    unit_size = models.DecimalField(max_digits=18, decimal_places=2, default=1)
    tier_mode = models.CharField(max_length=6, choices=TierMode.choices, default=TierMode.SLAB)
    segment = models.CharField(max_length=20, blank=True, default="")
    channel = models.CharField(max_length=20, blank=True, default="")
    area_id = models.IntegerField(null=True)
    condition = models.JSONField(default=dict)
    part_code = models.CharField(max_length=40, blank=True, default="")
    percent_of_part = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    position = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "catalogue_price"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["offering", "code", "part_code", "segment", "channel", "area_id", "condition"], name="price_once", nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.amount}"


class PriceTier(models.Model):
    """The price per unit between ``from_units`` and the next tier (阶梯)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField(default=1)
    price = models.ForeignKey(Price, on_delete=models.PROTECT, related_name="+")
    from_units = models.DecimalField(max_digits=18, decimal_places=2)
    amount = models.DecimalField(max_digits=18, decimal_places=6)

    class Meta:
        db_table = "catalogue_price_tier"
        constraints: ClassVar = [models.UniqueConstraint(fields=["price", "from_units"], name="price_tier_once")]

    def __str__(self) -> str:
        return f"{self.from_units}+ {self.amount}"


class PriceList(Version):
    """One version of a price list (价目表): other prices for a segment, a channel or an area, dated; higher ``priority`` wins."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    segment = models.CharField(max_length=20, blank=True, default="")
    channel = models.CharField(max_length=20, blank=True, default="")
    area_id = models.IntegerField(null=True)
    priority = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "catalogue_price_list"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version"], name="price_list_version_once"),
            models.UniqueConstraint(
                fields=["code"], name="price_list_launched_once", condition=models.Q(state=LifeCycle.LAUNCHED, valid_until__isnull=True),
            ),
        ]


class PriceListEntry(models.Model):
    """The price of one offering's price ``price_code`` on a list: an ``amount``, or a ``percent`` of the offering's own."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField(default=1)
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="+")
    offering_code = models.CharField(max_length=40)
    price_code = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    percent = models.DecimalField(max_digits=6, decimal_places=2, null=True)

    class Meta:
        db_table = "catalogue_price_list_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["price_list", "offering_code", "price_code"], name="price_list_entry_once"),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=False, percent__isnull=True) | models.Q(amount__isnull=True, percent__isnull=False),
                name="price_list_entry_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offering_code} {self.price_code}"


class TaxRate(models.Model):
    """The rate of one tax category (税率), dated; the half-open periods of a category do not overlap."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField(default=1)
    category = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "catalogue_tax_rate"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["category", "valid_from"], name="tax_rate_starts_once"),
            models.UniqueConstraint(fields=["category"], name="tax_rate_open_once", condition=models.Q(valid_until__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.percent}"
