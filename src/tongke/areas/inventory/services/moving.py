"""What moving a customer to another local network does to lines: they go along, products and usage included."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.inventory.models import Payer, Product, Subscriber, SubscriberRole, UsageMonth
from tongke.kernel.actor import Actor
from tongke.kernel.verb import verb


@verb("party.move")
def move_lines(*, customer_id: UUID, to_org: int, by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of verbs
    """Hand every line and product of the customer to the organisation ``to_org``; both must be in the actor's scope."""
    lines = list(Subscriber.objects.filter(customer_id=customer_id).values_list("id", flat=True))
    for record in (SubscriberRole, Payer, UsageMonth):
        record.objects.filter(subscriber_id__in=lines).update(org_id=to_org)
    for owned in (Product, Subscriber):
        owned.objects.filter(customer_id=customer_id).update(org_id=to_org)
