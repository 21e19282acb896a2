"""Figures of policy as dated rows: an administrator changes them on a page, never a programmer in code."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.kernel.ids import uuid7


class PolicyFigure(models.Model):
    """One figure (or small table of figures) of this room's policy from ``valid_from`` until ``valid_until``,
    excluded. ``name`` is a field of ``policy.PartyPolicy``.

    The figure holds for the organisation ``org_id`` and all below it. Where ``may_override`` is false, nothing that a
    lower level set takes effect. Everybody reads policy: the rows carry no row-level security.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField(default=1, db_default=1)
    name = models.CharField(max_length=60, db_collation="C")
    value = models.JSONField()
    may_override = models.BooleanField(default=True, db_default=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    set_by = models.CharField(max_length=150)
    withdrawn_reason = models.TextField(blank=True, default="", db_default="")
    withdrawn_by = models.CharField(max_length=150, blank=True, default="", db_default="")

    class Meta:
        db_table = "party_policy"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_id", "name", "valid_from"], name="party_policy_starts_once"),
            models.UniqueConstraint(fields=["org_id", "name"], name="party_policy_open_once", condition=models.Q(valid_until__isnull=True)),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("valid_from")),
                name="party_policy_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.org_id} from {self.valid_from}"
