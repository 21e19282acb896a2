"""What merging two customers, or moving one, does to promised discounts, shares of promotions and what they gave: they go along."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.catalogue.models import BenefitGiven, DiscountGrant, PromotionGrant
from tongke.kernel.actor import Actor
from tongke.kernel.reversal import Recorder
from tongke.kernel.verb import verb


@verb("party.merge")
def repoint_grants(*, from_id: UUID, to_id: UUID, recorder: Recorder, by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of verbs
    """Give what was promised to customer ``from_id`` to ``to_id``; what changed is recorded, to be taken back by a separation.

    A share counts for whoever has it: the survivor may hold more than one customer may be given, and is given no more.
    """
    for table, record in (
        ("catalogue_discount_grant", DiscountGrant), ("catalogue_promotion_grant", PromotionGrant), ("catalogue_benefit_given", BenefitGiven),
    ):
        with recorder.watching(table, "customer_id = %s", [from_id]):
            record.objects.filter(customer_id=from_id).update(customer_id=to_id)


@verb("party.move")
def move_grants(*, customer_id: UUID, to_org: int, by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of verbs
    """Hand what was promised to the customer to the organisation ``to_org``; both must be in the actor's scope."""
    for record in (DiscountGrant, PromotionGrant, BenefitGiven):
        record.objects.filter(customer_id=customer_id).update(org_id=to_org)
