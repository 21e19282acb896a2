"""Figures of policy as dated rows: an administrator changes them on a page, never a programmer in code."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.kernel.ids import uuid7


class PolicyFigure(models.Model):
    """One figure (or small table of figures) of this room's policy from ``valid_from`` until ``valid_until``,
    excluded. ``name`` is a field of ``policy.PartyPolicy``; the figures hold for the whole operator.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=60, db_collation="C")
    value = models.JSONField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    set_by = models.CharField(max_length=150)

    class Meta:
        db_table = "party_policy"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "valid_from"], name="party_policy_starts_once"),
            models.UniqueConstraint(fields=["name"], name="party_policy_open_once", condition=models.Q(valid_until__isnull=True)),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("valid_from")),
                name="party_policy_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} from {self.valid_from}"
