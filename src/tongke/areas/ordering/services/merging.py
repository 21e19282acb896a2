"""What merging two customers, or moving one, does to recorded qualifications: they go along."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.ordering.models import Qualification, QualificationItem
from tongke.kernel.actor import Actor
from tongke.kernel.reversal import Recorder
from tongke.kernel.verb import verb


@verb("party.merge")
def repoint_qualifications(*, from_id: UUID, to_id: UUID, recorder: Recorder, by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of verbs
    """Give what was judged for customer ``from_id`` to ``to_id``; what changed is recorded, to be taken back by a separation."""
    with recorder.watching("ordering_qualification", "customer_id = %s", [from_id]):
        Qualification.objects.filter(customer_id=from_id).update(customer_id=to_id)


@verb("party.move")
def move_qualifications(*, customer_id: UUID, to_org: int, by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of verbs
    """Hand what was judged for the customer to the organisation ``to_org``; both must be in the actor's scope."""
    QualificationItem.objects.filter(qualification__customer_id=customer_id).update(org_id=to_org)
    Qualification.objects.filter(customer_id=customer_id).update(org_id=to_org)
