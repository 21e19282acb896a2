"""What customers were given: the benefits behind shares of promotions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.catalogue.models.promotion import PromotionGrant
from tongke.areas.catalogue.states import PromotionKind
from tongke.kernel.ids import uuid7


class BenefitGiven(models.Model):
    """What a used share gave its customer: worth ``amount`` over the contract from ``contract_from`` until ``contract_until``.

    It belongs to the product that it was given for; a benefit without a contract is nobody's to give back. ``prestore_amount`` is
    what the customer paid in advance for it, ``points`` what was credited. It counts as long as its share is used.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    grant = models.OneToOneField(PromotionGrant, on_delete=models.PROTECT, related_name="+")
    customer_id = models.UUIDField()
    product_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=16, choices=PromotionKind.choices)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3, default="CNY")
    prestore_amount = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    points = models.IntegerField(default=0)
    contract_from = models.DateField(null=True)
    contract_until = models.DateField(null=True)
    given_at = models.DateTimeField()

    class Meta:
        db_table = "catalogue_benefit_given"
        indexes: ClassVar = [
            models.Index(fields=["product_id"], name="benefit_by_product", condition=models.Q(product_id__isnull=False)),
            models.Index(fields=["customer_id"], name="benefit_by_customer"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="benefit_not_below_zero"),
            models.CheckConstraint(
                condition=models.Q(contract_from__isnull=True, contract_until__isnull=True) | models.Q(contract_until__gt=models.F("contract_from")),
                name="benefit_contract_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
