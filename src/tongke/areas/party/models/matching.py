"""Where records came from, which may be the same party, and what was merged."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.party.models.party import Party
from tongke.areas.party.states import DuplicateState
from tongke.kernel.ids import uuid7


class SourceKey(models.Model):
    """The key under which a source system knows a record of ours, and the digest of what it sent last,
    so that a re-run changes nothing. ``noun`` is party, customer, account, subscriber, …
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    source = models.CharField(max_length=40, db_collation="C")
    noun = models.CharField(max_length=20)
    key = models.CharField(max_length=120, db_collation="C")
    subject_id = models.UUIDField()
    digest = models.BinaryField(max_length=16)
    first_seen_at = models.DateTimeField()
    last_changed_at = models.DateTimeField()

    class Meta:
        db_table = "party_source_key"
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "noun", "key"], name="source_key_once")]
        indexes: ClassVar = [models.Index(fields=["subject_id"], name="source_key_of_subject")]

    def __str__(self) -> str:
        return f"{self.source}/{self.noun}/{self.key}"


class DuplicatePair(models.Model):
    """Two parties that may be one. ``left`` has the smaller id. ``evidence`` holds each comparison's weight."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    left = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    right = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    probability = models.DecimalField(max_digits=6, decimal_places=5)
    evidence = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=DuplicateState.choices, default=DuplicateState.OPEN)
    found_at = models.DateTimeField()
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        db_table = "party_duplicate_pair"
        constraints: ClassVar = [models.UniqueConstraint(fields=["left", "right"], name="duplicate_pair_once")]
        indexes: ClassVar = [models.Index(fields=["org_id", "state", "-probability"], name="duplicates_to_review")]

    def __str__(self) -> str:
        return f"{self.left_id}~{self.right_id}"


class Merge(models.Model):
    """A merge that can be undone exactly: every changed row with its values before (Z6)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    survivor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    absorbed = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    snapshot = models.JSONField()
    chosen = models.JSONField(default=dict)
    reason = models.TextField()
    merged_by = models.CharField(max_length=150)
    merged_at = models.DateTimeField()
    undone_by = models.CharField(max_length=150, blank=True)
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.TextField(blank=True)

    class Meta:
        db_table = "party_merge"

    def __str__(self) -> str:
        return f"{self.absorbed_id}→{self.survivor_id}"
