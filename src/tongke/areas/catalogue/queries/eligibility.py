"""The engine of eligibility as other rooms use it: pure, with facts that they gather."""

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
from tongke.areas.catalogue.rules.eligibility.checks import CHANNELS, EFFECTS
from tongke.areas.catalogue.rules.eligibility.parameters import BY_KIND

__all__ = [
    "BY_KIND", "CHANNELS", "CHECK", "CONDITIONAL", "EFFECTS", "ELIGIBLE", "REFUSED", "Amount", "Debt", "Facts", "Finding", "Held", "Judgement",
    "Listed", "Named", "Offer", "Reach", "RuleBook", "RuleVersion", "Several", "Verdict", "compile_book", "judge",
]
