"""The network: sites, equipment with its ports, and the coverage of places by access points."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.resource.models.places import Place
from tongke.areas.resource.states.network import EquipmentKind, NetworkState, PortKind, PortState, SiteKind, Technology
from tongke.kernel.ids import uuid7


class Site(models.Model):
    """An exchange (局站), a cabinet or another place where equipment of the network stands."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    code = models.CharField(max_length=40, db_collation="C")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=SiteKind.choices)
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    state = models.CharField(max_length=10, choices=NetworkState.choices, default=NetworkState.PLANNED)
    planned_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "resource_site"
        constraints: ClassVar = [models.UniqueConstraint(fields=["org_id", "code"], name="site_code_once")]
        indexes: ClassVar = [models.Index(fields=["org_id", "id"], name="site_by_org")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Equipment(models.Model):
    """A network element. ``parent`` is the next one towards the exchange, ``site`` where it stands.

    ``max_down_mbps`` and ``max_up_mbps`` are what one of its ports carries at best (0: no limit of its own),
    ``uplink_mbps`` what all its ports share.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    code = models.CharField(max_length=60, db_collation="C")
    name = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=10, choices=EquipmentKind.choices)
    technology = models.CharField(max_length=12, choices=Technology.choices)
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=NetworkState.choices, default=NetworkState.PLANNED)
    planned_on = models.DateField(null=True)
    max_down_mbps = models.IntegerField(default=0)
    max_up_mbps = models.IntegerField(default=0)
    uplink_mbps = models.IntegerField(default=0)
    split = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "resource_equipment"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_id", "code"], name="equipment_code_once"),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="equipment_not_its_own_parent"),
        ]
        indexes: ClassVar = [models.Index(fields=["org_id", "id"], name="equipment_by_org")]

    def __str__(self) -> str:
        return self.code


class Port(models.Model):
    """A port of a box, a splitter's or an OLT's, or a copper pair. Whoever holds it stands in the row itself.

    ``reservation`` is set exactly while it is reserved, ``service_ref`` while it is used: a row has one of each,
    so a port cannot have two holders. ``max_down_mbps`` (null: the equipment's) is what this one carries, measured.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.IntegerField()
    kind = models.CharField(max_length=10, choices=PortKind.choices)
    state = models.CharField(max_length=10, choices=PortState.choices, default=PortState.PLANNED)
    label = models.CharField(max_length=60, blank=True)
    max_down_mbps = models.IntegerField(null=True)
    max_up_mbps = models.IntegerField(null=True)
    reservation = models.ForeignKey("resource.Reservation", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    service_ref = models.CharField(max_length=80, blank=True, db_collation="C")
    planned_on = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "resource_port"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["equipment", "number"], name="port_number_once"),
            models.CheckConstraint(
                condition=models.Q(state="reserved", reservation__isnull=False) | (~models.Q(state="reserved") & models.Q(reservation__isnull=True)),
                name="port_reserved_by_one",
            ),
            models.CheckConstraint(
                condition=models.Q(service_ref="") | models.Q(state__in=["used", "faulty"]), name="port_serves_only_in_use",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["equipment", "state", "number"], name="port_by_state"),
            models.Index(fields=["org_id", "id"], name="port_by_org"),
            models.Index(fields=["reservation"], name="port_by_reservation", condition=models.Q(reservation__isnull=False)),
            models.Index(fields=["service_ref"], name="port_by_service", condition=~models.Q(service_ref="")),
        ]

    def __str__(self) -> str:
        return f"{self.equipment_id}/{self.number}"


class Access(models.Model):
    """The coverage of a place (and of all below it) by an access point: how far and how fast.

    0 Mbit/s means no limit of its own. Whether it is full is never written down: the ports say it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT, related_name="+")
    technology = models.CharField(max_length=12, choices=Technology.choices)
    max_down_mbps = models.IntegerField(default=0)
    max_up_mbps = models.IntegerField(default=0)
    distance_m = models.IntegerField(default=0)
    state = models.CharField(max_length=10, choices=NetworkState.choices, default=NetworkState.IN_SERVICE)
    planned_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "resource_access"
        constraints: ClassVar = [models.UniqueConstraint(fields=["place", "equipment", "technology"], name="access_once")]
        indexes: ClassVar = [models.Index(fields=["org_id", "id"], name="access_by_org")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.technology}"
