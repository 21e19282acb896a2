"""What becomes of a recorded qualification: its description is changed, or it is taken away. What was answered stays."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.ordering import events
from tongke.areas.ordering.models import Qualification, QualificationItem
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.verb import verb

DESCRIPTION_LENGTH_MAX = 300


def _locked(qualification_id: UUID) -> Qualification:
    row = Qualification.objects.select_for_update(of=("self",)).filter(id=qualification_id).first()
    if row is None:
        raise NotFound
    return row


@verb("ordering.qualify")
def describe_qualification(*, qualification_id: UUID, description: str, by: Actor, at: datetime) -> None:
    """Give a recorded qualification another description; raises ``NotFound``."""
    row = _locked(qualification_id)
    row.description, row.changed_at = description[:DESCRIPTION_LENGTH_MAX], at
    row.save(update_fields=["description", "changed_at"])
    publish(events.QualificationDescribed(subject_id=row.id, customer_id=row.customer_id, org_id=row.org_id, number=row.number), by=by, at=at)


@verb("ordering.qualify")
def discard_qualification(*, qualification_id: UUID, by: Actor, at: datetime) -> None:
    """Take a recorded qualification away with everything that it says; raises ``NotFound``."""
    row = _locked(qualification_id)
    publish(events.QualificationDiscarded(subject_id=row.id, customer_id=row.customer_id, org_id=row.org_id, number=row.number), by=by, at=at)
    QualificationItem.objects.filter(qualification=row).delete()
    row.delete()
