"""Facts that the account room announces."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from tongke.kernel.outbox import Event


class AccountOpened(Event):
    """A billing account was opened for a customer."""

    account_no: str


class AccountChanged(Event):
    """Name, cycle day, way of payment or paper of an account changed."""

    account_no: str
    fields: list[str]


class AccountClosed(Event):
    """A billing account was closed."""

    account_no: str


class AccountReopened(Event):
    """A closed billing account is in force again."""

    account_no: str


class AccountRemoved(Event):
    """A billing account that nothing was ever booked on was taken away."""

    account_no: str


class BillRecorded(Event):
    """A bill of the billing system was recorded."""

    account_id: UUID
    bill_no: str
    total: Decimal
    currency: str
    due_on: date


class PaymentRecorded(Event):
    """Money was received on an account; ``debt_cleared`` where nothing stays owed."""

    account_id: UUID
    payment_no: str
    amount: Decimal
    currency: str
    paid_at: datetime
    debt_cleared: bool


class PaymentReversed(Event):
    """A recorded payment was taken back."""

    account_id: UUID
    payment_no: str
    amount: Decimal
    currency: str
    reason: str


class PaymentMeansRecorded(Event):
    """A customer's payment method was recorded."""

    kind: str


class PaymentMeansChanged(Event):
    """Name, number, accounts or preference of a payment method changed."""

    kind: str
    fields: list[str]


class PaymentMeansStateChanged(Event):
    """A payment method was suspended, put in force again or ended."""

    kind: str
    before: str
    state: str
    reason: str


class PaymentMeansRemoved(Event):
    """A payment method was taken away."""

    kind: str


class PointsEarned(Event):
    """A customer earned points."""

    lot_id: UUID
    points: int
    source: str
    expires_on: date


class PointsRedeemed(Event):
    """A customer redeemed points."""

    key: str
    points: int


class PointsGivenBack(Event):
    """Redeemed points went back to the lots they came from; ``expired`` of them had run out meanwhile, ``cancelled`` had been
    earned in error.
    """

    key: str
    points: int
    expired: int
    cancelled: int = 0


class PointsCancelled(Event):
    """Points earned in error were taken back; ``missing`` of the lot's are redeemed."""

    lot_id: UUID
    key: str
    points: int
    missing: int
