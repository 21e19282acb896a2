"""Contracts: what leaving early costs, what comes back month by month, and several contracts on one line (X7, T20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tongke.areas.catalogue.rules.pricing import codes
from tongke.areas.catalogue.rules.pricing.codes import Trace
from tongke.areas.catalogue.rules.pricing.cycle import months_after, months_between, months_gone
from tongke.areas.catalogue.rules.pricing.offer import NOTHING, ZERO, Term, cents
from tongke.kernel.money import Money

NONE, FIXED, REMAINING_MONTHS, GIVE_BACK = "none", "fixed", "remaining_months", "give_back"
FROM_NOW, AFTER_PRESENT = "from_now", "after_present"


@dataclass(frozen=True, slots=True)
class Contract:
    """A term as it binds one line: the version's conditions, from when until when, the monthly amount it was made for.

    ``benefits`` is all that the customer was given for it over the whole term: price of a device taken off, discounts.
    """

    code: str
    term: Term
    starts_on: date
    ends_on: date
    monthly: Decimal = NOTHING
    benefits: Decimal = NOTHING

    def months_left(self, on: date) -> int:
        """Months of the term that are left on a day; a begun month counts whole.

        Never more than all but those that went by: from the 31st a month goes by on the last day of a shorter one.
        """
        return min(months_between(max(on, self.starts_on), self.ends_on), max(self.months - months_gone(self.starts_on, on), 0))

    @property
    def months(self) -> int:
        """Months of the whole term."""
        return months_between(self.starts_on, self.ends_on)


@dataclass(frozen=True, slots=True)
class Penalty:
    """What ending a contract on a day costs, and how that was worked out."""

    code: str
    amount: Decimal
    kind: str
    months_left: int
    ends_on: date
    trace: Trace


def contract_of(code: str, term: Term, *, starts_on: date, monthly: Decimal = NOTHING, benefits: Decimal = NOTHING) -> Contract:
    """Return the contract that a term makes when it begins on a day."""
    return Contract(code, term, starts_on, months_after(starts_on, term.months), monthly, benefits)


def penalty(contract: Contract, *, on: date) -> Penalty:
    """Return what leaving on a day costs, by the contract's own version of the term.

    remaining_months: ``penalty_percent`` of the monthly amount (the least spending, where that is more) for each month left;
    give_back: ``penalty_percent`` (0: all) of the benefits times months left over all months; fixed: ``penalty_amount``.
    """
    term, left = contract.term, contract.months_left(on)
    source = term.source or f"{contract.code} {term.code}"
    if term.penalty_kind == NONE or left == 0:
        return Penalty(contract.code, ZERO, NONE, left, contract.ends_on, Trace(codes.is_free_to_leave, source))
    if term.penalty_kind == FIXED:
        return Penalty(contract.code, cents(term.penalty_amount), FIXED, left, contract.ends_on, Trace(codes.is_fixed_penalty, source))
    if term.penalty_kind == REMAINING_MONTHS:
        amount = max(contract.monthly, term.floor_amount) * left * term.penalty_percent / 100
        return Penalty(contract.code, cents(amount), REMAINING_MONTHS, left, contract.ends_on, Trace(codes.is_remaining_months, source))
    if term.penalty_kind == GIVE_BACK:
        share = contract.benefits * (term.penalty_percent or 100) / 100
        amount = share * left / contract.months
        return Penalty(contract.code, cents(amount), GIVE_BACK, left, contract.ends_on, Trace(codes.is_giving_back, source))
    raise ValueError(f"no kind of penalty {term.penalty_kind}")


def return_schedule(amount: Decimal, months: int, currency: str = "CNY") -> list[Decimal]:
    """Return the monthly parts of money that comes back; equal, the last bears the residual, so they sum to the whole."""
    return [part.amount for part in Money(amount, currency).split([1] * months)] if months > 0 else []


def not_returned(amount: Decimal, months: int, *, returned_months: int) -> Decimal:
    """Return what is still to come back after ``returned_months`` parts came."""
    return sum(return_schedule(amount, months)[returned_months:], ZERO)


def in_order(contracts: Sequence[Contract]) -> list[Contract]:
    """Return contracts in the order in which they are left: the oldest first, of the same day the one that ends first."""
    return sorted(contracts, key=lambda c: (c.starts_on, c.ends_on, c.code))


def locked_until(contracts: Sequence[Contract], *, on: date) -> date | None:
    """Return until when the line is bound by any of its contracts; ``None`` where nothing binds it on the day or later."""
    ends = [c.ends_on for c in contracts if c.ends_on > on]
    return max(ends) if ends else None


def penalties(contracts: Sequence[Contract], *, on: date) -> list[Penalty]:
    """Return what leaving costs contract by contract: each that is not over is left by its own terms, oldest first."""
    return [penalty(contract, on=on) for contract in in_order(contracts) if contract.ends_on > on]


def extended(contract: Contract, term: Term, *, on: date, mode: str = FROM_NOW, monthly: Decimal = NOTHING, benefits: Decimal = NOTHING) -> Contract:
    """Return the contract after an upgrade on a day: the new term from now on, or after the present one ends.

    It never ends before the present one would have; what the customer was given for the months that are left is carried over.
    """
    begins = on if mode == FROM_NOW else max(on, contract.ends_on)
    ends = max(months_after(begins, term.months), contract.ends_on)
    carried = contract.benefits * contract.months_left(on) / contract.months if contract.months else NOTHING
    return replace(
        contract, term=term, starts_on=on, ends_on=ends, monthly=monthly or contract.monthly, benefits=cents(carried + benefits))
