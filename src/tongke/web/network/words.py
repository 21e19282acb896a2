"""Signs, tones and words of the network's pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource.queries import PlaceFound
from tongke.areas.resource.states import (
    EquipmentKind,
    NetworkState,
    PlaceLevel,
    PlaceState,
    PortState,
    ReservationState,
    SiteKind,
    Technology,
)

GIGABIT = 1000
WIDE = (PlaceLevel.PROVINCE, PlaceLevel.CITY, PlaceLevel.DISTRICT, PlaceLevel.STREET)
STATE_TONES: dict[str, str] = {NetworkState.PLANNED: "info", NetworkState.IN_SERVICE: "good", NetworkState.FAULTY: "bad", NetworkState.RETIRED: "off"}
PLACE_TONES: dict[str, str] = {PlaceState.PLANNED: "info", PlaceState.IN_USE: "good", PlaceState.GONE: "off"}
PORT_TONES: dict[str, str] = {PortState.PLANNED: "off", PortState.FREE: "good", PortState.RESERVED: "warn", PortState.USED: "info", PortState.FAULTY: "bad"}
RESERVATION_TONES: dict[str, str] = {ReservationState.HELD: "warn", ReservationState.USED: "good", ReservationState.RELEASED: "off", ReservationState.EXPIRED: "off"}
# In the order in which a bar is read: what can be sold first.
PORT_ORDER = (PortState.FREE, PortState.RESERVED, PortState.USED, PortState.FAULTY, PortState.PLANNED)
EQUIPMENT_SIGNS = {
    EquipmentKind.OLT: "server-2", EquipmentKind.DSLAM: "server-2", EquipmentKind.SWITCH: "switch-horizontal", EquipmentKind.SPLITTER: "git-fork",
    EquipmentKind.CABINET: "server", EquipmentKind.BOX: "box",
}
SITE_SIGNS = {SiteKind.EXCHANGE: "building", SiteKind.CABINET: "server", SiteKind.BUILDING: "building-community", SiteKind.TOWER: "antenna"}
KIND_SIGNS = {"broadband": "wifi", "fixed": "phone", "tv": "device-tv", "ict": "briefcase"}
SHORT_KINDS: dict[str, Any] = {
    EquipmentKind.OLT: _("OLT"), EquipmentKind.DSLAM: _("DSLAM"), EquipmentKind.SWITCH: _("Access switch"), EquipmentKind.SPLITTER: _("Optical splitter"),
    EquipmentKind.CABINET: _("Cross-connection cabinet"), EquipmentKind.BOX: _("Distribution box"),
}


def place_words(place: PlaceFound) -> str:
    """Return a place's whole address in the reader's language."""
    chinese = (get_language() or "").startswith("zh")
    return place.full if chinese or not place.full_en else place.full_en


def name_words(name: str, name_en: str) -> str:
    """Return a name in the reader's language; the Chinese one where there is no other."""
    chinese = (get_language() or "").startswith("zh")
    return name if chinese or not name_en else name_en


def rate(mbps: int) -> str:
    """Return a speed in words: from 1,000 Mbit/s on in Gbit/s."""
    return f"{mbps / GIGABIT:g} Gbit/s" if mbps >= GIGABIT else f"{mbps} Mbit/s"


def speed(down: int, up: int) -> str:
    """Return how fast a line is at best, downwards and upwards; 0 is no limit known."""
    if not down:
        return _now("no limit known")
    return rate(down) if up in (0, down) else _now("%(down)s down, %(up)s up") % {"down": rate(down), "up": rate(up)}


def technology_words(code: str) -> str:
    """Return a technology in words."""
    return str(dict(Technology.choices).get(code, code))
