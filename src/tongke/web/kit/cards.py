"""Cards of the role homes. A web folder offers them in its own ``cards.py`` as ``CARDS``; the homes show what the actor may see.

A card's ``build(actor, at)`` reads through an area's front door and returns a ``Figure``, ``Lines`` or a ``Drawing``; each
leads to the rows behind it. A refusal or a missing room is shown as such, never as a made-up nought.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from tongke.kernel.actor import Actor
from tongke.kernel.errors import Refused
from tongke.web.kit.chart import Chart
from tongke.web.kit.navigation import may_any, offered


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure that leads to its rows. ``tone`` is good, warn or bad; ``part`` a share (0..1) drawn as a bar."""

    value: Any
    address: str = ""
    hint: Any = ""
    tone: str = ""
    part: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a card: what, a quieter remark, an instant, a badge (words, tone)."""

    title: Any
    address: str = ""
    quiet: Any = ""
    at: datetime | None = None
    badge: tuple[Any, str] | None = None
    sign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """A few rows; ``more`` is (label, address); ``says`` and ``mend`` stand where there are none."""

    lines: Sequence[Line]
    says: Any = ""
    mend: Any = ""
    more: tuple[Any, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A chart; ``more`` is (label, address)."""

    chart: Chart
    more: tuple[Any, str] | None = None


Content = Figure | Lines | Drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card: shown on the ``homes`` named (role codes) to whoever holds ``permission`` (any of several), in ``order``.

    A ``lazy`` card is fetched after the page: right for whatever may take longer than a blink.
    """

    key: str
    label: Any
    homes: tuple[str, ...]
    build: Callable[[Actor, datetime], Content]
    permission: str | tuple[str, ...] = ""
    icon: str = "layout-grid"
    order: int = 50
    lazy: bool = False


@dataclass(slots=True)
class Shown:
    """A card with its contents; ``refused`` says why there are none."""

    card: Card
    content: Content | None = None
    refused: str = ""
    mend: str = ""
    kind: str = field(default="lines")


@lru_cache(maxsize=1)
def all_cards() -> tuple[Card, ...]:
    """Every card offered by the web folders, in order."""
    return tuple(sorted(offered("cards", "CARDS"), key=lambda card: (card.order, card.key)))


def cards_of(home: str, actor: Actor, at: datetime) -> list[Shown]:
    """Build the cards of one home that the actor may see; lazy ones stay empty, of the kind ``lazy``."""
    mine = [card for card in all_cards() if home in card.homes and may_any(actor, card.permission)]
    return [Shown(card, kind="lazy") if card.lazy else _shown(card, actor, at) for card in mine]


def card_of(key: str, actor: Actor, at: datetime) -> Shown | None:
    """Build one card, or ``None`` where there is none of that name for the actor."""
    card = next((c for c in all_cards() if c.key == key and may_any(actor, c.permission)), None)
    return _shown(card, actor, at) if card is not None else None


def _shown(card: Card, actor: Actor, at: datetime) -> Shown:
    try:
        content = card.build(actor, at)
    except Refused as fault:
        return Shown(card, refused=f"{fault.message} ({fault.code})", mend=fault.advice)
    kind = "figure" if isinstance(content, Figure) else "drawing" if isinstance(content, Drawing) else "lines"
    return Shown(card, content, kind=kind)
