"""What merging two customers does to billing accounts and points: they change hands as they are, balance and bills included."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.account.models import BillingAccount, PaymentMeans, PointsAccount, PointsLot
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
    _repoint_points(from_id, to_id, recorder)


def _repoint_points(from_id: UUID, to_id: UUID, recorder: Recorder) -> None:
    """Give the lots of the one to the other with their expiry; a balance is their sum, so there is none to add."""
    accounts = {a.customer_id: a for a in PointsAccount.objects.select_for_update(of=("self",)).filter(customer_id__in=[from_id, to_id]).order_by("id")}
    old, new = accounts.get(from_id), accounts.get(to_id)
    if old is None:
        return
    if new is None:
        with recorder.watching("account_points_account", "id = %s", [old.id]):
            PointsAccount.objects.filter(id=old.id).update(customer_id=to_id)
        return
    with recorder.watching("account_points_lot", "account_id = %s", [old.id]):
        PointsLot.objects.filter(account=old).update(account=new)
