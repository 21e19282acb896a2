"""What a party is to the operator: the customer of 三户 (customer, account, subscriber)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.party.models.party import Party
from tongke.areas.party.states import CreditClass, CustomerState, Level, Segment
from tongke.kernel.ids import uuid7


class Customer(models.Model):
    """A party in its relation to the operator. ``manager_id`` is the staff member who keeps it.

    ``closed`` is true once the whole record was closed: such a customer does not come back.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="+")
    customer_no = models.CharField(max_length=40, db_collation="C")
    state = models.CharField(max_length=12, choices=CustomerState.choices, default=CustomerState.ACTIVE)
    segment = models.CharField(max_length=12, choices=Segment.choices, default=Segment.RESIDENTIAL)
    level = models.CharField(max_length=12, choices=Level.choices, default=Level.STANDARD)
    manager_id = models.UUIDField(null=True)
    since_on = models.DateField()
    left_on = models.DateField(null=True)
    credit_class = models.CharField(max_length=1, choices=CreditClass.choices, default=CreditClass.C)
    credit_limit = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, default="CNY")
    risk_score = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    value_score = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    scored_at = models.DateTimeField(null=True)
    characteristics = models.JSONField(default=dict)
    closed = models.BooleanField(null=True)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "party_customer"
        constraints: ClassVar = [models.UniqueConstraint(fields=["customer_no"], name="customer_no_once")]
        indexes: ClassVar = [
            models.Index(fields=["org_id", "-created_at", "id"], name="customer_by_org_age"),
            models.Index(fields=["-created_at", "id"], name="customer_by_age"),
            models.Index(fields=["org_id", "state", "segment", "level"], name="customer_counts"),
            models.Index(fields=["manager_id", "id"], name="customer_of_manager", condition=models.Q(manager_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.customer_no
