"""What a promotion is worth to a customer over a contract, and what of it leaving early gives back. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tongke.areas.catalogue.rules.pricing import benefits
from tongke.areas.catalogue.rules.pricing.benefits import Benefit
from tongke.areas.catalogue.rules.pricing.cycle import months_between
from tongke.areas.catalogue.rules.pricing.offer import NOTHING, RECURRING, ZERO, Term, cents
from tongke.areas.catalogue.rules.pricing.terms import Contract, penalty


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """The contract that a share is used for: from day to day, with its monthly amount when it began.

    ``worth`` is what the benefit comes to over the contract where the quote has worked it out; else it follows from the promotion.
    Raises ``ValueError`` for a contract of no days and for a worth below zero: whoever makes contracts makes none such.
    """

    starts_on: date
    ends_on: date
    monthly: Decimal = NOTHING
    currency: str = "CNY"
    worth: Decimal | None = None

    def __post_init__(self) -> None:
        if self.ends_on <= self.starts_on or (self.worth is not None and self.worth < 0):
            raise ValueError(f"no contract from {self.starts_on} until {self.ends_on} worth {self.worth}")


@dataclass(frozen=True, slots=True)
class Received:
    """What a customer was given over a contract: its worth, and from when until when it binds."""

    amount: Decimal
    starts_on: date
    ends_on: date


def given_back(code: str, term: Term, received: Iterable[Received], *, on: date) -> Decimal:
    """Return what leaving on a day gives back: of each benefit the part of its own contract's months that are left."""
    contracts = (Contract(code, term, one.starts_on, one.ends_on, benefits=one.amount) for one in received if one.ends_on > on)
    return sum((penalty(contract, on=on).amount for contract in contracts), ZERO)


def worth_of(benefit: Benefit, agreed: Agreed | None) -> Decimal:
    """Return what a benefit comes to: the price taken off a device, the gift on top of a prestore, reductions of the contract's months.

    Points have no price, and reductions without a contract are not given for its months: nothing.
    """
    if agreed is not None and agreed.worth is not None:
        return cents(agreed.worth)
    if benefit.kind == benefits.HANDSET_CONTRACT:
        return cents(min(benefit.amount, benefit.device_price))
    if benefit.kind == benefits.PRESTORE_RETURN:
        return cents(benefit.amount)
    if agreed is None or benefit.kind == benefits.GIFT_POINTS or RECURRING not in benefit.charge_kinds:
        return cents(NOTHING)
    term = months_between(agreed.starts_on, agreed.ends_on)
    months = min(benefit.months or term, term)
    each = benefits.reduction_of(benefit.kind, percent=benefit.percent, amount=benefit.amount, left=agreed.monthly)
    return cents(each * months)
