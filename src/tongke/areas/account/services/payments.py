"""Recording and reversing payments."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import F

from tongke.areas.account import events, rules
from tongke.areas.account.errors import PaymentExists
from tongke.areas.account.models import Bill, BillingAccount, Payment, PaymentAllocation
from tongke.areas.account.services.accounts import locked_account
from tongke.areas.account.services.bills import bill_state
from tongke.areas.account.states import PAYMENT
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb


@verb("account.record_payment")
def record_payment(
    *, account_id: UUID, payment_no: str, amount: Decimal, method: str, channel: str = "", paid_at: datetime,
    reference: str = "", by: Actor, at: datetime,
) -> UUID:
    """Record money received and return the payment's id; it settles open bills, oldest first, and the rest is held.

    The payment number makes it repeatable: the same payment again gives the same id and changes nothing,
    another payment under that number raises ``PaymentExists``. A closed account still takes payments.
    """
    account = locked_account(account_id)
    require(collect((rules.is_payable, {"amount": amount})))
    held = Payment.objects.filter(payment_no=payment_no).first()
    if held is not None:
        if held.account_id == account.id and held.amount == amount:
            return held.id
        raise PaymentExists(payment_no=payment_no)
    payment = Payment.objects.create(
        org_id=account.org_id, account=account, payment_no=payment_no, amount=amount, currency=account.currency,
        method=method, channel=channel, paid_at=paid_at, reference=reference,
    )
    rest = _settle(account, payment)
    account.balance += rest
    account.owed -= amount - rest
    account.changed_at = at
    account.save(update_fields=["balance", "owed", "changed_at"])
    publish(events.PaymentRecorded(
        subject_id=payment.id, customer_id=account.customer_id, org_id=account.org_id, account_id=account.id,
        payment_no=payment_no, amount=amount, currency=account.currency, paid_at=paid_at, debt_cleared=account.owed == 0,
    ), by=by, at=at)
    return payment.id


def _settle(account: BillingAccount, payment: Payment) -> Decimal:
    """Spread the payment over the account's open bills, oldest first; returns what is left."""
    due = list(Bill.objects.filter(account=account, paid__lt=F("total")).order_by("period_from"))
    parts, rest = rules.allocate(payment.amount, [bill.total - bill.paid for bill in due])
    for bill, part in zip(due, parts, strict=True):
        if part == 0:
            break
        bill.paid += part
        bill.state = bill_state(bill.total, bill.paid)
        bill.save(update_fields=["paid", "state"])
        PaymentAllocation.objects.create(org_id=account.org_id, payment=payment, bill=bill, amount=part)
    return rest


@verb("account.reverse_payment")
def reverse_payment(*, payment_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Take a payment back: its bills are open again by what it had settled, the rest leaves the balance.

    The balance may go below zero where the money was used since: then the account owes it.
    """
    payment = Payment.objects.filter(id=payment_id).first()
    if payment is None:
        raise NotFound
    account = locked_account(payment.account_id)
    payment = Payment.objects.select_for_update(of=("self",)).get(id=payment_id)
    PAYMENT.move(payment, "cancel", by=by, at=at, reason=reason)
    settled = Decimal(0)
    for part in PaymentAllocation.objects.filter(payment=payment).select_related("bill"):
        bill = part.bill
        bill.paid -= part.amount
        bill.state = bill_state(bill.total, bill.paid)
        bill.save(update_fields=["paid", "state"])
        settled += part.amount
    account.owed += settled
    account.balance -= payment.amount - settled
    account.changed_at = at
    account.save(update_fields=["owed", "balance", "changed_at"])
    publish(events.PaymentReversed(
        subject_id=payment.id, customer_id=account.customer_id, org_id=account.org_id, account_id=account.id,
        payment_no=payment.payment_no, amount=payment.amount, currency=payment.currency, reason=reason,
    ), by=by, at=at)
