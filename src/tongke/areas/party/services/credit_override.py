"""Ratings by hand: asked for by one person, approved by another, in force for a time (A7)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.dateparse import parse_datetime

from tongke.areas.party.errors import ApprovalMissing
from tongke.areas.party.events import CreditOverrideAsked, CreditOverrideEnded
from tongke.areas.party.models import CreditRating
from tongke.areas.party.policy import policy_at
from tongke.areas.party.rules.credit import class_is_known, credit_band, limit_in_range, override_ends_in_time
from tongke.areas.party.rules.customers import reason_is_given
from tongke.areas.party.services.credit import put_in_force, rating_in_force
from tongke.areas.party.services.records import locked_customer, open_customer
from tongke.areas.staff import queries as staff_queries
from tongke.areas.staff import services as staff_services
from tongke.kernel.actor import Actor
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

KIND = "party.credit_override"
DECIDES = "party.credit_approve"


@verb("party.credit_override")
def ask_override(
    customer_id: UUID, *, credit_class: str, credit_limit: Decimal, expires_at: datetime, reason: str, by: Actor, at: datetime
) -> UUID:
    """Ask a second person to approve a rating by hand and return the approval's id; nothing changes yet."""
    customer = open_customer(customer_id, version=None)
    policy = policy_at(at, customer.org_id)
    require(collect(
        (class_is_known, {"credit_class": credit_class}),
        (limit_in_range, {"credit_limit": credit_limit, "limit_max": policy.credit_limit_max}),
        (override_ends_in_time, {"expires_at": expires_at, "at": at, "days_max": policy.credit_override_days_max}),
        (reason_is_given, {"reason": reason}),
    ))
    approval = staff_services.request_approval(
        kind=KIND, org_id=customer.org_id, subject=customer.customer_no, reason=reason.strip(), permission=DECIDES, by=by, at=at,
        payload={"customer_id": str(customer.id), "credit_class": credit_class, "credit_limit": f"{credit_limit:.2f}",
                 "expires_at": expires_at.isoformat()},
    )
    publish(CreditOverrideAsked(subject_id=approval.id, customer_id=customer.id, org_id=customer.org_id, credit_class=credit_class,
                                asked_at=at), by=by, at=at)
    return approval.id


@verb("party.credit_override")
def apply_override(customer_id: UUID, approval_id: UUID, *, version: int | None = None, by: Actor, at: datetime) -> UUID:
    """Put the approved rating in force, once, by who asked for it; returns the rating's id.

    Raises ``ApprovalNeeded`` where none stands, ``ApprovalMissing`` where it is another customer's, ``RulesBroken``.
    """
    customer = open_customer(customer_id, version=version)
    approval = staff_services.use_approval(kind=KIND, subject=customer.customer_no, approval_id=approval_id, by=by, at=at)
    asked = approval.payload
    if asked.get("customer_id") != str(customer.id):
        raise ApprovalMissing
    expires_at, policy = parse_datetime(asked["expires_at"]), policy_at(at, customer.org_id)
    assert expires_at is not None  # noqa: S101 - written by ask_override
    require(collect((override_ends_in_time, {"expires_at": expires_at, "at": at, "days_max": policy.credit_override_days_max})))
    held = rating_in_force(customer_id)
    return put_in_force(customer, CreditRating(
        org_id=customer.org_id, customer=customer, score=held.score if held else policy.credit_points.start,
        credit_class=asked["credit_class"], credit_limit=Decimal(asked["credit_limit"]), factors=held.factors if held else {},
        overridden=True, approval_id=approval.id, reason=approval.reason, rated_by=by.name, valid_from=at, expires_at=expires_at,
    ), by=by, at=at)


@verb("party.credit_rate")
def end_overrides(*, by: Actor, at: datetime) -> int:
    """Let the reckoned class hold again where a rating by hand has run out; returns how many. For the daily job."""
    due = CreditRating.objects.filter(valid_until=None, overridden=True, expires_at__lte=at).values_list("customer_id", flat=True)
    ended = 0
    for customer_id in list(due):
        customer = locked_customer(customer_id, version=None)
        held = rating_in_force(customer_id)
        if held is None or not held.overridden or held.expires_at is None or held.expires_at > at:
            continue  # another run was here first
        band = credit_band(held.score, policy_at(at, customer.org_id).credit_bands)
        rating_id = put_in_force(customer, CreditRating(
            org_id=customer.org_id, customer=customer, score=held.score, credit_class=band.credit_class, credit_limit=band.credit_limit,
            factors=held.factors, rated_by=by.name, valid_from=at,
        ), by=by, at=at)
        publish(CreditOverrideEnded(subject_id=rating_id, customer_id=customer.id, org_id=customer.org_id, ended_at=at), by=by, at=at)
        ended += 1
    return ended


def approved_override(customer_no: str, *, by: Actor, at: datetime) -> UUID | None:
    """Return the actor's own approved and unused request for this customer, if one stands."""
    found = staff_queries.granted_approval(kind=KIND, subject=customer_no, by=by, at=at)
    return found.id if found else None
