"""What moving a customer to another local network does to accounts: they go along, bills and payments included."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.account.models import (
    Bill,
    BillingAccount,
    BillItem,
    MeansAccount,
    Payment,
    PaymentAllocation,
    PaymentMeans,
    PointsAccount,
    PointsLot,
    PointsMove,
)
from tongke.kernel.actor import Actor
from tongke.kernel.verb import verb


@verb("party.move")
def move_accounts(*, customer_id: UUID, to_org: int, by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of verbs
    """Hand every account of the customer to the organisation ``to_org``; both must be in the actor's scope."""
    BillItem.objects.filter(bill__account__customer_id=customer_id).update(org_id=to_org)
    PaymentAllocation.objects.filter(payment__account__customer_id=customer_id).update(org_id=to_org)
    for record in (Bill, Payment):
        record.objects.filter(account__customer_id=customer_id).update(org_id=to_org)
    PointsMove.objects.filter(lot__account__customer_id=customer_id).update(org_id=to_org)
    PointsLot.objects.filter(account__customer_id=customer_id).update(org_id=to_org)
    PointsAccount.objects.filter(customer_id=customer_id).update(org_id=to_org)
    MeansAccount.objects.filter(means__customer_id=customer_id).update(org_id=to_org)
    PaymentMeans.objects.filter(customer_id=customer_id).update(org_id=to_org)
    BillingAccount.objects.filter(customer_id=customer_id).update(org_id=to_org)
