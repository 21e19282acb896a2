"""What months of usage cost under a plan (B8): allowances, what is left over from earlier months, tiers beyond them.

A plan is compiled once; a month then costs a few multiplications. What rolled over from earlier months is used before the
month's own allowance, the oldest first. A shared allowance counts in full: the line may use all of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tongke.areas.catalogue.rules.pricing import codes
from tongke.areas.catalogue.rules.pricing.codes import Trace
from tongke.areas.catalogue.rules.pricing.offer import NOTHING, USAGE, ZERO, Tier, cents
from tongke.areas.catalogue.rules.pricing.quoting import Quote
from tongke.areas.catalogue.rules.pricing.tiers import VOLUME, by_volume, graduated, whole_units


@dataclass(frozen=True, slots=True)
class Rate:
    """What usage beyond the allowance costs: ``amount`` for ``unit_size`` units, begun ones whole, in tiers where there are."""

    usage_type: str
    unit_size: Decimal
    amount: Decimal
    tier_mode: str = "slab"
    tiers: tuple[Tier, ...] = ()
    source: str = ""

    def cost(self, quantity: Decimal) -> Decimal:
        """Return what the quantity costs, in cents."""
        if quantity <= 0:
            return ZERO
        units = whole_units(quantity, self.unit_size)
        if not self.tiers:
            return cents(units * self.amount)
        return cents(by_volume(units, self.tiers) if self.tier_mode == VOLUME else graduated(units, self.tiers))


@dataclass(frozen=True, slots=True)
class Included:
    """A month's allowance of one usage type and for how many months what is left of it lives on."""

    usage_type: str
    amount: Decimal
    rollover_months: int


@dataclass(frozen=True, slots=True)
class UsagePlan:
    """A plan made ready for many months: its steady monthly fee, allowances and rates by usage type."""

    offering: str
    fee: Decimal
    included: Mapping[str, tuple[Included, ...]]
    rates: Mapping[str, Rate]


@dataclass(frozen=True, slots=True)
class UsageLine:
    """One usage type in one month: how it was covered and what the rest costs."""

    usage_type: str
    used: Decimal
    rolled_over: Decimal
    included: Decimal
    beyond: Decimal
    cost: Decimal
    traces: tuple[Trace, ...]


@dataclass(frozen=True, slots=True)
class MonthCost:
    """A month under a plan: ``total`` is the fee and what usage beyond the allowances costs. ``unpriced`` names usage without a rate."""

    fee: Decimal
    overage: Decimal
    lines: tuple[UsageLine, ...]
    unpriced: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal:
        """Fee and overage."""
        return self.fee + self.overage


def usage_plan(quote: Quote) -> UsagePlan:
    """Make a plan ready from its quote: taxes, price lists and promotions without an end are in the figures already."""
    included: dict[str, tuple[Included, ...]] = {}
    for a in quote.allowances:
        included[a.usage_type] = (*included.get(a.usage_type, ()), Included(a.usage_type, a.amount, a.rollover_months))
    rates = {
        line.unit: Rate(line.unit, line.unit_size, line.unit_amount, line.tier_mode, tuple(Tier(f, a) for f, a in line.tiers),
                        f"{quote.offering} v{quote.version}: {line.code}")
        for line in quote.lines if line.kind == USAGE
    }
    return UsagePlan(quote.offering, quote.shown_monthly, included, rates)


def cost_of_months(plan: UsagePlan, months: Sequence[Mapping[str, Decimal]]) -> list[MonthCost]:
    """Return what each of some months that follow one another would have cost under the plan, the oldest first."""
    left: dict[str, list[tuple[int, Decimal]]] = {}
    return [_month(plan, used, left) for used in months]


def _month(plan: UsagePlan, usage: Mapping[str, Decimal], left: dict[str, list[tuple[int, Decimal]]]) -> MonthCost:
    lines = []
    unpriced = []
    overage = ZERO
    for usage_type in dict.fromkeys((*plan.included, *usage)):
        used = usage.get(usage_type, NOTHING)
        line = _covered(plan, usage_type, used, left)
        if line is None:
            continue
        if line.beyond > 0 and usage_type not in plan.rates:
            unpriced.append(usage_type)
        overage += line.cost
        lines.append(line)
    return MonthCost(plan.fee, overage, tuple(lines), tuple(unpriced))


def _covered(plan: UsagePlan, usage_type: str, used: Decimal, left: dict[str, list[tuple[int, Decimal]]]) -> UsageLine | None:
    own = plan.included.get(usage_type, ())
    if not own and not used:
        return None
    traces: tuple[Trace, ...] = ()
    rolled, older = _take_oldest(left.get(usage_type, []), used)
    rest = used - rolled
    if rolled:
        traces += (Trace(codes.is_rolled_over, plan.offering),)
    taken, fresh = NOTHING, []
    for one in own:
        part = min(rest, one.amount)
        taken, rest = taken + part, rest - part
        if one.rollover_months and one.amount > part:
            fresh.append((one.rollover_months, one.amount - part))
    left[usage_type] = [(lives - 1, amount) for lives, amount in older if lives > 1] + fresh
    if taken:
        traces += (Trace(codes.is_within_allowance, plan.offering),)
    rate = plan.rates.get(usage_type)
    cost = rate.cost(rest) if rate is not None else ZERO
    if rest > 0 and rate is not None:
        traces += (Trace(codes.is_overage, rate.source),)
    return UsageLine(usage_type, used, rolled, taken, rest, cost, traces)


def _take_oldest(left: Sequence[tuple[int, Decimal]], wanted: Decimal) -> tuple[Decimal, list[tuple[int, Decimal]]]:
    """Return how much of what is left covers ``wanted``, and what stays, the shortest-lived used first."""
    taken, stays = NOTHING, []
    for lives, amount in sorted(left):
        part = min(amount, wanted - taken)
        taken += part
        if amount > part:
            stays.append((lives, amount - part))
    return taken, stays
