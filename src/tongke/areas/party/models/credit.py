"""Credit ratings and their history."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.party.models.customer import Customer
from tongke.areas.party.states import CreditClass
from tongke.kernel.ids import uuid7


class CreditRating(models.Model):
    """A rating of a customer from ``valid_from``; ``factors`` holds each input with its points.
    An override names the approval that allowed it and the instant ``expires_at`` from which it no longer counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    score = models.SmallIntegerField()
    credit_class = models.CharField(max_length=1, choices=CreditClass.choices)
    credit_limit = models.DecimalField(max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3, default="CNY")
    factors = models.JSONField(default=dict)
    overridden = models.BooleanField(default=False)
    approval_id = models.UUIDField(null=True)
    reason = models.TextField(blank=True)
    rated_by = models.CharField(max_length=150)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "party_credit_rating"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer"], name="credit_rating_in_force_once", condition=models.Q(valid_until__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.credit_class}"
