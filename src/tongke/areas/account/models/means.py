"""What customers pay with: cards, bank accounts, wallets. Numbers are never kept in the clear."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.account.models.accounts import BillingAccount
from tongke.areas.account.states import MeansKind, MeansState
from tongke.kernel.ids import uuid7


class PaymentMeans(models.Model):
    """A customer's payment method (付款方式, TMF670): what an account may be paid with.

    ``number_shown`` is all that anybody reads of a card, bank account or token: its last four signs. ``number_cipher``
    holds the whole where money is drawn with it (a bank account, a token); the number of a card is not kept at all.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    customer = models.ForeignKey("party.Customer", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24, choices=MeansKind.choices)
    name = models.CharField(max_length=100)
    description = models.TextField(blank=True, default="")
    preferred = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=MeansState.choices, default=MeansState.ACTIVE)
    state_reason = models.CharField(max_length=200, blank=True, default="")
    state_at = models.DateTimeField()
    number_shown = models.CharField(max_length=24, blank=True, default="")
    number_cipher = models.BinaryField(null=True)
    number_index = models.BinaryField(null=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "account_payment_means"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer"], name="payment_means_preferred_once", condition=models.Q(preferred=True)),
            models.UniqueConstraint(
                fields=["customer", "kind", "number_index"], name="payment_means_number_once",
                condition=models.Q(number_index__isnull=False) & ~models.Q(state="ended"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number_shown}"


class MeansAccount(models.Model):
    """A billing account that a payment method pays."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    means = models.ForeignKey(PaymentMeans, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "account_means_account"
        constraints: ClassVar = [models.UniqueConstraint(fields=["means", "account"], name="means_account_once")]

    def __str__(self) -> str:
        return f"{self.means_id}→{self.account_id}"
