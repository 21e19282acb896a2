"""Shapes that the Open APIs about people, organisations and their roles have in common."""

from __future__ import annotations

from pydantic import Field

from tongke.tmf.kit.shapes import Characteristic, ContactMedium, Entity, Instant, Ref, RelatedParty, Shape, Text, TimePeriod, Whole


class AccountRef(Shape):
    """A reference to an account, by id or by name."""

    id: Text | None = None
    href: Text | None = None
    name: Text | None = None
    description: Text | None = None
    at_referred_type: Text | None = Field(None, alias="@referredType")


class CreditProfile(Shape):
    """How creditworthy the customer was found to be, and for how long that holds."""

    id: Text | None = None
    href: Text | None = None
    credit_profile_date: Instant | None = None
    credit_risk_rating: Whole | None = Field(None, description="1 is the best class, 5 the worst")
    credit_score: Whole | None = Field(None, description="0 to 1000")
    valid_for: TimePeriod | None = None


class RoleDocument(Entity):
    """A party in a role: what customers and other roles have in common."""

    name: Text | None = None
    status: Text | None = None
    status_reason: Text | None = None
    account: list[AccountRef] | None = None
    agreement: list[Ref] | None = None
    characteristic: list[Characteristic] | None = None
    contact_medium: list[ContactMedium] | None = None
    credit_profile: list[CreditProfile] | None = None
    engaged_party: RelatedParty | None = None
    payment_method: list[Ref] | None = None
    related_party: list[RelatedParty] | None = None
    valid_for: TimePeriod | None = None
