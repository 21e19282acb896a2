"""Rules of credit rating: a score from what is known, a class and a limit from the policy's bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from tongke.areas.party.policy import CreditBand, CreditPoints
from tongke.areas.party.states import CreditClass
from tongke.kernel.rules import rule

SCORE_MAX = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditFacts:
    """What a rating is made from. ``bills`` and ``bills_paid_on_time`` count closed bills of the last 24 months;
    ``arrears_months`` is how long the oldest unpaid bill is overdue; ``deposit`` is money held, in CNY.
    """

    tenure_months: int
    bills: int = 0
    bills_paid_on_time: int = 0
    arrears_months: int = 0
    fraud_cases: int = 0
    deposit: Decimal = Decimal(0)


def credit_score(facts: CreditFacts, points: CreditPoints) -> tuple[int, dict[str, int]]:
    """Return the score (0 to 1000) and the points of each factor; the factors sum to the score before clipping."""
    share = Decimal(facts.bills_paid_on_time) / facts.bills if facts.bills else Decimal(0)
    factors = {
        "start": points.start,
        "tenure": points.tenure_year * min(max(facts.tenure_months, 0) // 12, points.tenure_years_max),
        "payments": int(points.paid_on_time * share),
        "arrears": points.arrears_month * min(facts.arrears_months, points.arrears_months_max),
        "fraud": points.fraud_case * facts.fraud_cases,
        "deposit": min(int(facts.deposit) // points.deposit_yuan_per_point, points.deposit_max),
    }
    return max(0, min(SCORE_MAX, sum(factors.values()))), factors


def credit_band(score: int, bands: Sequence[CreditBand]) -> CreditBand:
    """Return the band that ``score`` lies in; the lowest band takes what lies below all."""
    ordered = sorted(bands, key=lambda band: band.from_score, reverse=True)
    return next((band for band in ordered if score >= band.from_score), ordered[-1])


@rule("PTY-80", says=_("An override holds for at most {days_max} days"), mend=_("Choose an earlier end"), field="expires_at")
def override_ends_in_time(*, expires_at: datetime, at: datetime, days_max: int) -> bool:
    """An override ends in the future and within the policy's days."""
    return at < expires_at <= at + timedelta(days=days_max)


@rule("PTY-81", says=_("The limit must lie between 0 and {limit_max}"), mend=_("Choose a lower limit"), field="credit_limit")
def limit_in_range(*, credit_limit: Decimal, limit_max: Decimal) -> bool:
    """A limit by hand stays within the policy's highest."""
    return Decimal(0) <= credit_limit <= limit_max


@rule("PTY-82", says=_("The credit class is none of the list"), mend=_("Choose A to E"), field="credit_class")
def class_is_known(*, credit_class: str) -> bool:
    """Classes are A to E."""
    return credit_class in CreditClass.values


@rule("PTY-83", says=_("The facts of the rating contradict each other"), mend=_("Check the counts of bills and months"))
def facts_fit(*, facts: CreditFacts) -> bool:
    """Counts are not negative, and no more bills are paid than there are."""
    return (min(facts.bills, facts.bills_paid_on_time, facts.arrears_months, facts.fraud_cases) >= 0
            and facts.bills_paid_on_time <= facts.bills and facts.deposit >= 0)
