"""Recording contacts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.contact_centre import events, rules
from tongke.areas.contact_centre.models import Interaction
from tongke.areas.party import queries as parties
from tongke.kernel.actor import Actor
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb


@verb("contact_centre.record")
def record_interaction(
    *, customer_id: UUID, channel: str, direction: str, kind: str, subject: str, body: str = "",
    occurred_at: datetime | None = None, subscriber_id: UUID | None = None, reference: str = "",
    duration_seconds: int | None = None, by: Actor, at: datetime,
) -> UUID:
    """Record a contact that took place at ``occurred_at`` (else now) and return its id."""
    customer = parties.customer_brief(customer_id)
    happened = occurred_at or at
    require(collect((rules.has_subject, {"subject": subject}), (rules.is_past, {"occurred_at": happened, "at": at})))
    row = Interaction.objects.create(
        occurred_at=happened, org_id=customer.org_id, customer_id=customer.id, subscriber_id=subscriber_id, channel=channel,
        direction=direction, kind=kind, subject=subject.strip(), body=body, staff_id=by.staff_id, staff_name=by.display,
        reference=reference, duration_seconds=duration_seconds,
    )
    publish(events.ContactRecorded(
        subject_id=row.id, customer_id=customer.id, org_id=customer.org_id, channel=channel, direction=direction, kind=kind,
    ), by=by, at=at)
    return row.id
