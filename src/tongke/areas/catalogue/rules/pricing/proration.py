"""How much of a period's amount is due for part of the period (X8, T19), by the policy of each price.

All stretches that follow one another in a period are judged together, so that their amounts sum to the whole to the cent: what
a stretch pays by days is the rounded amount until its end minus the rounded amount until its start, whatever came between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from tongke.areas.catalogue.rules.pricing import codes
from tongke.areas.catalogue.rules.pricing.asked import NEXT, NOW
from tongke.areas.catalogue.rules.pricing.codes import HALF_MONTH_DAYS
from tongke.areas.catalogue.rules.pricing.cycle import BillingPeriod
from tongke.areas.catalogue.rules.pricing.offer import CENT, ZERO
from tongke.kernel.rules import Rule

DAILY, HALF_MONTH, FULL, AFTER_15TH, NEXT_CYCLE, NONE = "daily", "half_month", "full", "after_15th", "next_cycle", "none"
POLICIES = (DAILY, HALF_MONTH, FULL, AFTER_15TH, NEXT_CYCLE, NONE)
RULE_OF: dict[str, Rule] = {
    DAILY: codes.is_daily, HALF_MONTH: codes.is_by_half_month, FULL: codes.is_whole_period, AFTER_15TH: codes.is_after_15th_choice,
    NEXT_CYCLE: codes.is_next_cycle, NONE: codes.is_unprorated,
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Something with a price, in force from ``start`` until ``end`` (excluded; ``None``: open). Days are local.

    ``choice`` is what the customer chose where the policy is ``after_15th``: ``now`` or ``next``.
    """

    amount: Decimal
    policy: str
    start: date
    end: date | None = None
    choice: str = NOW


def due(stretches: Sequence[Stretch], period: BillingPeriod, *, quantum: Decimal = CENT) -> list[Decimal]:
    """Return what each of the stretches owes in the period; they follow one another without overlap, in any order given.

    ``quantum`` is the smallest unit: a cent, or one unit of an allowance. A stretch of no days owes nothing.
    """
    inside = [_inside(stretch, period) for stretch in stretches]
    return [
        _due(stretch, days, period, inside, quantum) if days else ZERO if quantum == CENT else Decimal(0)
        for stretch, days in zip(stretches, inside, strict=True)
    ]


def due_alone(amount: Decimal, policy: str, period: BillingPeriod, *, start: date, end: date | None = None, choice: str = NOW,
              quantum: Decimal = CENT) -> Decimal:
    """Return what one stretch owes in the period, with nothing before or after it."""
    return due([Stretch(amount, policy, start, end, choice)], period, quantum=quantum)[0]


def _inside(stretch: Stretch, period: BillingPeriod) -> tuple[int, int] | None:
    """The stretch's days in the period, counted from its start; ``None`` for none."""
    first = max(stretch.start, period.start)
    last = period.end if stretch.end is None else min(stretch.end, period.end)
    return ((first - period.start).days, (last - period.start).days) if first < last else None


def _due(
    stretch: Stretch, days: tuple[int, int], period: BillingPeriod, all_days: Sequence[tuple[int, int] | None], quantum: Decimal,
) -> Decimal:
    if stretch.policy == DAILY:
        return _until(stretch.amount, days[1], period.days, quantum) - _until(stretch.amount, days[0], period.days, quantum)
    if stretch.policy == HALF_MONTH:
        return _halves(stretch.amount, days, all_days, quantum)
    if stretch.policy == FULL:
        return stretch.amount
    if stretch.policy == AFTER_15TH:
        return _after_15th(stretch, days, quantum)
    if stretch.policy == NEXT_CYCLE:
        return stretch.amount if days[0] == 0 else stretch.amount * 0
    if stretch.policy == NONE:
        return stretch.amount if days[1] == period.days else stretch.amount * 0
    raise ValueError(f"no proration policy {stretch.policy}")


def _until(amount: Decimal, days: int, days_of_period: int, quantum: Decimal) -> Decimal:
    """The part of the amount for the first ``days`` of the period, rounded; the whole for all of them."""
    if days == days_of_period:
        return amount
    return _rounded(amount * days / days_of_period, quantum)


def _rounded(amount: Decimal, quantum: Decimal) -> Decimal:
    return (amount / quantum).to_integral_value(rounding=ROUND_HALF_EVEN) * quantum if quantum != CENT else amount.quantize(CENT, rounding=ROUND_HALF_EVEN)


def _halves(amount: Decimal, days: tuple[int, int], all_days: Sequence[tuple[int, int] | None], quantum: Decimal) -> Decimal:
    """Each half is owed by the last that is in force in it, so no half is owed twice."""
    first = _rounded(amount / 2, quantum)
    total = amount * 0
    if days[0] < HALF_MONTH_DAYS and not any(d and days[1] <= d[0] < HALF_MONTH_DAYS for d in all_days):
        total += first
    if days[1] > HALF_MONTH_DAYS and not any(d and days[1] <= d[0] for d in all_days):
        total += amount - first
    return total


def _after_15th(stretch: Stretch, days: tuple[int, int], quantum: Decimal) -> Decimal:
    if days[0] < HALF_MONTH_DAYS:
        return stretch.amount
    return stretch.amount * 0 if stretch.choice == NEXT else _rounded(stretch.amount / 2, quantum)


def begins_on(policy: str, period: BillingPeriod, *, start: date, choice: str = NOW) -> date:
    """Return the day from which it counts: some policies let it begin with the next period only."""
    late = (start - period.start).days >= HALF_MONTH_DAYS
    waits = start > period.start and (policy == NEXT_CYCLE or (policy == AFTER_15TH and late and choice == NEXT))
    return period.end if waits else start


def last_day(period: BillingPeriod) -> date:
    """Return the period's last day."""
    return period.end - timedelta(days=1)
