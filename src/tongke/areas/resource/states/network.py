"""Enums and life cycles of the network, of places and of reservations."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongke.kernel.machine import Machine


class PlaceLevel(models.TextChoices):
    """The levels of the address tree, from the province down to the room."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    STREET = "street", _("Street")
    COMMUNITY = "community", _("Community")
    BUILDING = "building", _("Building")
    UNIT = "unit", _("Unit")
    ROOM = "room", _("Room")


class PlaceState(models.TextChoices):
    """Whether people can live there."""

    PLANNED = "planned", _("Planned")
    IN_USE = "in_use", _("In use")
    GONE = "gone", _("Gone")


class PlaceNameKind(models.TextChoices):
    """By what a place is known."""

    OFFICIAL = "official", _("Official name")
    LATIN = "latin", _("Name in Latin letters")
    ALIAS = "alias", _("Other name")


class SiteKind(models.TextChoices):
    """What stands at a site of the network."""

    EXCHANGE = "exchange", _("Exchange")
    CABINET = "cabinet", _("Street cabinet")
    BUILDING = "building", _("Equipment room in a building")
    TOWER = "tower", _("Tower")


class EquipmentKind(models.TextChoices):
    """What a piece of network equipment is."""

    OLT = "olt", _("Optical line terminal (OLT)")
    DSLAM = "dslam", _("DSLAM")
    SWITCH = "switch", _("Access switch")
    SPLITTER = "splitter", _("Optical splitter")
    CABINET = "cabinet", _("Cross-connection cabinet")
    BOX = "box", _("Distribution box")


class Technology(models.TextChoices):
    """How a premises is reached."""

    FTTH_XGPON = "ftth_xgpon", _("Fibre (XG-PON)")
    FTTH_GPON = "ftth_gpon", _("Fibre (GPON)")
    LAN = "lan", _("Ethernet in the building")
    ADSL = "adsl", _("Copper with DSL")
    COPPER = "copper", _("Copper, voice only")


# What can be sold over a technology: the kinds of lines (inventory's SubscriberKind, by their wire words).
SERVES: dict[str, tuple[str, ...]] = {
    Technology.FTTH_XGPON: ("broadband", "fixed", "tv", "ict"),
    Technology.FTTH_GPON: ("broadband", "fixed", "tv", "ict"),
    Technology.LAN: ("broadband", "fixed", "tv"),
    Technology.ADSL: ("broadband", "fixed"),
    Technology.COPPER: ("fixed",),
}
KINDS_AT_PLACE = ("broadband", "fixed", "tv", "ict")
KIND_NAMES = {
    "broadband": _("Broadband line"), "fixed": _("Fixed line"), "tv": _("Television line"), "ict": _("Company service"),
}


class NetworkState(models.TextChoices):
    """States of a site, of equipment and of a coverage."""

    PLANNED = "planned", _("Planned")
    IN_SERVICE = "in_service", _("In service")
    FAULTY = "faulty", _("Faulty")
    RETIRED = "retired", _("Taken out of service")


N = NetworkState
_LIFE = {
    "commission": ([N.PLANNED], N.IN_SERVICE),
    "report_faulty": ([N.IN_SERVICE], N.FAULTY),
    "mend": ([N.FAULTY], N.IN_SERVICE),
    "retire": ([N.PLANNED, N.IN_SERVICE, N.FAULTY], N.RETIRED),
}
_WORDS = {"commission": _("Commission"), "report_faulty": _("Report faulty"), "mend": _("Report mended"), "retire": _("Take out of use")}
EQUIPMENT = Machine("equipment", NetworkState, initial=N.PLANNED, moves=_LIFE, words=_WORDS)
SITE = Machine("network_site", NetworkState, initial=N.PLANNED, moves=_LIFE, words=_WORDS)


class PortKind(models.TextChoices):
    """What one place at a piece of equipment is."""

    FIBRE = "fibre", _("Fibre port")
    PAIR = "pair", _("Copper pair")
    ETHERNET = "ethernet", _("Ethernet port")
    DSL = "dsl", _("DSL port")


class PortState(models.TextChoices):
    """States of a port or a pair."""

    PLANNED = "planned", _("Planned")
    FREE = "free", _("Free")
    RESERVED = "reserved", _("Reserved")
    USED = "used", _("Used")
    FAULTY = "faulty", _("Faulty")


P = PortState
PORT = Machine("port", PortState, initial=P.PLANNED, moves={
    "commission": ([P.PLANNED], P.FREE),
    "reserve": ([P.FREE], P.RESERVED),
    "use": ([P.RESERVED], P.USED),
    "free": ([P.RESERVED, P.USED], P.FREE),
    "report_faulty": ([P.FREE, P.RESERVED, P.USED], P.FAULTY),
    "mend": ([P.FAULTY], P.FREE),
    "mend_in_use": ([P.FAULTY], P.USED),
}, words={
    "commission": _("Commission"), "reserve": _("Reserve"), "use": _("Put a service on it"), "free": _("Set free"),
    "report_faulty": _("Report faulty"), "mend": _("Report mended"), "mend_in_use": _("Report mended, still in use"),
})


class ReservationKind(models.TextChoices):
    """What is reserved."""

    PORT = "port", _("Port")
    ITEM = "item", _("Stock item")


class ReservationState(models.TextChoices):
    """States of a reservation by an order."""

    HELD = "held", _("Held")
    USED = "used", _("Used")
    RELEASED = "released", _("Released")
    EXPIRED = "expired", _("Expired")


R = ReservationState
RESERVATION = Machine("reservation", ReservationState, initial=R.HELD, moves={
    "confirm": ([R.HELD], R.USED),
    "release": ([R.HELD], R.RELEASED),
    "expire": ([R.HELD], R.EXPIRED),
}, words={"confirm": _("Confirm the reservation"), "release": _("Let the reservation go"), "expire": _("Let the reservation lapse")})
