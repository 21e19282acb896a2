"""Product offerings in a first form: what an installed product points to. Versions never change once sold."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.catalogue.states import OfferingKind
from tongke.kernel.ids import uuid7


class Offering(models.Model):
    """One version of something that is sold. ``code`` and ``version`` together are unique and immutable."""

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

    class Meta:
        db_table = "catalogue_offering"
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "version"], name="offering_version_once")]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"
