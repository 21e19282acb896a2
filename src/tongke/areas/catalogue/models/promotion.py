"""Discounts within authority, and promotions with a quota that holds."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tongke.areas.catalogue.models.version import Version
from tongke.areas.catalogue.states import GrantState, PriceKind, PromotionKind
from tongke.kernel.ids import uuid7


class DiscountAuthority(models.Model):
    """How much a role may take off by itself (折扣权限), dated; above it a second person decides. ``kind`` is that of the price.

    A lower level narrows what the levels above give. A discount that was promised stands for ``promise_days``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField(default=1)
    role_code = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=PriceKind.choices)
    percent_max = models.DecimalField(max_digits=5, decimal_places=2)
    amount_max = models.DecimalField(max_digits=18, decimal_places=2)
    promise_days = models.SmallIntegerField(default=30, db_default=30)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "catalogue_discount_authority"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_id", "role_code", "kind", "valid_from"], name="discount_authority_starts_once"),
            models.UniqueConstraint(
                fields=["org_id", "role_code", "kind"], name="discount_authority_open_once", condition=models.Q(valid_until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role_code} {self.percent_max}%"


class DiscountGrant(models.Model):
    """A discount promised to a customer for one offering's price: by whom, why, with whose approval; used once."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    customer_id = models.UUIDField()
    offering_code = models.CharField(max_length=40)
    price_code = models.CharField(max_length=40)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    months = models.SmallIntegerField(null=True)
    reason = models.TextField()
    approval_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=GrantState.choices, default=GrantState.HELD)
    used_for = models.CharField(max_length=80, blank=True, default="")
    granted_by = models.CharField(max_length=150)
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "catalogue_discount_grant"
        indexes: ClassVar = [models.Index(fields=["customer_id", "offering_code"], name="discount_grant_by_customer")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(amount__isnull=False, percent__isnull=True) | models.Q(amount__isnull=True, percent__isnull=False),
                name="discount_grant_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offering_code} {self.state}"


class Promotion(Version):
    """One version of a promotion (促销): for whom, what it gives, with what it stacks, how often it may be given.

    ``used`` counts shares that are held or used; only the verbs' one statement moves it, and never beyond ``quota_total``
    (without a limit nothing is counted). ``percent``, ``amount``, ``months``, ``points``, ``prestore_amount``, ``return_months``,
    ``term_months``, ``device_price`` and ``floor_amount`` (least monthly spending) are the benefit of its ``kind``. Promotions of one ``stacking_group`` exclude one another; those that are not ``stackable`` stand alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    description_zh = models.TextField(blank=True, default="")
    description_en = models.TextField(blank=True, default="")
    kind = models.CharField(max_length=16, choices=PromotionKind.choices)
    offering_codes = ArrayField(models.CharField(max_length=40), default=list)
    category_codes = ArrayField(models.CharField(max_length=40), default=list)
    price_codes = ArrayField(models.CharField(max_length=40), default=list)
    segments = ArrayField(models.CharField(max_length=20), default=list)
    levels = ArrayField(models.CharField(max_length=20), default=list)
    channels = ArrayField(models.CharField(max_length=20), default=list)
    sold_in = ArrayField(models.IntegerField(), default=list)
    new_customers_only = models.BooleanField(default=False)
    existing_customers_only = models.BooleanField(default=False, db_default=False)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    months = models.SmallIntegerField(null=True)
    points = models.IntegerField(null=True)
    prestore_amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    return_months = models.SmallIntegerField(null=True)
    term_months = models.SmallIntegerField(null=True)
    device_price = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    floor_amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    device_codes = ArrayField(models.CharField(max_length=40), default=list)
    stacking_group = models.CharField(max_length=40, blank=True, default="")
    stackable = models.BooleanField(default=True)
    priority = models.SmallIntegerField(default=0)
    quota_total = models.IntegerField(null=True)
    quota_per_customer = models.SmallIntegerField(default=1)
    used = models.IntegerField(default=0)
    hold_minutes = models.IntegerField(default=30)

    class Meta:
        db_table = "catalogue_promotion"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version"], name="promotion_version_once"),
            models.CheckConstraint(
                condition=models.Q(quota_total__isnull=True) | models.Q(used__lte=models.F("quota_total")), name="promotion_within_quota"),
            models.CheckConstraint(condition=models.Q(used__gte=0), name="promotion_used_not_below_zero"),
        ]


class PromotionGrant(models.Model):
    """One share of a promotion's quota, held for an order until ``expires_at``, then used or released."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT, related_name="+")
    customer_id = models.UUIDField()
    key = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=GrantState.choices, default=GrantState.HELD)
    granted_by = models.CharField(max_length=150)
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "catalogue_promotion_grant"
        constraints: ClassVar = [models.UniqueConstraint(fields=["promotion", "key"], name="promotion_grant_key_once")]
        indexes: ClassVar = [
            models.Index(fields=["customer_id", "promotion"], name="promotion_grant_by_customer"),
            models.Index(fields=["expires_at"], name="promotion_grant_expiring", condition=models.Q(state=GrantState.HELD)),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"
