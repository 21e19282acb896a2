"""Billing accounts, their bills and payments."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.account.states import AccountState, BillState, PaymentKind, PaymentMethod, PaymentState
from tongke.kernel.ids import uuid7


class BillingAccount(models.Model):
    """Who pays: an account of a customer. ``balance`` above zero is money held for the customer."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    customer = models.ForeignKey("party.Customer", on_delete=models.PROTECT, related_name="+")
    account_no = models.CharField(max_length=40, db_collation="C")
    name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=AccountState.choices, default=AccountState.ACTIVE)
    payment_kind = models.CharField(max_length=10, choices=PaymentKind.choices, default=PaymentKind.POSTPAID)
    payment_method = models.CharField(max_length=12, choices=PaymentMethod.choices, blank=True)
    cycle_day = models.SmallIntegerField(default=1)
    balance = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    owed = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, default="CNY")
    paperless = models.BooleanField(default=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "account_billing_account"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account_no"], name="account_no_once"),
            models.CheckConstraint(condition=models.Q(cycle_day__range=(1, 28)), name="account_cycle_day"),
        ]

    def __str__(self) -> str:
        return self.account_no


class Bill(models.Model):
    """A bill of an account for ``[period_from, period_until)``."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    bill_no = models.CharField(max_length=40, db_collation="C")
    state = models.CharField(max_length=14, choices=BillState.choices, default=BillState.NEW)
    period_from = models.DateField()
    period_until = models.DateField()
    issued_on = models.DateField()
    due_on = models.DateField()
    total = models.DecimalField(max_digits=18, decimal_places=2)
    paid = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, default="CNY")

    class Meta:
        db_table = "account_bill"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bill_no"], name="bill_no_once"),
            models.UniqueConstraint(fields=["account", "period_from"], name="bill_once_a_period"),
        ]

    def __str__(self) -> str:
        return self.bill_no


class BillItem(models.Model):
    """One line of a bill. ``subscriber_id`` names the line it is for; it lives in a higher room."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="+", db_index=False)
    ordinal = models.SmallIntegerField()
    charge_type = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    subscriber_id = models.UUIDField(null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    tax = models.DecimalField(max_digits=18, decimal_places=2, default=0)

    class Meta:
        db_table = "account_bill_item"
        constraints: ClassVar = [models.UniqueConstraint(fields=["bill", "ordinal"], name="bill_item_once")]

    def __str__(self) -> str:
        return f"{self.bill_id}/{self.ordinal}"


class Payment(models.Model):
    """Money received on an account."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    payment_no = models.CharField(max_length=40, db_collation="C")
    state = models.CharField(max_length=10, choices=PaymentState.choices, default=PaymentState.DONE)
    method = models.CharField(max_length=12, choices=PaymentMethod.choices)
    channel = models.CharField(max_length=20, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3, default="CNY")
    paid_at = models.DateTimeField()
    reference = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table = "account_payment"
        constraints: ClassVar = [models.UniqueConstraint(fields=["payment_no"], name="payment_no_once"), models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_above_zero")]
        indexes: ClassVar = [models.Index(fields=["account", "-paid_at"], name="payment_of_account")]

    def __str__(self) -> str:
        return self.payment_no


class PaymentAllocation(models.Model):
    """How much of a payment settled which bill: what a reversal takes back."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="+", db_index=False)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        db_table = "account_payment_allocation"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payment", "bill"], name="payment_allocation_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="allocation_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id}→{self.bill_id}"
