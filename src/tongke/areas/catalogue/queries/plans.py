"""The price engine's words for comparing plans on usage and for leaving contracts, as higher rooms use them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from tongke.areas.catalogue.queries.benefits import received_for
from tongke.areas.catalogue.rules.pricing.asked import Configuration
from tongke.areas.catalogue.rules.pricing.benefits import FEE_BENEFITS
from tongke.areas.catalogue.rules.pricing.compiled import PriceBook
from tongke.areas.catalogue.rules.pricing.cycle import months_between
from tongke.areas.catalogue.rules.pricing.given import given_back
from tongke.areas.catalogue.rules.pricing.offer import PricedOffering
from tongke.areas.catalogue.rules.pricing.quoting import fee_reductions
from tongke.areas.catalogue.rules.pricing.terms import GIVE_BACK, Contract, Penalty, penalty
from tongke.areas.catalogue.rules.pricing.usage import MonthCost, UsageLine, UsagePlan, cost_of_months

__all__ = [
    "FEE_BENEFITS", "Configuration", "MonthCost", "Penalty", "PriceBook", "UsageLine", "UsagePlan", "contract_penalty", "cost_of_months", "fee_reductions",
    "months_between",
]


def contract_penalty(
    offering: PricedOffering, *, term_code: str = "", monthly: Decimal, product_id: UUID | None = None, starts_on: date, ends_on: date, on: date,
) -> Penalty | None:
    """Return what leaving a contract on a day costs by the term of the version that the customer has; ``None``: it has no term.

    ``product_id`` is the customer's product: what was given for it is given back in part where the term says so.
    """
    term = offering.term(term_code) or offering.term("")
    if term is None:
        return None
    found = penalty(Contract(offering.code, term, starts_on, ends_on, monthly), on=on)
    if found.kind == GIVE_BACK and product_id is not None:
        return replace(found, amount=given_back(offering.code, term, received_for(product_id, on=on), on=on))
    return found
