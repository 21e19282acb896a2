"""Moving between plans within a billing period, and mending a period that is closed: pure figures, one line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tongke.areas.catalogue.rules.pricing import codes
from tongke.areas.catalogue.rules.pricing.asked import NOW
from tongke.areas.catalogue.rules.pricing.codes import Trace
from tongke.areas.catalogue.rules.pricing.cycle import BillingPeriod
from tongke.areas.catalogue.rules.pricing.offer import ZERO, Allowance
from tongke.areas.catalogue.rules.pricing.proration import RULE_OF, Stretch, begins_on, due


@dataclass(frozen=True, slots=True)
class Charge:
    """A recurring charge of a plan that was in force on some days; ``end`` ``None``: it still is."""

    code: str
    amount: Decimal
    policy: str
    start: date
    end: date | None = None
    choice: str = NOW


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """A charge (above zero) or credit (below) of one period, with the rule behind it."""

    code: str
    amount: Decimal
    period: BillingPeriod
    trace: Trace


def charges_of(charges: Sequence[Charge], period: BillingPeriod) -> list[ChargeLine]:
    """Return what each of several charges that followed one another owes in the period; days with none owe nothing."""
    amounts = due([Stretch(c.amount, c.policy, c.start, c.end, c.choice) for c in charges], period)
    return [ChargeLine(c.code, amount, period, Trace(RULE_OF[c.policy], c.code)) for c, amount in zip(charges, amounts, strict=True)]


def changed_plan(
    before: Sequence[Charge], new: Charge, *, period: BillingPeriod, billed: Mapping[str, Decimal] | None = None,
) -> list[ChargeLine]:
    """Return the lines of a change of plan: what the plans before and the new one owe, and credits for what was billed in advance.

    ``before`` are the plans of the period so far, in order; the last ends where the new one begins. A new plan that begins with the
    next period (``next_cycle``, or chosen after the 15th) leaves the last one in force until then. ``billed`` says what was
    billed for the period already, by code: such a charge becomes the difference to what is due.
    """
    starts = begins_on(new.policy, period, start=new.start, choice=new.choice)
    old = [replace(c, end=starts if c.end is None or c is before[-1] else c.end) for c in before]
    lines = charges_of([*old, replace(new, start=starts)], period)
    out = []
    for line in lines:
        paid = (billed or {}).get(line.code)
        if paid is None:
            out.append(line)
        elif paid != line.amount:
            rule = codes.is_credited if paid > line.amount else line.trace.rule
            out.append(replace(line, amount=line.amount - paid, trace=Trace(rule, line.trace.source)))
    return [line for line in out if line.amount]


def allowances_of(allowances: Sequence[Allowance], period: BillingPeriod, *, start: date, end: date | None = None, choice: str = NOW) -> dict[str, Decimal]:
    """Return whole units of each usage type that a plan in force on some days of the period includes."""
    out: dict[str, Decimal] = {}
    for a in allowances:
        part = due([Stretch(a.amount, a.proration, start, end, choice)], period, quantum=Decimal(1))[0]
        out[a.usage_type] = out.get(a.usage_type, Decimal(0)) + part
    return out


def adjustments(
    billed: Mapping[str, Decimal], owed: Mapping[str, Decimal], *, period: BillingPeriod, adjusted: Mapping[str, Decimal] | None = None,
) -> list[ChargeLine]:
    """Return the lines of the next bill that mend a closed ``period``: what it should have owed minus what it was billed.

    ``adjusted`` sums earlier adjustments of the same period, so that mending twice changes nothing the second time.
    """
    out = []
    for code in sorted({*billed, *owed}):
        already = billed.get(code, ZERO) + (adjusted or {}).get(code, ZERO)
        difference = owed.get(code, ZERO) - already
        if codes.is_adjustment(billed=already, due=owed.get(code, ZERO)):
            out.append(ChargeLine(code, difference, period, Trace(codes.is_adjustment, f"{code} {period.start}")))
    return out
