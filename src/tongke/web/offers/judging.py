"""Judges every offer for one customer and puts the answers into groups, with what each would cost a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tongke.areas.catalogue import queries as catalogue
from tongke.areas.catalogue.queries.plans import Configuration
from tongke.areas.inventory import queries as inventory
from tongke.areas.ordering import queries as ordering
from tongke.areas.ordering.queries import Qualification, Wanted
from tongke.areas.party.queries import CustomerRow
from tongke.kernel.actor import Actor
from tongke.web.offers.frame import EFFECTS, HEADINGS, ORDER, SIGNS, TONES, Data

LINES_SHOWN = 20
ADDED = ("value_added", "device")


@dataclass(frozen=True, slots=True)
class Offered:
    """One offer as the page shows it: what the rules say with every reason, what it costs at once and a month (``None``: not to be seen)."""

    code: str
    name: str
    kind: str
    version: int
    outcome: str
    reasons: tuple[Any, ...]
    deposit: Decimal
    penalty: Decimal
    monthly: Decimal | None
    now: Decimal | None


@dataclass(frozen=True, slots=True)
class Group:
    """The offers of one outcome."""

    outcome: str
    offers: tuple[Offered, ...]

    @property
    def heading(self) -> Any:
        """What the outcome means at the counter."""
        return HEADINGS[self.outcome]

    @property
    def sign(self) -> str:
        """The icon of the outcome."""
        return SIGNS[self.outcome]

    @property
    def tone(self) -> str:
        """The tone of the outcome."""
        return TONES[self.outcome]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked: through which channel, where, on which line, of which kind."""

    channel: str = ""
    place_id: UUID | None = None
    line_id: UUID | None = None
    instead: bool = False
    kind: str = ""
    kinds: Sequence[str] = field(default_factory=tuple)


def lines_of(customer_id: UUID, *, by: Actor) -> list[Any]:
    """Return the customer's lines in force, masked as the actor may read them; none without the right to see them."""
    if not by.may("inventory.view"):
        return []
    return [line for line in inventory.lines_shown(customer_id, limit=LINES_SHOWN, by=by) if line.ended_on is None]


def main_product(line_id: UUID, *, by: Actor) -> UUID | None:
    """Return the product that is the line's plan: the dearest in force that is no added service."""
    held = [p for p in inventory.products_of_line(line_id, by=by) if p.ended_on is None and p.offering.kind not in ADDED]
    return max(held, key=lambda p: (p.monthly_fee, p.started_on), default=None).id if held else None  # type: ignore[union-attr]  # there is one


def judge(row: CustomerRow, asked: Asked, *, by: Actor, at: datetime) -> list[Qualification]:
    """Return what the rules say of every offer on sale for the customer; raises as ``ordering.qualify``."""
    replaced = main_product(asked.line_id, by=by) if asked.line_id and asked.instead else None
    wanted = Wanted(place_id=asked.place_id, line_id=asked.line_id, channel=asked.channel or None, replacing=[replaced] if replaced else [])
    return ordering.qualify(row.id, wanted=wanted, by=by, at=at)


def prices(row: CustomerRow, codes: Sequence[str], asked: Asked, *, by: Actor, at: datetime) -> Mapping[str, Any]:
    """Return the usual quote of each offer for this customer; none without the right to price."""
    if not by.may("ordering.price"):
        return {}
    who = Configuration(
        segment=row.segment, level=row.level, areas=catalogue.areas_of(row.org_id), channel=asked.channel, new_customer=row.state == "prospect")
    return catalogue.quote_many(codes, configuration=who, zone=by.zone, at=at)


def offered(row: CustomerRow, judged: Sequence[Qualification], asked: Asked, *, by: Actor, at: datetime) -> list[Group]:
    """Return the offers by outcome, the eligible first; within one the dearest kind of need first: by kind, then by fee."""
    quotes = prices(row, [q.code for q in judged], asked, by=by, at=at)
    found = [_offered(q, quotes.get(q.code)) for q in judged if not asked.kind or (q.offer is not None and q.offer.kind == asked.kind)]
    return [
        Group(outcome, tuple(sorted((o for o in found if o.outcome == outcome), key=lambda o: (o.kind, o.monthly or Decimal(0), o.code))))
        for outcome in ORDER
    ]


def reasons(q: Qualification) -> tuple[Data, ...]:
    """Return every reason once, with the rules that give it: the offer's own terms and a rule may say the same."""
    found: dict[tuple[str, str, str], Data] = {}
    for f in q.findings:
        one = found.setdefault((f.code, f.message, str(f.effect)), {
            "says": f.message, "mend": f.advice, "code": f.code, "effect": EFFECTS.get(str(f.effect), (str(f.effect), "neutral")), "rules": []})
        if f.rule:
            one["rules"].append(f"{f.rule} v{f.version}")
    return tuple(found.values())


def _offered(q: Qualification, quote: Any) -> Offered:
    return Offered(
        q.code, str(q.name), q.offer.kind if q.offer else "", q.version, q.outcome, reasons(q), q.deposit, q.penalty,
        quote.monthly.total if quote else None, quote.now.total if quote else None,
    )
