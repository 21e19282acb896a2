"""What customers were given with shares of promotions, and what of it leaving early gives back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from tongke.areas.catalogue.models import BenefitGiven
from tongke.areas.catalogue.rules.pricing.given import Received, given_back
from tongke.areas.catalogue.rules.pricing.offer import ZERO, PricedOffering
from tongke.areas.catalogue.rules.pricing.terms import GIVE_BACK
from tongke.areas.catalogue.states import GrantState

__all__ = ["benefit_given_back", "benefits_given", "received_for"]


def benefits_given(customer_id: UUID, products: Collection[UUID] = ()) -> QuerySet[BenefitGiven]:
    """Return what a customer, or whoever had these products before, was given, the newest first, with shares and promotions."""
    rows = BenefitGiven.objects.filter(Q(customer_id=customer_id) | Q(product_id__in=list(products)))
    return rows.select_related("grant__promotion").order_by("-given_at", "-id")


def received_for(product_id: UUID, *, on: date) -> list[Received]:
    """Return what a customer was given for a product under contracts that still run on a day."""
    rows = BenefitGiven.objects.filter(product_id=product_id, contract_until__gt=on, grant__state=GrantState.USED).order_by("id")
    return [one for row in rows if (one := _received(row)) is not None]


def benefit_given_back(benefit: BenefitGiven, offering: PricedOffering, *, term_code: str = "", on: date) -> Decimal:
    """Return what leaving the contract of its product on a day gives back of one benefit, by the term of the version that the customer has."""
    term, received = offering.term(term_code) or offering.term(""), _received(benefit)
    if term is None or term.penalty_kind != GIVE_BACK or received is None or benefit.grant.state != GrantState.USED:
        return ZERO
    return given_back(offering.code, term, [received], on=on)


def _received(benefit: BenefitGiven) -> Received | None:
    """A benefit with its contract; one without a contract is nobody's to give back."""
    if benefit.contract_from is None or benefit.contract_until is None:
        return None
    return Received(benefit.amount, benefit.contract_from, benefit.contract_until)
