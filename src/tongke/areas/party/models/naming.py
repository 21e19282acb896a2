"""Names a party had before."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.party.models.identity import IdentityDocument
from tongke.areas.party.models.party import Party
from tongke.kernel.ids import uuid7


class NameChange(models.Model):
    """A rename (改名): the name before and after, why, and the document that shows it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    name_before = models.CharField(max_length=200)
    name_after = models.CharField(max_length=200)
    reason = models.TextField()
    evidence = models.ForeignKey(IdentityDocument, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    changed_by = models.CharField(max_length=150)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "party_name_change"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name_before=models.F("name_after")), name="name_change_changes"),
        ]

    def __str__(self) -> str:
        return str(self.id)
