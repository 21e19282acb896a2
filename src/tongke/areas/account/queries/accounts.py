"""Reads of accounts, bills and payments, within the actor's scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet, Sum

from tongke.areas.account.models import Bill, BillingAccount, BillItem, Payment
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class AccountBrief:
    """An account in the words that other rooms decide by. ``overdue`` is what is owed past its due date."""

    id: UUID
    org_id: int
    customer_id: UUID
    account_no: str
    state: str
    balance: Decimal
    owed: Decimal
    overdue: Decimal
    currency: str


def _in_scope(actor: Actor, rows: QuerySet[BillingAccount]) -> QuerySet[BillingAccount]:
    return rows if actor.scope is None else rows.filter(org_id__in=actor.scope)


def account_brief(account_id: UUID, *, on: date, by: Actor) -> AccountBrief:
    """Return one account; raises ``NotFound`` where it is outside the actor's scope."""
    by.require("account.view")
    account = _in_scope(by, BillingAccount.objects.filter(id=account_id)).first()
    if account is None:
        raise NotFound
    sums = Bill.objects.filter(account_id=account_id, due_on__lt=on).exclude(state="settled").aggregate(
        total=Sum("total"), paid=Sum("paid"))
    overdue = (sums["total"] or Decimal(0)) - (sums["paid"] or Decimal(0))
    return AccountBrief(
        account.id, account.org_id, account.customer_id, account.account_no, account.state, account.balance, account.owed,
        overdue, account.currency,
    )


def accounts_of_customer(customer_id: UUID, *, by: Actor) -> list[BillingAccount]:
    """The customer's accounts, those in force first."""
    by.require("account.view")
    return list(_in_scope(by, BillingAccount.objects.filter(customer_id=customer_id)).order_by("state", "opened_on"))


def owed_by_customer(customer_id: UUID, *, by: Actor) -> Decimal:
    """What all accounts of the customer owe together (one currency an operator)."""
    by.require("account.view")
    rows = _in_scope(by, BillingAccount.objects.filter(customer_id=customer_id))
    return rows.aggregate(owed=Sum("owed"))["owed"] or Decimal(0)


def bill_with_items(bill_id: UUID, *, by: Actor) -> tuple[Bill, list[BillItem]]:
    """One bill and its lines; raises ``NotFound``."""
    by.require("account.view")
    rows = Bill.objects.filter(id=bill_id)
    if by.scope is not None:
        rows = rows.filter(org_id__in=by.scope)
    bill = rows.select_related("account").first()
    if bill is None:
        raise NotFound
    return bill, list(BillItem.objects.filter(bill=bill).order_by("ordinal"))


def bills_of_account(account_id: UUID, *, by: Actor) -> QuerySet[Bill]:
    """The account's bills, newest first."""
    by.require("account.view")
    rows = Bill.objects.filter(account_id=account_id).order_by("-period_from")
    return rows if by.scope is None else rows.filter(org_id__in=by.scope)


def payments_of_account(account_id: UUID, *, by: Actor) -> QuerySet[Payment]:
    """The account's payments, newest first."""
    by.require("account.view")
    rows = Payment.objects.filter(account_id=account_id).order_by("-paid_at")
    return rows if by.scope is None else rows.filter(org_id__in=by.scope)


def bills_of_customer(customer_id: UUID, *, state: str = "", offset: int = 0, limit: int = 50, by: Actor) -> list[Bill]:
    """Return bills of all accounts of the customer with their accounts, the newest period first; ``state`` narrows."""
    by.require("account.view")
    rows = Bill.objects.filter(account__customer_id=customer_id).select_related("account").order_by("-period_from", "bill_no")
    if state:
        rows = rows.filter(state=state)
    return list((rows if by.scope is None else rows.filter(org_id__in=by.scope))[offset:offset + limit])
