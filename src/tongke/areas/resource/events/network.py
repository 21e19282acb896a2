"""Facts about the network, places and reservations."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.kernel.outbox import Event


class PlaceRecorded(Event):
    """A place was put into the address tree."""

    level: str
    name: str


class PlaceChanged(Event):
    """A place was renamed, moved in time or is gone."""

    fields: list[str]


class PlaceGone(Event):
    """A place is no more: it is found no longer."""

    name: str


class SiteRecorded(Event):
    """A site of the network was recorded."""

    code: str


class SiteChanged(Event):
    """A site is called otherwise, or stands at another place."""

    fields: list[str]


class SiteStateChanged(Event):
    """A site went to another state of its life."""

    from_state: str
    to_state: str
    reason: str


class EquipmentRecorded(Event):
    """A piece of equipment was recorded, planned or in service."""

    code: str
    kind: str


class EquipmentStateChanged(Event):
    """Equipment was put into service, broke down, was mended or taken out of service."""

    from_state: str
    to_state: str
    reason: str


class PortsAdded(Event):
    """Equipment has more ports or pairs; ``subject_id`` is the equipment."""

    count: int
    kind: str
    state: str


class CoverageRecorded(Event):
    """A place is reached by an access point from now on, or will be; ``subject_id`` is the place."""

    equipment_id: UUID
    technology: str
    state: str


class PortReserved(Event):
    """A port was reserved for an order."""

    equipment_id: UUID
    order_ref: str
    reservation_id: UUID


class PortUsed(Event):
    """A port serves a line from now on."""

    equipment_id: UUID
    order_ref: str
    service_ref: str


class PortFreed(Event):
    """A port is free again: whoever waits for one there may have it."""

    equipment_id: UUID
    reason: str


class PortStateChanged(Event):
    """A port was put into service, broke down or was mended."""

    equipment_id: UUID
    from_state: str
    to_state: str
    reason: str


class ReservationHeld(Event):
    """An order keeps something for itself until ``expires_at``."""

    kind: str
    order_ref: str
    expires_at: datetime


class ReservationEnded(Event):
    """A reservation was used, released or ran out."""

    kind: str
    order_ref: str
    state: str
    reason: str


class ReservationLost(Event):
    """What an order had reserved broke and nothing could take its place: the order must look for another."""

    kind: str
    order_ref: str
    reason: str
