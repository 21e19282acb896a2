"""The price engine's words for comparing plans on usage and for leaving contracts, as higher rooms use them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from tongke.areas.catalogue.models import BenefitGiven
from tongke.areas.catalogue.rules.pricing.asked import Configuration
from tongke.areas.catalogue.rules.pricing.benefits import FEE_BENEFITS
from tongke.areas.catalogue.rules.pricing.compiled import PriceBook
from tongke.areas.catalogue.rules.pricing.given import Received, given_back
from tongke.areas.catalogue.rules.pricing.offer import PricedOffering
from tongke.areas.catalogue.rules.pricing.quoting import fee_reductions
from tongke.areas.catalogue.rules.pricing.terms import GIVE_BACK, Contract, Penalty, penalty
from tongke.areas.catalogue.rules.pricing.usage import MonthCost, UsageLine, UsagePlan, cost_of_months
from tongke.areas.catalogue.states import GrantState

__all__ = ["FEE_BENEFITS", "Configuration", "MonthCost", "Penalty", "PriceBook", "UsageLine", "UsagePlan", "contract_penalty", "cost_of_months", "fee_reductions"]


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


def received_for(product_id: UUID, *, on: date) -> list[Received]:
    """Return what a customer was given for a product under contracts that still run on a day."""
    rows = BenefitGiven.objects.filter(product_id=product_id, contract_until__gt=on, grant__state=GrantState.USED).order_by("id")
    return [Received(one.amount, one.contract_from, one.contract_until) for one in rows if one.contract_from and one.contract_until]
