"""Cards of stock on the number desk's home: what runs low, and transfers that somebody has to go on with."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries
from tongke.areas.resource.states import TransferState
from tongke.kernel.actor import Actor
from tongke.web.kit import formatting
from tongke.web.kit.cards import Card, Figure, Line, Lines
from tongke.web.stock.board import TRANSFERS
from tongke.web.stock.frame import PAIRS_MAX
from tongke.web.stock.words import TRANSFER_TONES

HOME = ("number_desk",)
SHOWN = 6


def low(actor: Actor, at: datetime) -> Figure:
    """How many models run low somewhere."""
    del at
    count = sum(row.is_low for row in queries.stock_on_hand(limit=PAIRS_MAX, by=actor))
    return Figure(value=formatting.number(count), address=f"{reverse('stock-levels')}?low=1", hint=_("models at a place"), tone="warn" if count else "good")


def transfers(actor: Actor, at: datetime) -> Lines:
    """Transfers on their way, or with something missing."""
    del at
    rows = queries.transfers_visible_to(actor).filter(state__in=TRANSFERS)[:SHOWN]
    lines = [Line(title=f"{one.from_place.name} → {one.to_place.name}", address=reverse("stock-transfer", args=[one.id]), at=one.sent_at,
                  badge=(TransferState(one.state).label, TRANSFER_TONES[one.state]), sign="transfer") for one in rows]
    return Lines(lines=lines, says=_("Nothing is on its way"), more=(_("All"), reverse("stock-transfers", query={"state": TRANSFERS})))


CARDS = [
    Card(key="stock-low", label=_("Stock runs low"), homes=HOME, build=low, permission="resource.view_stock", icon="box", order=15),
    Card(key="stock-transfers", label=_("Transfers to be seen to"), homes=HOME, build=transfers, permission="resource.view_stock", icon="transfer", order=25),
]
