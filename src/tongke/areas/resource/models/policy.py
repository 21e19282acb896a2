"""Figures of policy of the resource room as dated rows."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.kernel.ids import uuid7


class ResourceFigure(models.Model):
    """One figure of this room's policy from ``valid_from`` until ``valid_until``, excluded, for the organisation
    ``org_id`` and all below it that have none of their own. Everybody reads policy: no row-level security on reading.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField(default=1)
    name = models.CharField(max_length=60, db_collation="C")
    value = models.JSONField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    set_by = models.CharField(max_length=150)

    class Meta:
        db_table = "resource_policy"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_id", "name", "valid_from"], name="resource_policy_starts_once"),
            models.UniqueConstraint(fields=["org_id", "name"], name="resource_policy_open_once", condition=models.Q(valid_until__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.org_id} from {self.valid_from}"
