"""The stock board: what lies where, model by place, what runs low, and what is on its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries
from tongke.areas.resource.queries import OnHand
from tongke.areas.resource.states import CountState, ItemKind, ItemState, StockPlaceKind, TransferState
from tongke.areas.staff import queries as staff
from tongke.web.stock.frame import COUNT, MOVE, PAIRS_MAX, StockPage
from tongke.web.stock.words import COUNT_TONES, KIND_SIGNS, PLACE_SIGNS, TRANSFER_TONES, row_words

PLACES_MAX = 12
SHOWN = 6
# Papers that somebody has to go on with.
TRANSFERS = (TransferState.SENT, TransferState.DIFFERENT)
COUNTS = (CountState.OPEN, CountState.COUNTED)


@dataclass(frozen=True, slots=True)
class Cell:
    """One model at one place: the figures, and a bar of what can be had against what there should be."""

    row: OnHand
    full: int

    @property
    def bar(self) -> list[tuple[str, float, float]]:
        """Parts of the bar in thousandths: (which, from, how wide)."""
        out, at = [], 0.0
        for which, count in (("available", self.row.available), ("reserved", self.row.reserved), ("on_way", self.row.on_way)):
            wide = min(round(count * 1000 / (self.full or 1), 1), 1000 - at)
            if wide > 0:
                out.append((which, at, wide))
                at += wide
        return out


@dataclass(slots=True)
class Line:
    """One model across the places."""

    model_id: UUID
    code: str
    name: str
    available: int = 0
    reserved: int = 0
    on_way: int = 0
    cells: dict[UUID, Cell] = field(default_factory=dict)


@dataclass(slots=True)
class Group:
    """The models of one kind."""

    kind: str
    label: Any
    sign: str
    lines: list[Line]


def matrix(rows: Sequence[OnHand]) -> list[Group]:
    """Return the models by kind with their figures at each place. A bar is full at the target, or at the most that lies anywhere."""
    most: dict[UUID, int] = {}
    for row in rows:
        most[row.model_id] = max(most.get(row.model_id, 1), row.available + row.reserved + row.on_way)
    groups: dict[str, dict[UUID, Line]] = {}
    for row in rows:
        name = row_words(row)
        line = groups.setdefault(row.kind, {}).setdefault(row.model_id, Line(row.model_id, row.model_code, name))
        line.cells[row.stock_place_id] = Cell(row, max(row.target or 0, row.available + row.reserved + row.on_way) if row.target else most[row.model_id])
        line.available += row.available
        line.reserved += row.reserved
        line.on_way += row.on_way
    return [Group(kind, ItemKind(kind).label, KIND_SIGNS[ItemKind(kind)], sorted(groups[kind].values(), key=lambda line: line.code))
            for kind in ItemKind.values if kind in groups]


class Board(StockPage):
    """The board of one local network."""

    title, template = _("Stock"), "stock/board.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return figures, matrix, alarms and papers."""
        del kwargs
        places = queries.stock_places(by=self.actor)
        orgs = sorted({place.org_id for place in places})
        asked = request.GET.get("org", "")
        org = int(asked) if asked.isdecimal() and int(asked) in orgs else (orgs[0] if orgs else 0)
        kind = asked if (asked := request.GET.get("place_kind", "")) in StockPlaceKind.values else ""
        rows = queries.stock_on_hand(org_ids=[org], limit=PAIRS_MAX, by=self.actor)
        shown = [place for place in places if place.org_id == org and kind in ("", place.kind)]
        left, shown = len(shown) - PLACES_MAX, shown[:PLACES_MAX]
        kinds = [(key, label) for key, label in StockPlaceKind.choices if any(p.kind == key and p.org_id == org for p in places)]
        return self.get_context(
            subtitle=_("What lies where; each figure leads to the items"), groups=matrix([row for row in rows if row.org_id == org and kind in ("", row.place_kind)]),
            places=[(place, PLACE_SIGNS[StockPlaceKind(place.kind)]) for place in shown], left=max(left, 0), org=org, place_kind=kind, place_kinds=kinds,
            orgs=[(one, staff.org_name(one)) for one in orgs] if len(orgs) > 1 else [], **self.sums(rows, org), **self.papers(),
            may_move=self.actor.may(MOVE), may_count=self.actor.may(COUNT),
        )

    def sums(self, rows: Sequence[OnHand], org: int) -> dict[str, Any]:
        """Return the figures of an organisation above the matrix, each leading to its rows, and what runs low."""
        low = sorted((row for row in rows if row.is_low and row.org_id == org), key=lambda row: row.available - (row.low_at or 0))
        items = f"{reverse('stock-items')}?org={org}"
        figures = [
            (_("In stock"), sum(row.available for row in rows), f"{items}&state={ItemState.IN_STOCK}", "box", ""),
            (_("Reserved"), sum(row.reserved for row in rows), f"{items}&state={ItemState.RESERVED}", "lock", ""),
            (_("On the way"), sum(row.on_way for row in rows), f"{items}&state={ItemState.IN_TRANSIT}", "truck", ""),
            (_("Returned or faulty"), sum(row.returned + row.faulty for row in rows), f"{items}&state={ItemState.RETURNED}&state={ItemState.FAULTY}&state={ItemState.REPAIR}", "tool", ""),
            (_("Runs low"), len(low), f"{reverse('stock-levels')}?low=1&org={org}", "alarm", "warn" if low else "good"),
        ]
        return {"figures": figures, "low": [(row, row_words(row)) for row in low[:SHOWN]], "low_count": len(low)}

    def papers(self) -> dict[str, Any]:
        """Return the transfers and stocktakes that somebody has to go on with."""
        transfers = queries.transfers_visible_to(self.actor).filter(state__in=TRANSFERS)
        counts = queries.counts_visible_to(self.actor).filter(state__in=COUNTS)
        return {
            "transfers": [(one, TransferState(one.state).label, TRANSFER_TONES[TransferState(one.state)]) for one in transfers[:SHOWN]],
            "transfer_count": transfers.count(), "transfer_states": TRANSFERS,
            "counts": [(one, CountState(one.state).label, COUNT_TONES[CountState(one.state)]) for one in counts[:SHOWN]],
            "count_count": counts.count(), "count_states": COUNTS,
        }
