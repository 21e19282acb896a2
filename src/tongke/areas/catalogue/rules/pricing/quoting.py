"""What the price engine answers: lines with the rule behind each, and what is due when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from tongke.areas.catalogue.rules.pricing.codes import Trace
from tongke.areas.catalogue.rules.pricing.offer import DEPOSIT, MONTHS_OF, ONE_OFF, PRESTORE, RECURRING, ZERO, Allowance, Term, cents
from tongke.kernel.rules import Broken


@dataclass(frozen=True, slots=True)
class Reduction:
    """What a promotion or discount takes off one line from the ``since``-th billing month until the ``months``-th (``None``: always).

    Where what came before it ends earlier, it takes off more from then on: that is a reduction of its own, with a later ``since``.
    """

    code: str
    name_zh: str
    name_en: str
    amount: Decimal
    months: int | None
    trace: Trace
    since: int = 1

    def in_month(self, month: int) -> Decimal:
        """What it takes off in the ``month``-th bill (from 1)."""
        return self.amount if self.since <= month and (self.months is None or month <= self.months) else ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """One charge. ``before`` is without reductions; ``net`` what is charged once or in a later month without the reductions that end.

    ``total`` is ``net`` with tax. ``first`` and ``first_tax`` are what the first bill has (recurring only, prorated, all reductions
    taken). A usage line is a rate: it totals nothing.
    """

    code: str
    kind: str
    name_zh: str
    name_en: str
    part_code: str = ""
    charge_type: str = ""
    quantity: Decimal = Decimal(1)
    unit: str = ""
    unit_amount: Decimal
    before: Decimal = ZERO
    reductions: tuple[Reduction, ...] = ()
    net: Decimal = ZERO
    tax_category: str = ""
    tax_percent: Decimal = ZERO
    tax_included: bool = True
    tax: Decimal = ZERO
    total: Decimal = ZERO
    period: str = ""
    first: Decimal = ZERO
    first_tax: Decimal = ZERO
    tiers: tuple[tuple[Decimal, Decimal], ...] = ()
    tier_mode: str = ""
    unit_size: Decimal = Decimal(1)
    traces: tuple[Trace, ...] = ()

    @property
    def months(self) -> int:
        """How many months one charge is for; 0 for what is charged once."""
        return MONTHS_OF.get(self.period, 1) if self.kind == RECURRING else 0

    def net_in(self, month: int) -> Decimal:
        """What a whole bill has in the ``month``-th month (from 1) after the reductions that still run."""
        if (month - 1) % self.months:
            return ZERO
        return max(self.before - sum((r.in_month(month) for r in self.reductions), ZERO), ZERO)


@dataclass(frozen=True, slots=True)
class Due:
    """An amount with the tax in it, due at one time."""

    total: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Gift:
    """Something a promotion gives that is no money now: points, or a device by contract."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Returned:
    """Money paid in advance that comes back with the bills: ``parts`` from the first bill month on."""

    code: str
    parts: tuple[Decimal, ...]
    trace: Trace


@dataclass(frozen=True)
class Quote:
    """The price of one configuration for one buyer on one day. ``starts_on`` and the period are local days of the account.

    ``broken`` lists what stands against the configuration (CAT-120 to CAT-123, CAT-138); the lines then cover the rest.
    """

    offering: str
    version: int
    currency: str
    starts_on: date
    period_start: date
    period_end: date
    lines: tuple[QuoteLine, ...]
    allowances: tuple[Allowance, ...] = ()
    first_allowances: tuple[Allowance, ...] = ()
    term: Term | None = None
    returned: tuple[Returned, ...] = ()
    gifts: tuple[Gift, ...] = ()
    promotions: tuple[str, ...] = ()
    broken: tuple[Broken, ...] = ()
    name_zh: str = ""
    name_en: str = ""

    @cached_property
    def now(self) -> Due:
        """Due before anything works: what is charged once, deposits, money paid in advance."""
        return _sum(line for line in self.lines if line.kind in (ONE_OFF, DEPOSIT, PRESTORE))

    @cached_property
    def first_bill(self) -> Due:
        """Due with the first bill: recurring charges for what is left of the period, less the first part that comes back."""
        lines = [line for line in self.lines if line.kind == RECURRING]
        total = sum((line.first for line in lines), ZERO)
        return Due(max(total - self._back(1), ZERO), sum((line.first_tax for line in lines), ZERO))

    @cached_property
    def monthly(self) -> Due:
        """Due with every later bill once all reductions that end have ended."""
        return _sum(line for line in self.lines if line.kind == RECURRING and line.months == 1)

    @cached_property
    def at_end(self) -> Due:
        """Due at the end: deposits are given back, so the amount is not above zero."""
        return Due(-sum((line.total for line in self.lines if line.kind == DEPOSIT), ZERO), ZERO)

    @cached_property
    def shown_monthly(self) -> Decimal:
        """A month of all recurring charges, longer periods in equal parts: what offers are ranked by."""
        return sum((cents(line.total / line.months) for line in self.lines if line.kind == RECURRING), ZERO)

    def bill(self, month: int) -> Decimal:
        """What the ``month``-th bill comes to (from 1; the first is prorated), money that comes back taken off."""
        if month == 1:
            return self.first_bill.total
        lines = [line for line in self.lines if line.kind == RECURRING]
        total = sum((with_tax(line.net_in(month), line) for line in lines), ZERO)
        return max(total - self._back(month), ZERO)

    def months(self, count: int = 12) -> tuple[Decimal, ...]:
        """Return the first ``count`` bills."""
        return tuple(self.bill(month) for month in range(1, count + 1))

    def _back(self, month: int) -> Decimal:
        return sum((back.parts[month - 1] for back in self.returned if month <= len(back.parts)), ZERO)


def fee_reductions(quote: Quote, count: int) -> tuple[tuple[Decimal, ...], int | None]:
    """Return what is taken off the monthly fee in each of the first ``count`` months, with tax, and for how many months at the longest
    (``None``: as long as it is kept; 0: never). Of a charge for a longer period each month has its part, as in ``shown_monthly``.
    """
    found = [(line, r) for line in quote.lines if line.kind == RECURRING for r in line.reductions]
    off = tuple(
        sum((cents(with_tax(r.in_month(month), line) / line.months) for line, r in found), ZERO) for month in range(1, count + 1))
    lasting = [r.months for _line, r in found]
    return off, None if None in lasting else max((months for months in lasting if months is not None), default=0)


def with_tax(amount: Decimal, line: QuoteLine) -> Decimal:
    """Return an amount of the line with its tax on top, where the tax is not in it."""
    return amount if line.tax_included or not line.tax_percent else amount + cents(amount * line.tax_percent / 100)


def _sum(lines: Iterable[QuoteLine]) -> Due:
    found = list(lines)
    return Due(sum((line.total for line in found), ZERO), sum((line.tax for line in found), ZERO))
