"""What a fine number costs: floor, term, leaving early, passing on (FEATURES T4).

The figures in examples and tests are those of FEATURES T4 (Shanghai Telecom: grades 1 and 2 for 24 months, 3 to 6 for
60; leaving pays 90 % of the floor of the remaining months); what really holds stands in dated rows of grades.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A grade's terms, frozen at sale. Amounts in one currency; months whole; percent 0 to 100."""

    prestore: Decimal
    monthly_floor: Decimal
    term_months: int
    penalty_percent: Decimal
    floor_while_suspended: bool = True
    exempt_after_term: bool = False


def terms_of(held: Any) -> Terms:
    """Return the frozen terms of a commitment: of anything that has them as attributes."""
    return Terms(
        prestore=held.prestore, monthly_floor=held.monthly_floor, term_months=held.term_months, penalty_percent=held.penalty_percent,
        floor_while_suspended=held.floor_while_suspended, exempt_after_term=held.exempt_after_term)


def first_of_next_month(day: date) -> date:
    """Return the first day of the month after ``day``'s."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def months_later(first: date, months: int) -> date:
    """Return the first of a month, ``months`` after the first of a month ``first``."""
    at = first.year * 12 + first.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def term_of(*, sold_on: date, term_months: int) -> tuple[date, date]:
    """Return (start, first day after) of the term: it begins with the month after completion."""
    starts = first_of_next_month(sold_on)
    return starts, months_later(starts, term_months)


def remaining_months(*, starts_on: date, ends_on: date, leaves_on: date) -> int:
    """Return how many months of the term are still to come: the month of leaving is charged as it is, and is not counted."""
    after = max(first_of_next_month(leaves_on), starts_on)
    return max(0, (ends_on.year - after.year) * 12 + ends_on.month - after.month)


def leaving_penalty(terms: Terms, *, starts_on: date, ends_on: date, leaves_on: date) -> Decimal:
    """Return what leaving early costs: remaining months × floor × percent, rounded down to the whole unit of currency."""
    months = remaining_months(starts_on=starts_on, ends_on=ends_on, leaves_on=leaves_on)
    return (months * terms.monthly_floor * terms.penalty_percent / 100).to_integral_value(rounding=ROUND_FLOOR)


def floor_due(terms: Terms, *, starts_on: date, ends_on: date, month: date, suspended: bool) -> Decimal:
    """Return the least that the month beginning on ``month`` costs: from the month after completion until the term is over,
    also while suspended where the grade says so.
    """
    if not starts_on <= month < ends_on or (suspended and not terms.floor_while_suspended):
        return Decimal(0)
    return terms.monthly_floor


def term_after_transfer(terms: Terms, *, ends_on: date, passed_on: date) -> tuple[date, date] | None:
    """Return the term that the next customer takes over: begun anew with the month after; ``None`` where nothing is due
    any more: a low grade (``exempt_after_term``) whose term is over.
    """
    if terms.exempt_after_term and passed_on >= ends_on:
        return None
    return term_of(sold_on=passed_on, term_months=terms.term_months)
