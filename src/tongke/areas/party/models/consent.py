"""What a party allows, and who must be treated with care."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.party.models.party import Party
from tongke.areas.party.states import (
    BlacklistCause,
    BlacklistEffect,
    BlacklistMatch,
    BlacklistState,
    ConsentPurpose,
    ConsentState,
    ContactChannel,
)
from tongke.kernel.ids import uuid7


class Consent(models.Model):
    """One answer to one purpose on one channel; the row without an end is in force."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=12, choices=ConsentPurpose.choices)
    channel = models.CharField(max_length=8, choices=ContactChannel.choices, default=ContactChannel.ANY)
    state = models.CharField(max_length=10, choices=ConsentState.choices)
    source = models.CharField(max_length=60, blank=True)
    evidence = models.TextField(blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "party_consent"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party", "purpose", "channel"], name="consent_in_force_once",
                condition=models.Q(valid_until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose}/{self.channel} {self.state}"


class BlacklistEntry(models.Model):
    """An entry on a person, identity number, phone, device or address, with what it does and until when.
    ``match_key`` is the party's id or the keyed digest of the value, in hex.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    match = models.CharField(max_length=10, choices=BlacklistMatch.choices)
    match_key = models.CharField(max_length=64, db_collation="C")
    match_shown = models.CharField(max_length=100)
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=16, choices=BlacklistCause.choices)
    level = models.SmallIntegerField(default=1)
    effect = models.CharField(max_length=12, choices=BlacklistEffect.choices)
    source = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    debt_account_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=BlacklistState.choices, default=BlacklistState.ACTIVE)
    valid_from = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    entered_by = models.CharField(max_length=150)

    class Meta:
        db_table = "party_blacklist_entry"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(level__range=(1, 5)), name="blacklist_level_1_to_5"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["match_key"], name="blacklist_by_key"),
            models.Index(fields=["org_id", "state", "-valid_from"], name="blacklist_by_org"),
        ]

    def __str__(self) -> str:
        return f"{self.match} {self.effect}"


class BlacklistAppeal(models.Model):
    """An appeal against an entry and what was decided."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    entry = models.ForeignKey(BlacklistEntry, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    filed_by = models.CharField(max_length=150)
    filed_at = models.DateTimeField()
    decision = models.CharField(max_length=10, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        db_table = "party_blacklist_appeal"

    def __str__(self) -> str:
        return f"{self.entry_id} {self.decision}"
