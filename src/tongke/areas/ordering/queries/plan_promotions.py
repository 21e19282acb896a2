"""What a plan's monthly fee is with the promotions that a customer may take now, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from tongke.areas.catalogue.queries import Promotion, Quote
from tongke.areas.catalogue.queries.eligibility import Named
from tongke.areas.catalogue.queries.plans import FEE_BENEFITS, Configuration, PriceBook, fee_reductions
from tongke.areas.catalogue.queries.shares import promotions_left

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Promoted:
    """The promotions taken together that save the customer most, of those that lower the monthly fee: reductions in percent, by an
    amount, and months free. What is paid in advance, a device or points stays out of it, for it is not the price of the plan.

    ``fee`` is the first month's with them, ``less`` what that month is lower by, for ``months`` months (``None``: as long as the plan is
    kept). ``saved`` is what they would have saved, had the months that were looked at been the first ones.
    """

    codes: tuple[str, ...]
    names: Named
    fee: Decimal
    less: Decimal
    months: int | None
    saved: Decimal


def promoted(
    book: PriceBook, quotes: Mapping[str, Quote], asked: Configuration, *, months: int, customer_id: UUID, on: date, at: datetime,
) -> dict[str, Promoted]:
    """Return by code of the plan what promotions make of its fee; plans without one are left out."""
    running = [
        p for p in book.promotions if p.benefit.kind in FEE_BENEFITS and (p.valid is None or p.valid.covers(at))
        and (not p.offerings or not quotes.keys().isdisjoint(p.offerings))]
    left = promotions_left(running, customer_id, at=at)
    out = {}
    for code, quote in quotes.items():
        reduced = book.quote_promoted(code, asked, [p for p in left if not p.offerings or code in p.offerings], on=on, at=at) if left else None
        found = _promoted(reduced, quote, left, months) if reduced is not None else None
        if found is not None:
            out[code] = found
    return out


def _promoted(reduced: Quote, usual: Quote, running: list[Promotion], months: int) -> Promoted | None:
    off, lasts = fee_reductions(reduced, max(months, 1))
    if not off[0]:
        return None
    taken = [p for p in running if p.code in reduced.promotions]
    return Promoted(
        reduced.promotions, Named("、".join(p.name_zh or p.code for p in taken), ", ".join(p.name_en or p.code for p in taken)),
        max(usual.shown_monthly - off[0], ZERO), off[0], lasts, sum(off[:months], ZERO),
    )
