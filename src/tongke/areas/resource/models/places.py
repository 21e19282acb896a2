"""Places: the address tree from the province down to the room, and the names by which they are known."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.resource.states.network import PlaceLevel, PlaceNameKind, PlaceState
from tongke.kernel.ids import uuid7


class Place(models.Model):
    """One node of the address tree. Its full text is made of its ancestors (``resource_place_line``).

    ``key`` is the name as it is compared below one parent (5幢 and 五栋 are ``5``); ``door`` the street number
    of a community or a house; ``community`` the community it lies in, however deep. Everybody reads places:
    where streets are is no secret between organisations; each writes its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    level = models.CharField(max_length=10, choices=PlaceLevel.choices)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=120, blank=True)
    key = models.CharField(max_length=100, db_collation="C")
    door = models.CharField(max_length=30, blank=True, db_collation="C")
    code = models.CharField(max_length=12, blank=True, db_collation="C")
    postcode = models.CharField(max_length=12, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    community = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=PlaceState.choices, default=PlaceState.IN_USE)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "resource_place"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["parent", "level", "key"], name="place_named_once", nulls_distinct=False),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "level", "id"], name="place_by_community"),
            models.Index(fields=["org_id", "level", "id"], name="place_by_org"),
            models.Index(fields=["parent", "door"], name="place_by_door", condition=~models.Q(door="")),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceName(models.Model):
    """One key by which a named place (room, unit and numbered building excepted) is found, wherever it lies."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=PlaceNameKind.choices)
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120, db_collation="C")

    class Meta:
        db_table = "resource_place_name"
        constraints: ClassVar = [models.UniqueConstraint(fields=["place", "key"], name="place_name_once")]
        indexes: ClassVar = [models.Index(fields=["key", "place"], name="place_name_by_key")]

    def __str__(self) -> str:
        return self.name
