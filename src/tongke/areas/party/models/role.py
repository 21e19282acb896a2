"""What a party is to the operator besides being a customer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.party.models.party import Party
from tongke.areas.party.states import PartyRoleState
from tongke.kernel.ids import uuid7


class PartyRole(models.Model):
    """A party in a role such as supplier, partner or guarantor, in force from ``valid_from`` until it is terminated.

    A role may be known before the party that plays it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=PartyRoleState.choices, default=PartyRoleState.ACTIVE)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "party_role"
        indexes: ClassVar = [models.Index(fields=["org_id", "-valid_from", "id"], name="party_role_by_org_age")]

    def __str__(self) -> str:
        return f"{self.role} {self.id}"
