"""Reads of contacts, within the actor's scope."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.contact_centre.models import Interaction
from tongke.kernel.actor import Actor


def interactions_of_customer(
    customer_id: UUID, *, before: datetime | None = None, limit: int = 50, by: Actor
) -> list[Interaction]:
    """The customer's contacts, newest first, those before ``before`` where given; at most ``limit``."""
    by.require("contact_centre.view")
    rows = Interaction.objects.filter(customer_id=customer_id)
    if by.scope is not None:
        rows = rows.filter(org_id__in=by.scope)
    if before is not None:
        rows = rows.filter(occurred_at__lt=before)
    return list(rows.order_by("-occurred_at")[:limit])
