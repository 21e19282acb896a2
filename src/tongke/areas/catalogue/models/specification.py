"""What products, services and resources are made of: characteristics with types, and what consists of what."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.catalogue.models.version import Version
from tongke.areas.catalogue.states import LifeCycle, RelationKind, SpecificationLevel, ValueType
from tongke.kernel.ids import uuid7


class Specification(Version):
    """One version of a specification (规格) of a product, a service or a resource.

    ``kind`` is the offering kind of a product, the sort of service (access, voice …) or of resource (number, sim, port, cpe …).
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    level = models.CharField(max_length=10, choices=SpecificationLevel.choices)
    kind = models.CharField(max_length=20)
    description_zh = models.TextField(blank=True, default="")
    description_en = models.TextField(blank=True, default="")

    class Meta:
        db_table = "catalogue_specification"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version"], name="specification_version_once"),
            models.UniqueConstraint(
                fields=["code"], name="specification_launched_once",
                condition=models.Q(state=LifeCycle.LAUNCHED, valid_until__isnull=True),
            ),
        ]


class Characteristic(models.Model):
    """One typed characteristic (特征) of a specification.

    ``values`` lists the values of a choice as ``{"value", "zh", "en"}``; ``least`` and ``most`` bound numbers (and, for
    texts, the length); ``configurable`` says that the value is chosen at the sale, else it is fixed by the offering.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField(default=1)
    specification = models.ForeignKey(Specification, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    value_type = models.CharField(max_length=10, choices=ValueType.choices)
    unit = models.CharField(max_length=20, blank=True, default="")
    required = models.BooleanField(default=False)
    configurable = models.BooleanField(default=True)
    cardinality_min = models.SmallIntegerField(default=0)
    cardinality_max = models.SmallIntegerField(default=1)
    default = models.JSONField(null=True)
    least = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    most = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    pattern = models.CharField(max_length=200, blank=True, default="")
    values = models.JSONField(default=list)
    position = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "catalogue_characteristic"
        constraints: ClassVar = [models.UniqueConstraint(fields=["specification", "code"], name="characteristic_code_once")]

    def __str__(self) -> str:
        return self.code


class SpecificationRelation(models.Model):
    """How a specification relates to another of the code ``other_code`` (T7: decomposition as a graph without cycles).

    ``characteristic_map`` gives, for characteristics of the other, where their values come from:
    ``{"theirs": {"from": "ours"}}`` or ``{"theirs": {"value": constant}}``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField(default=1)
    specification = models.ForeignKey(Specification, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=RelationKind.choices)
    other_code = models.CharField(max_length=40)
    quantity_min = models.SmallIntegerField(default=1)
    quantity_max = models.SmallIntegerField(default=1)
    characteristic_map = models.JSONField(default=dict)
    position = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "catalogue_specification_relation"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["specification", "kind", "other_code"], name="specification_relation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.other_code}"
