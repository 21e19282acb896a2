"""Lines, who owns, uses and pays them, the products on them and their monthly usage."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.inventory.states import MigrationRowState, ProductState, SubscriberKind, SubscriberRoleKind
from tongke.kernel.ids import uuid7


class Subscriber(models.Model):
    """A line (用户): one service number of a customer. The number is E.164 for phones."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    customer = models.ForeignKey("party.Customer", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=SubscriberKind.choices)
    service_number = models.CharField(max_length=40, db_collation="C")
    state = models.CharField(max_length=18, choices=ProductState.choices, default=ProductState.ACTIVE)
    activated_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=60, blank=True)
    characteristics = models.JSONField(default=dict)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "inventory_subscriber"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["service_number", "kind"], name="service_number_in_use_once",
                condition=~models.Q(state__in=["terminated", "aborted", "cancelled"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["service_number", "id"], name="subscriber_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class SubscriberRole(models.Model):
    """Legal owner or holder of a line, dated."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey("party.Party", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=SubscriberRoleKind.choices)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "inventory_subscriber_role"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subscriber", "role"], name="subscriber_role_in_force_once",
                condition=models.Q(valid_until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.subscriber_id}"


class Payer(models.Model):
    """Which account pays which charges of a line, up to what, dated. ``*`` is every other charge type."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("account.BillingAccount", on_delete=models.PROTECT, related_name="+")
    charge_type = models.CharField(max_length=20, default="*")
    limit_amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    priority = models.SmallIntegerField(default=1)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "inventory_payer"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subscriber", "charge_type", "priority"], name="payer_in_force_once",
                condition=models.Q(valid_until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.charge_type}"


class Product(models.Model):
    """An installed product: an offering's version as a customer holds it, on a line or by itself."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    customer = models.ForeignKey("party.Customer", on_delete=models.PROTECT, related_name="+")
    subscriber = models.ForeignKey(Subscriber, null=True, on_delete=models.PROTECT, related_name="+")
    offering = models.ForeignKey("catalogue.Offering", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=18, choices=ProductState.choices, default=ProductState.ACTIVE)
    monthly_fee = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, default="CNY")
    characteristics = models.JSONField(default=dict)
    contract_until = models.DateField(null=True)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "inventory_product"

    def __str__(self) -> str:
        return f"{self.offering_id} {self.state}"


class MigrationRow(models.Model):
    """One product of a migration's list: to which version, what became of it, and of which version it was before."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    job_id = models.UUIDField()
    number = models.IntegerField()
    product_id = models.UUIDField()
    target_id = models.UUIDField()
    before_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=MigrationRowState.choices, default=MigrationRowState.WAITING)

    class Meta:
        db_table = "inventory_migration_row"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job_id", "number"], name="migration_row_once"),
            models.UniqueConstraint(fields=["job_id", "product_id"], name="migration_product_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["job_id", "number"], name="migration_row_waiting", condition=models.Q(state=MigrationRowState.WAITING)),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.state}"


class UsageMonth(models.Model):
    """A line's usage in one month. Partitioned by month on ``month_at`` (the month's first instant, UTC)."""

    pk = models.CompositePrimaryKey("month_at", "subscriber_id")
    month_at = models.DateTimeField()
    subscriber_id = models.UUIDField()
    org_id = models.IntegerField()
    voice_seconds = models.BigIntegerField(default=0)
    voice_calls = models.IntegerField(default=0)
    sms_count = models.IntegerField(default=0)
    data_bytes = models.BigIntegerField(default=0)
    roaming_bytes = models.BigIntegerField(default=0)
    peers = models.IntegerField(default=0)
    faults = models.IntegerField(default=0)
    charged = models.DecimalField(max_digits=18, decimal_places=2, default=0)

    class Meta:
        db_table = "inventory_usage_month"
        managed = False

    def __str__(self) -> str:
        return f"{self.subscriber_id} {self.month_at}"
