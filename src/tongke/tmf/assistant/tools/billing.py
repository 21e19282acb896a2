"""Bills of a customer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field

from tongke.areas.account import queries as accounts
from tongke.areas.account.states import BillState
from tongke.areas.party import queries as parties
from tongke.tmf.assistant.declaring import Answer, Arguments, Asked, tool
from tongke.tmf.assistant.tools.paging import Page, look

ITEMS_MAX = 200


class ListBills(Page):
    """Whose bills."""

    customer_id: UUID = Field(description="The customer's id.")
    state: BillState | None = Field(None, description="Only bills in this state.")


class BillRow(Answer):
    """One bill."""

    id: UUID
    bill_no: str
    account_id: UUID
    account_no: str
    state: str
    period_from: date
    period_until: date = Field(description="The first day after the period.")
    issued_on: date
    due_on: date
    total: Decimal
    paid: Decimal
    open: Decimal = Field(description="What is still to be paid.")
    currency: str


class Bills(Answer):
    """A page of bills, the newest period first."""

    bills: list[BillRow]
    more: bool


def _row(bill: Any) -> BillRow:
    return BillRow(
        id=bill.id, bill_no=bill.bill_no, account_id=bill.account_id, account_no=bill.account.account_no, state=bill.state,
        period_from=bill.period_from, period_until=bill.period_until, issued_on=bill.issued_on, due_on=bill.due_on, total=bill.total,
        paid=bill.paid, open=bill.total - bill.paid, currency=bill.currency,
    )


@tool("Bills of a customer", permission="account.view")
def list_bills(arguments: ListBills, asked: Asked) -> Bills:
    """List the bills of a customer over all accounts, the newest first. Amounts are exact decimals, written as text."""
    customer = parties.customer_brief(arguments.customer_id)
    found = accounts.bills_of_customer(
        customer.id, state=arguments.state or "", offset=arguments.offset, limit=arguments.limit + 1, by=asked.by,
    )
    look(customer.id, "list_bills", asked)
    return Bills(bills=[_row(bill) for bill in found[:arguments.limit]], more=len(found) > arguments.limit)


class BillWanted(Arguments):
    """Which bill."""

    bill_id: UUID = Field(description="The bill's id, as list_bills returns it.")


class BillItemRow(Answer):
    """One line of a bill."""

    name: str
    charge_type: str
    subscriber_id: UUID | None = Field(None, description="The line it is for.")
    amount: Decimal
    tax: Decimal


class BillDetail(Answer):
    """A bill with its lines."""

    bill: BillRow
    customer_id: UUID
    items: list[BillItemRow]
    items_more: bool


@tool("One bill", permission="account.view")
def bill_detail(arguments: BillWanted, asked: Asked) -> BillDetail:
    """Return one bill with every charge on it: what explains its total."""
    bill, items = accounts.bill_with_items(arguments.bill_id, by=asked.by)
    look(bill.account.customer_id, "bill_detail", asked)
    rows = [
        BillItemRow(name=i.name, charge_type=i.charge_type, subscriber_id=i.subscriber_id, amount=i.amount, tax=i.tax) for i in items[:ITEMS_MAX]
    ]
    return BillDetail(bill=_row(bill), customer_id=bill.account.customer_id, items=rows, items_more=len(items) > ITEMS_MAX)
