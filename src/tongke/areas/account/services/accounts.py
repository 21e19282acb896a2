"""Opening, changing and closing billing accounts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from tongke.areas.account import events, rules
from tongke.areas.account.models import Bill, BillingAccount, Payment
from tongke.areas.account.states import ACCOUNT
from tongke.areas.party import queries as parties
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Conflict, NotFound
from tongke.kernel.numbering import sequence_number
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

CHANGEABLE = ("name", "cycle_day", "payment_kind", "payment_method", "paperless")


def locked_account(account_id: UUID) -> BillingAccount:
    """Return the account within the actor's scope, locked; raises ``NotFound``."""
    account = BillingAccount.objects.select_for_update(of=("self",)).filter(id=account_id).first()
    if account is None:
        raise NotFound
    return account


@verb("account.open")
def open_account(
    *, customer_id: UUID, name: str = "", payment_kind: str = "postpaid", payment_method: str = "", cycle_day: int = 1,
    currency: str = "CNY", paperless: bool = True, account_no: str = "", by: Actor, at: datetime,
) -> UUID:
    """Open a billing account for a customer and return its id; the number is given unless it comes from outside."""
    customer = parties.customer_brief(customer_id, lock=True)
    require(collect(
        (rules.customer_may_have_accounts, {"state": customer.state}), (rules.is_cycle_day, {"cycle_day": cycle_day}),
    ))
    account = BillingAccount.objects.create(
        org_id=customer.org_id, customer_id=customer.id, account_no=account_no or sequence_number("AC", on=by.day(at)),
        name=name, payment_kind=payment_kind, payment_method=payment_method, cycle_day=cycle_day, currency=currency,
        paperless=paperless, opened_on=by.day(at), created_at=at, changed_at=at,
    )
    publish(events.AccountOpened(
        subject_id=account.id, customer_id=customer.id, org_id=account.org_id, account_no=account.account_no,
    ), by=by, at=at)
    return account.id


@verb("account.open")
def change_account(
    *, account_id: UUID, changes: dict[str, Any], read_at: datetime | None = None, by: Actor, at: datetime
) -> None:
    """Change what of ``changes`` differs (``CHANGEABLE`` fields only); raises ``Conflict`` if the account was
    changed after ``read_at``.
    """
    account = locked_account(account_id)
    if read_at is not None and account.changed_at > read_at:
        raise Conflict
    require(collect((rules.account_is_open, {"state": account.state}),
                    (rules.is_cycle_day, {"cycle_day": changes.get("cycle_day", account.cycle_day)})))
    different = [f for f in CHANGEABLE if f in changes and changes[f] != getattr(account, f)]
    if not different:
        return
    for field in different:
        setattr(account, field, changes[field])
    account.changed_at = at
    account.save(update_fields=[*different, "changed_at"])
    publish(events.AccountChanged(
        subject_id=account.id, customer_id=account.customer_id, org_id=account.org_id, account_no=account.account_no,
        fields=different,
    ), by=by, at=at)


@verb("account.open")
def close_account(*, account_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Close an account that owes and holds nothing."""
    account = locked_account(account_id)
    require(collect((rules.nothing_owed, {"owed": account.owed}), (rules.nothing_held, {"balance": account.balance})))
    ACCOUNT.move(account, "close", by=by, at=at, reason=reason)
    _set_closed_on(account, on=by.day(at), at=at)
    publish(events.AccountClosed(
        subject_id=account.id, customer_id=account.customer_id, org_id=account.org_id, account_no=account.account_no,
    ), by=by, at=at)


@verb("account.open")
def reopen_account(*, account_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Put a closed account in force again; its customer must be in force."""
    account = locked_account(account_id)
    customer = parties.customer_brief(account.customer_id, lock=True)
    require(collect((rules.customer_may_have_accounts, {"state": customer.state})))
    ACCOUNT.move(account, "reopen", by=by, at=at, reason=reason)
    _set_closed_on(account, on=None, at=at)
    publish(events.AccountReopened(
        subject_id=account.id, customer_id=account.customer_id, org_id=account.org_id, account_no=account.account_no,
    ), by=by, at=at)


@verb("account.open")
def remove_account(*, account_id: UUID, by: Actor, at: datetime) -> None:
    """Take an account away that nothing was ever booked on; raises ``RulesBroken`` for all others."""
    account = locked_account(account_id)
    used = account.owed != 0 or account.balance != 0 or any(
        record.objects.filter(account=account).exists() for record in (Bill, Payment))
    require(collect((rules.account_is_unused, {"used": used})))
    try:
        with transaction.atomic():
            # What hangs on it from higher rooms is held by foreign keys, which are asked now and not at the end.
            account.delete()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError:
        require([rules.account_is_unused.broken(used=True)])
    publish(events.AccountRemoved(
        subject_id=account_id, customer_id=account.customer_id, org_id=account.org_id, account_no=account.account_no,
    ), by=by, at=at)


def _set_closed_on(account: BillingAccount, *, on: date | None, at: datetime) -> None:
    account.closed_on = on
    account.changed_at = at
    account.save(update_fields=["closed_on", "changed_at"])
