"""Tiered amounts: graduated (slab) and by volume."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal

from tongke.areas.catalogue.rules.pricing.offer import NOTHING, Price, Tier

SLAB, VOLUME = "slab", "volume"


def whole_units(quantity: Decimal, unit_size: Decimal) -> Decimal:
    """Return how many units of ``unit_size`` are begun by ``quantity``: a begun unit counts whole."""
    if quantity <= 0:
        return NOTHING
    return (quantity / unit_size).to_integral_value(rounding=ROUND_CEILING) if unit_size != 1 else quantity


def graduated(units: Decimal, tiers: Sequence[Tier]) -> Decimal:
    """Return the amount where each part of the quantity is priced at its own step."""
    total = NOTHING
    for at, tier in enumerate(tiers):
        if units <= tier.from_quantity:
            break
        end = tiers[at + 1].from_quantity if at + 1 < len(tiers) else units
        total += (min(units, end) - tier.from_quantity) * tier.amount
    return total


def by_volume(units: Decimal, tiers: Sequence[Tier]) -> Decimal:
    """Return the amount where the whole quantity is priced at the step it reaches; a step begins above its quantity."""
    reached = tiers[0].amount
    for tier in tiers:
        if units > tier.from_quantity:
            reached = tier.amount
    return units * reached


def amount_for(price: Price, quantity: Decimal) -> Decimal:
    """Return what ``quantity`` costs under the price, not rounded."""
    if not price.tiers:
        return price.amount * quantity
    return by_volume(quantity, price.tiers) if price.tier_mode == VOLUME else graduated(quantity, price.tiers)
