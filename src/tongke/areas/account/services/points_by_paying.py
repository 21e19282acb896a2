"""Points that payments earn: booked after the payment, taken back with it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.account import rules
from tongke.areas.account.models import Payment, PointsLot
from tongke.areas.account.queries import points as reads
from tongke.areas.account.services.points import cancel_earned_points, earn_points
from tongke.areas.account.states import PaymentState, PointsSource
from tongke.areas.party import queries as parties
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.verb import verb


@verb("account.points")
def earn_by_payment(*, payment_id: UUID, by: Actor, at: datetime) -> UUID | None:
    """Book what a payment earns by the figures in force at ``at`` and return the lot; ``None`` where it earns nothing: no figure
    says so, it was reversed since, or its customer has left. Done again it gives the same lot. Raises ``NotFound``.
    """
    payment = Payment.objects.select_related("account").filter(id=payment_id).first()
    if payment is None:
        raise NotFound
    points = rules.points_for(payment.amount, reads.points_figures(payment.org_id, at=at).points_per_yuan)
    customer = parties.customer_brief(payment.account.customer_id)
    if points <= 0 or payment.state != PaymentState.DONE or not rules.customer_may_have_accounts(state=customer.state):
        return None
    return earn_points(
        customer_id=customer.id, points=points, source=PointsSource.BILL, key=_key(payment_id), reference=payment.payment_no, by=by, at=at)


@verb("account.points")
def take_back_by_payment(*, payment_id: UUID, reason: str, by: Actor, at: datetime) -> int:
    """Take back what a payment that was reversed had earned; returns how many points are missing, for they are redeemed.

    Raises ``NotFound``.
    """
    payment = Payment.objects.select_related("account").filter(id=payment_id).first()
    if payment is None:
        raise NotFound
    # Where the payment's account went with a merge or a separation, its lots went too.
    customer_id = payment.account.customer_id
    if not PointsLot.objects.filter(account__customer_id=customer_id, key=_key(payment_id)).exists():
        return 0
    return cancel_earned_points(customer_id=customer_id, key=_key(payment_id), reason=reason, by=by, at=at)


def _key(payment_id: UUID) -> str:
    return f"payment {payment_id}"
