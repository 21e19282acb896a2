"""What months of usage cost under a plan (B8): allowances, what is left over from earlier months, tiers beyond them.

A plan is compiled once; a month then costs a few multiplications. What rolled over from earlier months is used before the
month's own allowance, the oldest first. An allowance that lines share counts in full unless it is said how many they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tongke.areas.catalogue.rules.pricing import codes
from tongke.areas.catalogue.rules.pricing.codes import Trace
from tongke.areas.catalogue.rules.pricing.offer import NOTHING, USAGE, ZERO, Tier, cents
from tongke.areas.catalogue.rules.pricing.quoting import Quote, QuoteLine
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
    """A month's allowance of one usage type, for how many months what is left of it lives on, and whether lines share it."""

    usage_type: str
    amount: Decimal
    rollover_months: int
    shared: bool = False


@dataclass(frozen=True, slots=True)
class UsagePlan:
    """A plan made ready for many months: its steady monthly fee, allowances and rates by usage type.

    ``allowance`` sums what a month includes; ``rolling`` are the usage types of which something lives on.
    """

    offering: str
    fee: Decimal
    included: Mapping[str, tuple[Included, ...]]
    rates: Mapping[str, Rate]
    allowance: Mapping[str, Decimal]
    rolling: tuple[str, ...]
    _traces: dict[tuple[str, bool, bool, bool], tuple[Trace, ...]] = field(default_factory=dict, compare=False, repr=False)

    def carries(self, usage_type: str) -> bool:
        """Whether a line can be used so under the plan: something of it is included, or it has a rate."""
        return usage_type in self.rates or self.allowance.get(usage_type, NOTHING) > 0

    @property
    def shared(self) -> tuple[str, ...]:
        """The usage types of which lines share an allowance."""
        return tuple(usage_type for usage_type, parts in self.included.items() if any(one.shared for one in parts))

    def for_one_of(self, lines: int) -> UsagePlan:
        """Return the plan as one of so many lines has it: of what they share an equal part in whole units, all else in full."""
        if lines <= 1 or not self.shared:
            return self
        included = {
            usage_type: tuple(replace(one, amount=one.amount // lines) if one.shared else one for one in parts)
            for usage_type, parts in self.included.items()
        }
        return replace(self, included=included, allowance=_sums(included), _traces={})

    def traces(self, usage_type: str, *, rolled: bool, included: bool, beyond: bool) -> tuple[Trace, ...]:
        """Return the rules of a line: rolled over, within the allowance, beyond it; the same tuple for the same rules."""
        key = (usage_type, rolled, included, beyond)
        found = self._traces.get(key)
        if found is None:
            rows = (
                (rolled, codes.is_rolled_over, self.offering), (included, codes.is_within_allowance, self.offering),
                (beyond, codes.is_overage, self.rates[usage_type].source if beyond else ""))
            found = self._traces[key] = tuple(Trace(rule, source) for so, rule, source in rows if so)
        return found


@dataclass(frozen=True, slots=True)
class UsageLine:
    """One usage type of which something was used in one month: how it was covered and what the rest costs."""

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
        included[a.usage_type] = (*included.get(a.usage_type, ()), Included(a.usage_type, a.amount, a.rollover_months, a.shared))
    rates = {line.unit: _rate(line, f"{quote.offering} v{quote.version}: {line.code}") for line in quote.lines if line.kind == USAGE}
    return UsagePlan(
        quote.offering, quote.shown_monthly, included, rates,
        _sums(included), tuple(usage_type for usage_type, parts in included.items() if any(one.rollover_months for one in parts)),
    )


def _sums(included: Mapping[str, Sequence[Included]]) -> dict[str, Decimal]:
    return {usage_type: sum((one.amount for one in parts), NOTHING) for usage_type, parts in included.items()}


def _rate(line: QuoteLine, source: str) -> Rate:
    """Return what a unit costs the customer: with the tax on top where the price is without."""
    whole = 1 if line.tax_included else 1 + line.tax_percent / 100
    return Rate(
        line.unit, line.unit_size, line.unit_amount * whole, line.tier_mode, tuple(Tier(begins, amount * whole) for begins, amount in line.tiers), source)


def cost_of_months(plan: UsagePlan, months: Sequence[Mapping[str, Decimal]]) -> list[MonthCost]:
    """Return what each of some months that follow one another would have cost under the plan, the oldest first."""
    left: dict[str, list[tuple[int, Decimal]]] = {}
    return [_month(plan, used, left) for used in months]


def _month(plan: UsagePlan, usage: Mapping[str, Decimal], left: dict[str, list[tuple[int, Decimal]]]) -> MonthCost:
    lines = []
    unpriced: tuple[str, ...] = ()
    overage = ZERO
    for usage_type, used in usage.items():
        if not used:
            continue
        line = _covered(plan, usage_type, used, left)
        lines.append(line)
        if line.beyond:
            overage += line.cost
            if usage_type not in plan.rates:
                unpriced += (usage_type,)
    for usage_type in plan.rolling:
        if not usage.get(usage_type):
            _grow_older(plan, usage_type, left.get(usage_type, ()), NOTHING, left)
    return MonthCost(plan.fee, overage, tuple(lines), unpriced)


def _covered(plan: UsagePlan, usage_type: str, used: Decimal, left: dict[str, list[tuple[int, Decimal]]]) -> UsageLine:
    """How one month's usage of a type is covered: by what rolled over, by the month's own allowance, the rest at the rate."""
    rolled, rest = NOTHING, used
    if usage_type in plan.rolling:
        rolled, older = _take_oldest(left.get(usage_type, ()), used)
        rest = used - rolled
        _grow_older(plan, usage_type, older, rest, left)
    included = min(rest, plan.allowance.get(usage_type, NOTHING))
    beyond = rest - included
    rate = plan.rates.get(usage_type) if beyond else None
    cost = rate.cost(beyond) if rate is not None else ZERO
    return UsageLine(usage_type, used, rolled, included, beyond, cost, plan.traces(
        usage_type, rolled=bool(rolled), included=bool(included), beyond=rate is not None))


def _grow_older(
    plan: UsagePlan, usage_type: str, older: Sequence[tuple[int, Decimal]], wanted: Decimal, left: dict[str, list[tuple[int, Decimal]]],
) -> None:
    """Keep for the next month what is left of earlier ones, a month older, and what the month's own allowances leave of ``wanted``."""
    stays = [(lives - 1, amount) for lives, amount in older if lives > 1]
    for one in plan.included[usage_type]:
        part = min(wanted, one.amount)
        wanted -= part
        if one.rollover_months and one.amount > part:
            stays.append((one.rollover_months, one.amount - part))
    left[usage_type] = stays


def _take_oldest(left: Sequence[tuple[int, Decimal]], wanted: Decimal) -> tuple[Decimal, list[tuple[int, Decimal]]]:
    """Return how much of what is left covers ``wanted``, and what stays, the shortest-lived used first."""
    taken, stays = NOTHING, []
    for lives, amount in sorted(left):
        part = min(amount, wanted - taken)
        taken += part
        if amount > part:
            stays.append((lives, amount - part))
    return taken, stays
