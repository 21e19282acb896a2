"""Recording the bills that the billing system made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from tongke.areas.account import events, rules
from tongke.areas.account.errors import BillExists
from tongke.areas.account.models import Bill, BillItem
from tongke.areas.account.services.accounts import locked_account
from tongke.kernel.actor import Actor
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb


class BillLine(BaseModel):
    """One line of a bill as the billing system sends it; ``amount`` includes ``tax``."""

    model_config = ConfigDict(frozen=True)
    charge_type: str = Field(max_length=20)
    name: str = Field(max_length=100)
    amount: Decimal
    tax: Decimal = Decimal(0)
    subscriber_id: UUID | None = None


@verb("account.load_bill")
def record_bill(
    *, account_id: UUID, bill_no: str, period_from: date, period_until: date, issued_on: date, due_on: date,
    total: Decimal, lines: Sequence[BillLine], by: Actor, at: datetime,
) -> UUID:
    """Record a bill and return its id. The same bill sent again gives the same id and changes nothing;
    another bill for the same period raises ``BillExists``.
    """
    account = locked_account(account_id)
    held = Bill.objects.filter(account_id=account_id, period_from=period_from).first()
    if held is not None:
        if held.bill_no == bill_no and held.total == total:
            return held.id
        raise BillExists(account_no=account.account_no, period_from=period_from)
    require(collect(
        (rules.account_is_open, {"state": account.state}),
        (rules.period_is_forward, {"start": period_from, "until": period_until}),
        (rules.items_make_the_total, {"sum": sum((line.amount for line in lines), Decimal(0)), "total": total}),
    ))
    # Money already held pays at once; what is left is owed.
    paid = min(account.balance, total) if total > 0 else Decimal(0)
    bill = Bill.objects.create(
        org_id=account.org_id, account=account, bill_no=bill_no, period_from=period_from, period_until=period_until,
        issued_on=issued_on, due_on=due_on, total=total, paid=paid, currency=account.currency, state=bill_state(total, paid),
    )
    BillItem.objects.bulk_create(
        BillItem(org_id=account.org_id, bill=bill, ordinal=n, **line.model_dump()) for n, line in enumerate(lines, 1)
    )
    account.balance -= paid
    account.owed += total - paid
    account.changed_at = at
    account.save(update_fields=["balance", "owed", "changed_at"])
    publish(events.BillRecorded(
        subject_id=bill.id, customer_id=account.customer_id, org_id=account.org_id, account_id=account.id,
        bill_no=bill_no, total=total, currency=account.currency, due_on=due_on,
    ), by=by, at=at)
    return bill.id


def bill_state(total: Decimal, paid: Decimal) -> str:
    """The state that follows from how much of a sent bill is paid."""
    if paid >= total:
        return "settled"
    return "partiallyPaid" if paid > 0 else "sent"
