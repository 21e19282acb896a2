"""Enums and life cycles of stock."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongke.kernel.machine import Machine


class ItemKind(models.TextChoices):
    """What an item of stock is; it decides which serial the item carries."""

    SIM = "sim", _("SIM card")
    ESIM = "esim", _("eSIM profile")
    HANDSET = "handset", _("Handset")
    ONT = "ont", _("Optical terminal (ONT)")
    SET_TOP = "set_top", _("Set-top box")
    ROUTER = "router", _("Router")


CPE = (ItemKind.ONT, ItemKind.SET_TOP, ItemKind.ROUTER)


class StockPlaceKind(models.TextChoices):
    """What a stock place is."""

    WAREHOUSE = "warehouse", _("Warehouse")
    HALL = "hall", _("Business hall")
    VAN = "van", _("Installer's van")
    DEALER = "dealer", _("Dealer")


class ItemState(models.TextChoices):
    """States of one item of stock."""

    IN_STOCK = "in_stock", _("In stock")
    RESERVED = "reserved", _("Reserved")
    IN_TRANSIT = "in_transit", _("On its way")
    HANDED_OUT = "handed_out", _("Handed out")
    INSTALLED = "installed", _("Installed")
    RETURNED = "returned", _("Returned")
    FAULTY = "faulty", _("Faulty")
    REPAIR = "repair", _("In repair")
    SCRAPPED = "scrapped", _("Scrapped")
    LOST = "lost", _("Lost")


I = ItemState  # noqa: E741 - the table below is read as a table
STOCK_ITEM = Machine("stock_item", ItemState, initial=I.IN_STOCK, moves={
    "reserve": ([I.IN_STOCK], I.RESERVED),
    "free": ([I.RESERVED], I.IN_STOCK),
    "send": ([I.IN_STOCK, I.RESERVED], I.IN_TRANSIT),
    "arrive": ([I.IN_TRANSIT], I.IN_STOCK),
    "arrive_reserved": ([I.IN_TRANSIT], I.RESERVED),
    "hand_out": ([I.IN_STOCK, I.RESERVED], I.HANDED_OUT),
    "install": ([I.IN_STOCK, I.RESERVED, I.HANDED_OUT], I.INSTALLED),
    "take_back": ([I.HANDED_OUT, I.INSTALLED], I.RETURNED),
    "restock": ([I.RETURNED], I.IN_STOCK),
    "report_faulty": ([I.IN_STOCK, I.RETURNED, I.HANDED_OUT, I.INSTALLED], I.FAULTY),
    "send_to_repair": ([I.FAULTY], I.REPAIR),
    "mend": ([I.REPAIR, I.FAULTY], I.IN_STOCK),
    "scrap": ([I.FAULTY, I.REPAIR, I.RETURNED, I.IN_STOCK], I.SCRAPPED),
    "lose": ([I.IN_STOCK, I.RESERVED, I.IN_TRANSIT, I.HANDED_OUT, I.RETURNED, I.FAULTY], I.LOST),
    "find": ([I.LOST], I.IN_STOCK),
}, words={
    "reserve": _("Reserve"), "free": _("Set free"), "send": _("Send to another place"), "arrive": _("Note the arrival"),
    "arrive_reserved": _("Note the arrival, still reserved"), "hand_out": _("Hand out"), "install": _("Install"), "take_back": _("Take back"),
    "restock": _("Put back on the shelf"), "report_faulty": _("Report faulty"), "send_to_repair": _("Send to be repaired"),
    "mend": _("Report mended"), "scrap": _("Scrap"), "lose": _("Report lost"), "find": _("Report found again"),
})
# What lies at a stock place and must be found there when it is counted.
AT_PLACE = (I.IN_STOCK, I.RESERVED, I.RETURNED, I.FAULTY)


class TransferState(models.TextChoices):
    """States of a transfer between two stock places."""

    SENT = "sent", _("Sent")
    RECEIVED = "received", _("Received in full")
    DIFFERENT = "different", _("Received with differences")
    SETTLED = "settled", _("Differences settled")


T = TransferState
TRANSFER = Machine("stock_transfer", TransferState, initial=T.SENT, moves={
    "receive": ([T.SENT], T.RECEIVED),
    "receive_different": ([T.SENT], T.DIFFERENT),
    "settle": ([T.DIFFERENT], T.SETTLED),
}, words={"receive": _("Receive in full"), "receive_different": _("Receive with differences"), "settle": _("Settle the differences")})


class TransferFinding(models.TextChoices):
    """What the receiving end says of one item of a transfer."""

    SENT = "sent", _("Sent")
    RECEIVED = "received", _("Received")
    MISSING = "missing", _("Missing")
    EXTRA = "extra", _("Not on the list")


class CountState(models.TextChoices):
    """States of a stocktake."""

    OPEN = "open", _("Being counted")
    COUNTED = "counted", _("Counted, to be approved")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


C = CountState
COUNT = Machine("stock_count", CountState, initial=C.OPEN, moves={
    "finish": ([C.OPEN], C.COUNTED),
    "reopen": ([C.COUNTED], C.OPEN),
    "close": ([C.COUNTED], C.CLOSED),
    "cancel": ([C.OPEN, C.COUNTED], C.CANCELLED),
}, words={"finish": _("Finish counting"), "reopen": _("Go on counting"), "close": _("Close the stocktake"), "cancel": _("Cancel the stocktake"),
          "scan": _("Scan")})


class CountFinding(models.TextChoices):
    """What a stocktake found of one serial."""

    EXPECTED = "expected", _("Expected, not seen yet")
    FOUND = "found", _("Found")
    MISSING = "missing", _("Missing")
    SURPLUS = "surplus", _("Of another place")
    UNKNOWN = "unknown", _("Not known")
