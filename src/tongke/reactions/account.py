"""What the account room does after its own facts, apart from the booking that announced them."""

from __future__ import annotations

from datetime import datetime

from tongke.areas.account import services
from tongke.areas.account.events import PaymentRecorded, PaymentReversed
from tongke.kernel.actor import Actor
from tongke.kernel.outbox import reaction


@reaction(PaymentRecorded)
def earn_points_by_paying(*, event: PaymentRecorded, by: Actor, at: datetime) -> None:
    """A payment earns points by the figures of the moment it was recorded; where none are set, nothing."""
    services.earn_by_payment(payment_id=event.subject_id, by=by, at=at)


@reaction(PaymentReversed)
def take_back_points_of_payment(*, event: PaymentReversed, by: Actor, at: datetime) -> None:
    """What a reversed payment had earned is taken back; what is redeemed of it is missing and stays to be seen."""
    services.take_back_by_payment(payment_id=event.subject_id, reason=event.reason, by=by, at=at)
