"""Eligibility: who may order what, and all reasons why not (ADR 0022). Pure: facts come in, verdicts go out."""

from tongke.areas.catalogue.rules.eligibility.book import (
    CONDITIONAL,
    ELIGIBLE,
    REFUSED,
    Finding,
    Judgement,
    Offer,
    RuleBook,
    RuleVersion,
    Verdict,
    compile_book,
    judge,
)
from tongke.areas.catalogue.rules.eligibility.checks import CHECK
from tongke.areas.catalogue.rules.eligibility.facts import Debt, Facts, Held, Listed, Reach
from tongke.areas.catalogue.rules.eligibility.parameters import BY_KIND, parameters_of
from tongke.areas.catalogue.rules.eligibility.words import Amount, Named, Several

__all__ = [
    "BY_KIND", "CHECK", "CONDITIONAL", "ELIGIBLE", "REFUSED", "Amount", "Debt", "Facts", "Finding", "Held", "Judgement", "Listed", "Named", "Offer",
    "Reach", "RuleBook", "RuleVersion", "Several", "Verdict", "compile_book", "judge", "parameters_of",
]
