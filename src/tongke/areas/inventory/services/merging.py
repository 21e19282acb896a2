"""What merging two customers does to lines and products: they change hands as they are, roles included."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.inventory.models import Product, Subscriber, SubscriberRole
from tongke.kernel.actor import Actor
from tongke.kernel.reversal import Recorder
from tongke.kernel.verb import verb


@verb("party.merge")
def repoint_customer(*, from_id: UUID, to_id: UUID, recorder: Recorder, by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of verbs
    """Give every line and product of customer ``from_id`` to ``to_id``; what changed is recorded."""
    with recorder.watching("inventory_subscriber", "customer_id = %s", [from_id]):
        Subscriber.objects.filter(customer_id=from_id).update(customer_id=to_id)
    with recorder.watching("inventory_product", "customer_id = %s", [from_id]):
        Product.objects.filter(customer_id=from_id).update(customer_id=to_id)


@verb("party.merge")
def repoint_party(*, from_id: UUID, to_id: UUID, recorder: Recorder, by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of verbs
    """Let party ``to_id`` own and hold what ``from_id`` owned and held, now and in the past; what changed is recorded."""
    with recorder.watching("inventory_subscriber_role", "party_id = %s", [from_id]):
        SubscriberRole.objects.filter(party_id=from_id).update(party_id=to_id)
