"""Reads of credit ratings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tongke.areas.party.models import CreditRating
from tongke.kernel.actor import Actor, acting


@dataclass(frozen=True, slots=True)
class RatingRow:
    """One rating with each factor's points; the one without ``valid_until`` is in force."""

    id: UUID
    score: int
    credit_class: str
    credit_limit: Decimal
    currency: str
    factors: dict[str, Any]
    overridden: bool
    reason: str
    rated_by: str
    valid_from: datetime
    valid_until: datetime | None
    expires_at: datetime | None


FIELDS = tuple(RatingRow.__dataclass_fields__)


def ratings_of(customer_id: UUID, *, by: Actor) -> list[RatingRow]:
    """Return the customer's ratings, newest first; needs ``party.credit_view``."""
    by.require("party.credit_view")
    with acting(by):
        return [RatingRow(*row) for row in CreditRating.objects.filter(customer_id=customer_id).order_by("-valid_from", "-id").values_list(*FIELDS)]
