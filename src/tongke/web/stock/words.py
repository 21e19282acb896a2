"""Signs, tones and words of the stock pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource.states import CountFinding, CountState, ItemKind, ItemState, StockPlaceKind, TransferFinding, TransferState
from tongke.web.kit import formatting

ITEM_TONES: dict[str, str] = {
    ItemState.IN_STOCK: "good", ItemState.RESERVED: "warn", ItemState.IN_TRANSIT: "info", ItemState.HANDED_OUT: "neutral", ItemState.INSTALLED: "neutral",
    ItemState.RETURNED: "warn", ItemState.FAULTY: "bad", ItemState.REPAIR: "warn", ItemState.SCRAPPED: "off", ItemState.LOST: "bad",
}
TRANSFER_TONES: dict[str, str] = {TransferState.SENT: "info", TransferState.RECEIVED: "good", TransferState.DIFFERENT: "bad", TransferState.SETTLED: "off"}
FINDING_TONES: dict[str, str] = {TransferFinding.SENT: "info", TransferFinding.RECEIVED: "good", TransferFinding.MISSING: "bad", TransferFinding.EXTRA: "warn"}
COUNT_TONES: dict[str, str] = {CountState.OPEN: "info", CountState.COUNTED: "warn", CountState.CLOSED: "good", CountState.CANCELLED: "off"}
COUNTED_TONES: dict[str, str] = {
    CountFinding.EXPECTED: "neutral", CountFinding.FOUND: "good", CountFinding.MISSING: "bad", CountFinding.SURPLUS: "warn", CountFinding.UNKNOWN: "warn",
}
KIND_SIGNS = {
    ItemKind.SIM: "device-sim", ItemKind.ESIM: "qrcode", ItemKind.HANDSET: "device-mobile", ItemKind.ONT: "router", ItemKind.SET_TOP: "device-tv",
    ItemKind.ROUTER: "wifi",
}
PLACE_SIGNS = {StockPlaceKind.WAREHOUSE: "archive", StockPlaceKind.HALL: "building-store", StockPlaceKind.VAN: "truck", StockPlaceKind.DEALER: "users"}
# What was done with an item, in words of the past, its sign and tone in the timeline.
MOVES: dict[str, tuple[Any, str, str]] = {
    "receive": (_("Received from the supplier"), "truck", "good"), "reserve": (_("Reserved for an order"), "lock", "warn"),
    "free": (_("Reservation ended"), "lock-open", "neutral"), "send": (_("Sent to another place"), "transfer", "info"),
    "arrive": (_("Arrived"), "check", "good"), "arrive_reserved": (_("Arrived, still reserved"), "check", "good"),
    "hand_out": (_("Handed out"), "user-check", "info"), "install": (_("Installed"), "plug", "info"), "take_back": (_("Taken back"), "arrow-back-up", "warn"),
    "restock": (_("Put back on the shelf"), "box", "good"), "report_faulty": (_("Reported faulty"), "alert-triangle", "bad"),
    "send_to_repair": (_("Sent to be repaired"), "tool", "warn"), "mend": (_("Mended"), "tools", "good"), "scrap": (_("Scrapped"), "trash", "off"),
    "lose": (_("Lost"), "question-mark", "bad"), "find": (_("Found again"), "search", "good"), "relocate": (_("Found at another place"), "map-pin", "info"),
}


def model_words(model: Any) -> str:
    """Return a model's name in the reader's language."""
    return formatting.name(model)


def row_words(row: Any) -> str:
    """Return the name of the model that a row (``model_zh``, ``model_en``) is of, in the reader's language."""
    chinese = (get_language() or "").startswith("zh")
    return str(row.model_zh if chinese or not row.model_en else row.model_en)
