"""What merging two customers does to billing accounts and points: they change hands as they are, balance and bills included."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.account.models import BillingAccount, PaymentMeans, PointsAccount, PointsLot
from tongke.areas.account.services.points import opened_points
from tongke.areas.party.queries import customer_brief
from tongke.kernel.actor import Actor
from tongke.kernel.reversal import Recorder
from tongke.kernel.verb import verb


@verb("party.merge")
def repoint_accounts(*, from_id: UUID, to_id: UUID, recorder: Recorder, by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of verbs
    """Give every account of customer ``from_id`` to ``to_id``; what changed is recorded, to be taken back by a separation."""
    with recorder.watching("account_billing_account", "customer_id = %s", [from_id]):
        BillingAccount.objects.filter(customer_id=from_id).update(customer_id=to_id)
    held = PaymentMeans.objects.filter(customer_id=to_id)
    keeps_preference = held.filter(preferred=True).exists()
    numbers = list(held.exclude(state="ended").filter(number_index__isnull=False).values_list("number_index", flat=True))
    with recorder.watching("account_payment_means", "customer_id = %s", [from_id]):
        moved = PaymentMeans.objects.filter(customer_id=from_id)
        if keeps_preference:
            moved.filter(preferred=True).update(preferred=False)
        # What both had is found by the survivor's number; the separation gives the other its own back.
        moved.filter(number_index__in=numbers).update(number_index=None)
        moved.update(customer_id=to_id)
    _repoint_points(from_id, to_id, recorder, at=at)


def _repoint_points(from_id: UUID, to_id: UUID, recorder: Recorder, *, at: datetime) -> None:
    """Give the lots of the one to the other with their expiry; a balance is their sum, so there is none to add.

    Each keeps an account of its own: what the other earns meanwhile stays with it when they are separated.
    """
    if not PointsAccount.objects.filter(customer_id=from_id).exists():
        return
    if not PointsAccount.objects.filter(customer_id=to_id).exists():
        opened_points(to_id, customer_brief(to_id).org_id, at=at)
    accounts = {a.customer_id: a for a in PointsAccount.objects.select_for_update(of=("self",)).filter(customer_id__in=[from_id, to_id]).order_by("id")}
    with recorder.watching("account_points_lot", "account_id = %s", [accounts[from_id].id]):
        PointsLot.objects.filter(account=accounts[from_id]).update(account=accounts[to_id])
