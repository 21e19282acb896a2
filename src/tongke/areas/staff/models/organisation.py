"""The operator's tree."""

from __future__ import annotations

from django.db import models

from tongke.areas.staff.states import OrgKind


class Org(models.Model):
    """A node of the operator's tree. The id is the public code: 1 the group, 33 a province, 3301 a local
    network, 330101 a unit; it never changes, so rows may carry it. ``path`` is ``/1/33/3301/``.
    """

    id = models.IntegerField(primary_key=True)
    kind = models.CharField(max_length=20, choices=OrgKind.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=120, db_collation="C", unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    area_code = models.CharField(max_length=10, blank=True)
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "staff_org"

    def __str__(self) -> str:
        return f"{self.id} {self.name_zh}"
