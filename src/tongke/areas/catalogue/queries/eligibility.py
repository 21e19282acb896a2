"""The engine of eligibility as other rooms use it: pure, with facts that they gather."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tongke.areas.catalogue.rules.eligibility import (
    CHECK,
    CONDITIONAL,
    ELIGIBLE,
    REFUSED,
    Amount,
    Debt,
    Facts,
    Finding,
    Held,
    Judgement,
    Listed,
    Named,
    Offer,
    Reach,
    RuleBook,
    RuleVersion,
    Several,
    Verdict,
    compile_book,
    judge,
)
from tongke.areas.catalogue.rules.eligibility.checks import CHANNELS, EFFECTS, SEGMENTS
from tongke.areas.catalogue.rules.eligibility.facts import Phase
from tongke.areas.catalogue.rules.eligibility.parameters import BY_KIND
from tongke.areas.catalogue.rules.pricing.given import Received, given_back
from tongke.areas.catalogue.rules.pricing.offer import Term
from tongke.areas.catalogue.rules.pricing.terms import GIVE_BACK, Contract, penalty

__all__ = [
    "BY_KIND", "CHANNELS", "CHECK", "CONDITIONAL", "EFFECTS", "ELIGIBLE", "REFUSED", "SEGMENTS", "Amount", "Debt", "Facts", "Finding", "Held", "Judgement",
    "Listed", "Named", "Offer", "Phase", "Reach", "Received", "RuleBook", "RuleVersion", "Several", "Verdict", "compile_book", "judge", "penalty_of",
]


def penalty_of(
    *, code: str, term: str, months: int, kind: str, percent: Decimal, amount: Decimal, floor: Decimal, monthly: Decimal, starts_on: date,
    ends_on: date, benefits: Sequence[Received] = (), on: date,
) -> Decimal:
    """Return what ending a contract on a day costs, by the term of the version that the customer has (T20).

    ``benefits`` are given back by the months that are left of each one's own contract.
    """
    bound = Term(code=term, months=months, penalty_kind=kind, penalty_percent=percent, penalty_amount=amount, floor_amount=floor)
    if kind == GIVE_BACK:
        return given_back(code, bound, benefits, on=on)
    return penalty(Contract(code, bound, starts_on, ends_on, monthly), on=on).amount
