"""Credit rating: reckoned from facts, or set by hand with a second person's approval, for a time (A7)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.party.events import CreditRated
from tongke.areas.party.models import CreditRating, Customer
from tongke.areas.party.policy import policy_at
from tongke.areas.party.rules.credit import (
    CreditFacts,
    credit_band,
    credit_score,
    facts_fit,
)
from tongke.areas.party.services.records import leave_newer, open_customer
from tongke.kernel.actor import Actor
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb


def rating_in_force(customer_id: UUID) -> CreditRating | None:
    """Return the customer's rating that has not been followed by another."""
    return CreditRating.objects.filter(customer_id=customer_id, valid_until=None).first()


def put_in_force(customer: Customer, rating: CreditRating, *, by: Actor, at: datetime) -> UUID:
    """End the rating in force, write ``rating``, and let class and limit stand on the customer; returns its id."""
    CreditRating.objects.filter(customer_id=customer.id, valid_until=None).update(valid_until=at)
    rating.save(force_insert=True)
    customer.credit_class, customer.credit_limit, customer.currency = rating.credit_class, rating.credit_limit, rating.currency
    leave_newer(customer, at=at, customer_fields=("credit_class", "credit_limit", "currency"), rescore=False)
    publish(CreditRated(subject_id=rating.id, customer_id=customer.id, org_id=customer.org_id, credit_class=rating.credit_class,
                        credit_limit=rating.credit_limit, overridden=rating.overridden, rated_at=at), by=by, at=at)
    return rating.id


@verb("party.credit_rate")
def rate_customer(customer_id: UUID, facts: CreditFacts, *, version: int | None = None, by: Actor, at: datetime) -> UUID:
    """Reckon a customer's rating from ``facts`` by the policy in force and return the rating's id.

    While an override holds, score and factors are renewed and the class and limit by hand stay.
    Raises ``NotFound``, ``Conflict``, ``RulesBroken``.
    """
    customer = open_customer(customer_id, version=version)
    require(collect((facts_fit, {"facts": facts})))
    policy = policy_at(at, customer.org_id)
    score, factors = credit_score(facts, policy.credit_points)
    band = credit_band(score, policy.credit_bands)
    held = rating_in_force(customer_id)
    rating = CreditRating(
        org_id=customer.org_id, customer=customer, score=score, credit_class=band.credit_class, credit_limit=band.credit_limit,
        factors=factors, rated_by=by.name, valid_from=at,
    )
    if held is not None and held.overridden and held.expires_at is not None and held.expires_at > at:
        rating.credit_class, rating.credit_limit, rating.overridden = held.credit_class, held.credit_limit, True
        rating.approval_id, rating.reason, rating.expires_at = held.approval_id, held.reason, held.expires_at
    return put_in_force(customer, rating, by=by, at=at)
