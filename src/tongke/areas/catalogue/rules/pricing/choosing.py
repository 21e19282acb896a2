"""Which price row holds for a buyer: the most exact one, then what the price lists and the bundle say about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import combinations
from typing import Any

from tongke.areas.catalogue.rules.eligibility.words import Coded
from tongke.areas.catalogue.rules.pricing import codes
from tongke.areas.catalogue.rules.pricing.asked import Configuration
from tongke.areas.catalogue.rules.pricing.codes import Trace
from tongke.areas.catalogue.rules.pricing.offer import Asked, Listed, Price, PricedOffering, Tier
from tongke.kernel.rules import Broken

HUNDRED = Decimal(100)
Exactness = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Picked:
    """A price that holds for the buyer, for ``quantity`` units, and why. ``of`` is the offer (or part) that it belongs to."""

    price: Price
    of: PricedOffering
    part_code: str
    quantity: Decimal
    traces: tuple[Trace, ...]


def exactness(price: Price, areas: Sequence[int]) -> Exactness | None:
    """Return how exactly a row speaks of a buyer in ``areas``: characteristics, nearness of the area, segment, channel; ``None``: not at all."""
    if price.area_id is None:
        near = 0
    elif price.area_id in areas:
        near = len(areas) - areas.index(price.area_id)
    else:
        return None
    return len(price.condition), near, 1 if price.segment else 0, 1 if price.channel else 0


def holds(price: Price, asked: Configuration, chosen: Mapping[str, object]) -> bool:
    """Tell whether the row is meant for the buyer's segment and channel and for what was chosen."""
    return (
        (not price.segment or price.segment == asked.segment) and (not price.channel or price.channel == asked.channel)
        and all(c.holds(chosen.get(c.name)) for c in price.condition)
    )


def rows_by_code(prices: Iterable[Price]) -> dict[str, list[Price]]:
    """Group rows by price code, in the order in which the codes first appear."""
    groups: dict[str, list[Price]] = {}
    for price in prices:
        groups.setdefault(price.code, []).append(price)
    return groups


def pick(rows: Sequence[Price], asked: Configuration, chosen: Mapping[str, object]) -> tuple[Price, tuple[Trace, ...]] | None:
    """Return the row of one price that holds for the buyer, and why; ``None`` where none does.

    Equally exact rows cannot be published (CAT-119); were there any, the one with the smaller source text wins.
    """
    best: tuple[Exactness, Price] | None = None
    rivals = 0
    for row in rows:
        how = exactness(row, asked.areas)
        if how is None or not holds(row, asked, chosen):
            continue
        rivals += 1
        if best is None or how > best[0] or (how == best[0] and row.source < best[1].source):
            best = (how, row)
    if best is None:
        return None
    found = best[1]
    rule = codes.is_own_price if rivals == 1 and best[0] == (0, 0, 0, 0) else codes.is_most_exact
    return found, (Trace(rule, found.source),)


def relisted(price: Price, listed: Sequence[Listed], asked: Configuration, at: datetime) -> tuple[Price, tuple[Trace, ...]]:
    """Return the price as the first price list that names it has it; lists of equal priority: nearest area, segment, code."""
    fitting = [
        entry for entry in listed
        if entry.price_code == price.code and (not entry.segment or entry.segment == asked.segment)
        and (not entry.channel or entry.channel == asked.channel) and (entry.area_id is None or entry.area_id in asked.areas)
        and (entry.valid is None or entry.valid.covers(at))
    ]
    if not fitting:
        return price, ()

    def order(entry: Listed) -> tuple[int, int, int, str]:
        near = 0 if entry.area_id is None else len(asked.areas) - asked.areas.index(entry.area_id)
        return -entry.priority, -near, 0 if entry.segment else 1, entry.list_code

    entry = min(fitting, key=order)
    made = as_percentage(price, entry.percent) if entry.amount is None else replace(price, amount=entry.amount, tiers=())
    return made, (Trace(codes.is_listed, entry.source or entry.list_code),)


def as_percentage(price: Price, percent: Decimal | None) -> Price:
    """Return ``percent`` of the price, of its tiers too; ``None`` is the price itself."""
    if percent is None:
        return price
    factor = percent / HUNDRED
    return replace(price, amount=price.amount * factor, tiers=tuple(Tier(t.from_quantity, t.amount * factor) for t in price.tiers))


def in_bundle(price: Price, over: tuple[Price, tuple[Trace, ...]] | None) -> tuple[Price, tuple[Trace, ...]]:
    """Return a part's price as the bundle's row ``over`` has it: another amount or a percentage of its own."""
    if over is None:
        return price, ()
    row, _why = over
    if row.percent_of_part is not None:
        return as_percentage(price, row.percent_of_part), (Trace(codes.is_part_percent, row.source),)
    kept = replace(
        price, amount=row.amount, tiers=row.tiers, tier_mode=row.tier_mode,
        source=row.source, proration=row.proration or price.proration,
    )
    return kept, (Trace(codes.is_part_price, row.source),)


def ambiguous_prices(prices: Sequence[Price], *, said: Callable[[Price], Any] = lambda price: price.source or price.code) -> list[Broken]:
    """Return CAT-119 for every two rows of one price that are equally exact for some buyer: a version with any is not published.

    ``said`` returns what a sentence calls a row.
    """
    out = []
    by_place: dict[tuple[str, str, int | None, str, str, int], list[Price]] = {}
    for price in prices:
        by_place.setdefault((price.code, price.part_code, price.area_id, price.segment, price.channel, len(price.condition)), []).append(price)
    for (code, *_place), rows in by_place.items():
        out += [
            codes.price_is_unambiguous.broken(code=Coded.of(a, code), first=said(a), second=said(b), same=True)
            for a, b in combinations(rows, 2) if _can_both_hold(a.condition, b.condition)
        ]
    return out


def _can_both_hold(left: Sequence[Asked], right: Sequence[Asked]) -> bool:
    others = {asked.name: asked for asked in right}
    return all(asked.name not in others or _meet(asked, others[asked.name]) for asked in left)


def _meet(left: Asked, right: Asked) -> bool:
    if left.values and right.values:
        return not set(left.values).isdisjoint(right.values)
    if left.values or right.values:
        values, bounds = (left, right) if left.values else (right, left)
        return any(bounds.holds(value) for value in values.values)
    starts = [b for b in (left.least, right.least) if b is not None]
    ends = [b for b in (left.most, right.most) if b is not None]
    return not starts or not ends or max(starts) <= min(ends)
