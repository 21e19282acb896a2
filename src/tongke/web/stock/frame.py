"""What the stock pages share: the row of sections, lists within it, and lists of few rows."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries
from tongke.areas.resource.states import ItemKind
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor
from tongke.web.kit import COUNT_BOUND, Ask, ListPage, Page
from tongke.web.kit.columns import read
from tongke.web.kit.rows import Screen
from tongke.web.stock.words import model_words

VIEW, MOVE, COUNT = "resource.view_stock", "resource.move_stock", "resource.count_stock"
# Pairs of place and model that are summed up at most: those of a large network's places many times over.
PAIRS_MAX = 50_000
SECTIONS = (
    ("stock", _("Board")), ("stock-items", _("Items")), ("stock-transfers", _("Transfers")), ("stock-deliveries", _("Deliveries")),
    ("stock-counts", _("Stocktakes")), ("stock-levels", _("Low stock")), ("stock-models", _("Models")), ("stock-places", _("Stock places")),
    ("stock-suppliers", _("Suppliers")),
)
# Pages whose address does not lie below that of their section.
WITHIN = (("/stock/files", "stock-deliveries"), ("/stock/receive", "stock-deliveries"))


def sections(request: HttpRequest) -> list[tuple[Any, str, bool]]:
    """Return the row of sections with the one that the page belongs to."""
    addresses = [(label, reverse(name)) for name, label in SECTIONS]
    path = next((reverse(name) for start, name in WITHIN if request.path.startswith(start)), request.path)
    own = max((address for _label, address in addresses if path == address or path.startswith(f"{address}/")), key=len, default="")
    return [(label, address, address == own) for label, address in addresses]


def place_choices(actor: Actor) -> list[tuple[str, str]]:
    """The actor's stock places, to choose from."""
    return [(str(place.id), place.name) for place in queries.stock_places(by=actor)]


def org_choices(actor: Actor) -> list[tuple[str, str]]:
    """The organisations that keep stock and that the actor sees, to choose from."""
    return [(str(org.id), org.name) for org in staff.orgs_offered(by=actor)]


def model_choices(actor: Actor) -> list[tuple[str, str]]:
    """The models in use by id, to choose from."""
    return [(str(model.id), model_words(model)) for model in queries.item_models(by=actor)]


def code_choices(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """The models in use by code, grouped by kind."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for model in queries.item_models(by=actor):
        groups.setdefault(str(ItemKind(model.kind).label), []).append((model.code, f"{model_words(model)} · {model.code}"))
    return list(groups.items())


class StockPage(Page):
    """A page of the stock section."""

    permission = VIEW

    def get_context(self, **more: Any) -> dict[str, Any]:
        """Return what every page of the section shows, and ``more``."""
        return {"sections": sections(self.request), **more}


class StockList(ListPage):
    """A list of the stock section."""

    permission = VIEW
    template = "stock/list.html"

    def context_of(self, found: Screen) -> dict[str, Any]:
        """Add the row of sections."""
        return {**super().context_of(found), "sections": sections(self.request)}


class ShortList(StockList):
    """A list of so few rows that all of them are read: give ``whole``."""

    whole: ClassVar[Any] = None

    def narrowed_rows(self, ask: Ask) -> list[Any]:
        """Return all rows within the filters, in the order asked for."""
        rows = list(type(self).whole(ask.actor, ask.filters))
        if ask.sort:
            rows.sort(key=lambda row: (read(row, ask.sort), str(read(row, "id"))), reverse=ask.falling)
        return rows

    def read_rows(self, ask: Ask) -> Sequence[Any]:
        """Return the rows beyond the cursor, one more than asked for."""
        rows = self.narrowed_rows(ask)
        if ask.cursor is not None:
            key = ask.cursor[1]
            rows = list(itertools.dropwhile(lambda row: read(row, "id") != key, rows))[1:]
        return rows[: ask.limit + 1]

    def read_count(self, ask: Ask) -> int:
        """Return how many there are, up to the bound."""
        return min(len(self.narrowed_rows(ask)), COUNT_BOUND + 1)
