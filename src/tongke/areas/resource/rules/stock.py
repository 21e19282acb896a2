"""Rules of stock."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date
from hashlib import md5
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongke.areas.resource.states.stock import ItemKind, StockPlaceKind
from tongke.kernel.rules import rule

ITEMS_MAX = 10_000


@rule("RES-71", says=_("Code or name is missing or too long"), mend=_("Give a code of up to 40 and a name of up to 100 signs"), field="code")
def has_a_name(*, code: str, name: str) -> bool:
    """Suppliers, models and places have a code and a name."""
    return 0 < len(code.strip()) <= 40 and 0 < len(name.strip()) <= 100


@rule("RES-72", says=_("{payment_days} days of payment cannot be"), mend=_("Give 0 to 365 days"), field="payment_days")
def is_a_term(*, payment_days: int) -> bool:
    """A supplier is paid within a year."""
    return 0 <= payment_days <= 365


@rule("RES-73", says=_("{kind} is no kind of item"), mend=_("Choose one of the list"), field="kind")
def is_an_item_kind(*, kind: str) -> bool:
    """The kind comes from the list."""
    return kind in ItemKind.values


@rule("RES-74", says=_("{warranty_months} months of warranty cannot be"), mend=_("Give 0 to 120 months"), field="warranty_months")
def is_a_warranty(*, warranty_months: int) -> bool:
    """A warranty runs at most ten years."""
    return 0 <= warranty_months <= 120


@rule("RES-75", says=_("{kind} is no kind of stock place"), mend=_("Choose one of the list"), field="kind")
def is_a_place_kind(*, kind: str) -> bool:
    """The kind comes from the list."""
    return kind in StockPlaceKind.values


@rule("RES-76", says=_("The alarm at {low_at} and the target {target} do not fit"), mend=_("Give a target that is not below the alarm, both zero or more"),
      field="low_at")
def is_a_level(*, low_at: int, target: int) -> bool:
    """Too little is less than enough."""
    return 0 <= low_at <= target <= 1_000_000


@rule("RES-77", says=_("A reason is needed"), mend=_("Say what happened"), field="reason")
def is_explained(*, reason: str) -> bool:
    """What is lost or given up is explained."""
    return bool(reason.strip())


@rule("RES-78", says=_("The number {serial} stands twice in the list"), mend=_("Leave one of the two out"), field="serial")
def stands_once(*, serial: str) -> bool:
    """A list names each item once."""
    return not serial


@rule("RES-79", says=_("{count} items are too many or none"), mend=_("Take 1 to 10,000 at once; more come by file"), field="items")
def is_a_quantity(*, count: int) -> bool:
    """A paper by hand has some items, not a truckload."""
    return 1 <= count <= ITEMS_MAX


@rule("RES-80", says=_("The stock place {place} is closed"), mend=_("Choose a place in use"), field="stock_place")
def place_is_open(*, place: str, active: bool) -> bool:
    """Only places in use receive stock."""
    return active


@rule("RES-81", says=_("The model {model} is no longer bought"), mend=_("Choose a model in use"), field="model")
def model_is_bought(*, model: str, active: bool) -> bool:
    """Only models in use are received."""
    return active


def doubled(serials: Iterable[str]) -> list[str]:
    """Return the serials that occur more than once, each once."""
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for serial in serials:
        if serial in seen:
            twice[serial] = None
        seen.add(serial)
    return list(twice)


def months_later(day: date, months: int) -> date:
    """Return the same day ``months`` later, or the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def stock_id(stock_place_id: UUID, model_id: UUID, state: str = "in_stock") -> UUID:
    """Return the id of the stock of a model at a place in a state, which follows from the three (as in queries.records.stock)."""
    return UUID(md5(f"{stock_place_id}{model_id}{state}".encode(), usedforsecurity=False).hexdigest())
