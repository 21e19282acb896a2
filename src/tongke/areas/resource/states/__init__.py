"""Enums and life cycles of the resource room, by noun."""

from tongke.areas.resource.states.network import (
    EQUIPMENT,
    KIND_NAMES,
    KINDS_AT_PLACE,
    PORT,
    RESERVATION,
    SERVES,
    SITE,
    EquipmentKind,
    NetworkState,
    PlaceLevel,
    PlaceNameKind,
    PlaceState,
    PortKind,
    PortState,
    ReservationKind,
    ReservationState,
    SiteKind,
    Technology,
)
from tongke.areas.resource.states.numbers import (
    AMONG_OTHERS,
    NUMBER,
    ORDINARY,
    BlockSource,
    CommitmentState,
    HoldState,
    NumberKind,
    NumberState,
    PatternKind,
    ScheduleState,
)
from tongke.areas.resource.states.stock import (
    AT_PLACE,
    COUNT,
    CPE,
    STOCK_ITEM,
    TRANSFER,
    CountFinding,
    CountState,
    ItemKind,
    ItemState,
    StockPlaceKind,
    TransferFinding,
    TransferState,
)

__all__ = [
    "AMONG_OTHERS", "AT_PLACE", "COUNT", "CPE", "EQUIPMENT", "KINDS_AT_PLACE", "KIND_NAMES", "NUMBER", "ORDINARY", "PORT", "RESERVATION", "SERVES",
    "SITE", "STOCK_ITEM", "TRANSFER", "BlockSource", "CommitmentState", "CountFinding", "CountState", "EquipmentKind", "HoldState",
    "ItemKind", "ItemState", "NetworkState", "NumberKind", "NumberState", "PatternKind", "PlaceLevel", "PlaceNameKind", "PlaceState",
    "PortKind", "PortState", "ReservationKind", "ReservationState", "ScheduleState", "SiteKind", "StockPlaceKind", "Technology",
    "TransferFinding", "TransferState",
]
