"""Accounts, bills and payments in bulk, held to the same rules as the single verbs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from tongke.areas.account import rules
from tongke.areas.account.models import Bill, BillingAccount, Payment
from tongke.areas.account.services.bills import bill_state
from tongke.areas.account.states import AccountState, BillState, PaymentKind, PaymentMethod, PaymentState
from tongke.kernel.actor import Actor
from tongke.kernel.bulk import Field, Noun, Unique, Values, as_columns, declare_noun, insert_rows, no_rules, write_table
from tongke.kernel.ids import uuid7
from tongke.kernel.numbering import sequence_numbers
from tongke.kernel.rules import Broken, collect, rule
from tongke.kernel.verb import verb

IMPORT = "party.import"

# What an account owes and holds follows from its bills and payments, whichever came first. The sum is asked for account
# by account, over the bills' index: a join would be planned by statistics that a table filled just now has not got yet.
BALANCES = """
UPDATE account_billing_account a SET owed = d.owed, changed_at = %(at)s
FROM (SELECT i.id, (SELECT coalesce(sum(b.total - b.paid), 0) FROM account_bill b WHERE b.account_id = i.id) AS owed
      FROM unnest(%(accounts)s::uuid[]) AS i (id)) d
WHERE a.id = d.id AND a.owed IS DISTINCT FROM d.owed
"""

# New payments of an account, oldest first, against its open bills, oldest first: both laid end to end; where a
# payment's stretch meets a bill's, that much is settled. What meets no bill is held for the customer.
SETTLE = """
WITH money AS (
  SELECT id, org_id, account_id, amount, sum(amount) OVER w - amount AS lo, sum(amount) OVER w AS hi
  FROM account_payment WHERE id = ANY(%(payments)s) WINDOW w AS (PARTITION BY account_id ORDER BY paid_at, id)
), due AS (
  SELECT id, account_id, total - paid AS open, sum(total - paid) OVER w - (total - paid) AS lo, sum(total - paid) OVER w AS hi
  FROM account_bill WHERE account_id IN (SELECT account_id FROM money) AND total > paid
  WINDOW w AS (PARTITION BY account_id ORDER BY period_from, id)
), part AS (
  SELECT m.org_id, m.id AS payment_id, d.id AS bill_id, m.account_id, least(m.hi, d.hi) - greatest(m.lo, d.lo) AS amount
  FROM money m JOIN due d ON d.account_id = m.account_id AND least(m.hi, d.hi) > greatest(m.lo, d.lo)
), kept AS (
  INSERT INTO account_payment_allocation (id, org_id, payment_id, bill_id, amount)
  SELECT tongke_uuid7(), org_id, payment_id, bill_id, amount FROM part
), settled AS (
  UPDATE account_bill b SET paid = b.paid + s.amount,
    state = CASE WHEN b.paid + s.amount >= b.total THEN 'settled' ELSE 'partiallyPaid' END
  FROM (SELECT bill_id, sum(amount) AS amount FROM part GROUP BY bill_id) s WHERE b.id = s.bill_id
)
UPDATE account_billing_account a
SET owed = a.owed - coalesce(s.settled, 0), balance = a.balance + m.amount - coalesce(s.settled, 0), changed_at = %(at)s
FROM (SELECT account_id, sum(amount) AS amount FROM money GROUP BY account_id) m
LEFT JOIN (SELECT account_id, sum(amount) AS settled FROM part GROUP BY account_id) s USING (account_id)
WHERE a.id = m.account_id
"""


@rule("IMP-70", says=_("The number {number} is used by another record"), mend=_("Correct the number in the source"))
def number_is_free(*, number: str, held: bool = False) -> bool:  # noqa: ARG001 - named in the sentence
    """A printed number stands for one record."""
    return not held


@rule("IMP-71", says=_("More is paid ({paid}) than the bill's total {total}"), mend=_("Correct one of the two amounts"), field="paid")
def paid_within_total(*, paid: Decimal, total: Decimal) -> bool:
    """A bill takes no more than its total."""
    return paid <= max(total, Decimal(0))


def _check_account(values: Values, around: Mapping[str, Values], *, at: datetime) -> Iterable[Broken]:  # noqa: ARG001 - the shape of all bulk verbs
    return collect((rules.is_cycle_day, {"cycle_day": values["cycle_day"]}))


def _check_bill(values: Values, around: Mapping[str, Values], *, at: datetime) -> Iterable[Broken]:  # noqa: ARG001 - the shape of all bulk verbs
    items = values.get("items") or {}
    return collect(
        (rules.period_is_forward, {"start": values["period_from"], "until": values["period_until"]}),
        (paid_within_total, {"paid": values.get("paid") or Decimal(0), "total": values["total"]}),
        (rules.items_make_the_total, {"sum": sum(map(Decimal, items.values()), Decimal(0)), "total": values["total"]}) if items else None,
    )


def _check_payment(values: Values, around: Mapping[str, Values], *, at: datetime) -> Iterable[Broken]:  # noqa: ARG001 - the shape of all bulk verbs
    return collect((rules.is_payable, {"amount": values["amount"]}))


@verb(IMPORT)
def load_accounts(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:
    """Create and change billing accounts; those without a number of their own are given the next of the series."""
    wanting = [v for v in fresh if not v.get("account_no")]
    for values, number in zip(wanting, sequence_numbers("AC", count=len(wanting), on=by.day(at)) if wanting else (), strict=True):
        values["account_no"] = number
    for values in fresh:
        values["opened_on"] = values.get("opened_on") or by.day(at)
    write_table(
        "account_billing_account", fresh=fresh, changed=changed, changed_at=at,
        columns=lambda v: as_columns(
            v, ("account_no", "name", "state", "payment_kind", "payment_method", "cycle_day", "currency", "paperless", "opened_on", "closed_on",
                "balance"), {"customer": "customer_id"}),
        fixed={"owed": 0, "created_at": at, "changed_at": at},
    )


def _bill_columns(values: Values) -> dict[str, Any]:
    out = as_columns(values, ("bill_no", "period_from", "period_until", "issued_on", "due_on", "total", "paid", "currency"),
                     {"account": "account_id"})
    if "total" in values:
        out["state"] = values.get("state") or bill_state(values["total"], values.get("paid") or Decimal(0))
    return out


@verb(IMPORT)
def load_bills(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of all bulk verbs
    """Create and change bills with their items; what their accounts owe follows."""
    for values in fresh:
        values["issued_on"] = values.get("issued_on") or values["period_until"]
        values["due_on"] = values.get("due_on") or values["issued_on"]
        values["paid"] = values.get("paid") or Decimal(0)
    write_table("account_bill", fresh=fresh, changed=changed, columns=_bill_columns)
    insert_rows("account_bill_item", ("id", "org_id", "bill_id", "ordinal", "charge_type", "name", "amount", "tax"), [
        (uuid7(), v["org_id"], v["id"], n, name[:20], name[:100], amount, 0)
        for v in fresh for n, (name, amount) in enumerate((v.get("items") or {}).items(), 1)
    ])
    _set_owed({v["account"] for v in (*fresh, *changed) if "account" in v}, at)


def _set_owed(accounts: set[Any], at: datetime) -> None:
    if accounts:
        with connection.cursor() as cursor:
            cursor.execute(BALANCES, {"accounts": list(accounts), "at": at})


@verb(IMPORT)
def load_bill_items(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of all bulk verbs
    """Create and change single items of bills that are loaded already."""
    write_table("account_bill_item", fresh=fresh, changed=changed, columns=lambda v: as_columns(
        v, ("ordinal", "charge_type", "name", "amount", "tax"), {"bill": "bill_id", "subscriber": "subscriber_id"}))


@verb(IMPORT)
def load_payments(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of all bulk verbs
    """Record payments. They settle open bills, oldest first, unless the file's bills count them in already
    (``settles`` false). A recorded payment is never changed by a file but for its reference.
    """
    write_table(
        "account_payment", fresh=fresh, changed=[{"id": v["id"], "reference": v["reference"]} for v in changed if "reference" in v],
        columns=lambda v: as_columns(v, ("payment_no", "state", "method", "channel", "amount", "currency", "paid_at", "reference"),
                                     {"account": "account_id"}))
    settling = [v["id"] for v in fresh if v.get("settles") and v.get("state") == "done"]
    if settling:
        with connection.cursor() as cursor:
            cursor.execute(SETTLE, {"payments": settling, "at": at})


def _unique(model: Any, name: str) -> Unique:
    return Unique(
        key=lambda v: v.get(name), taken=lambda numbers: dict(model.objects.filter(**{f"{name}__in": numbers}).values_list(name, "id")),
        broken=lambda v: number_is_free.broken(number=v[name]),
    )


def _bill_period(values: Values) -> Any:
    return (values["account"], values["period_from"]) if "account" in values and "period_from" in values else None


def _periods_taken(wanted: Sequence[Any]) -> dict[Any, Any]:
    accounts = {account for account, _from in wanted}
    rows = Bill.objects.filter(account_id__in=accounts).values_list("account_id", "period_from", "id")
    return {(account, start): bill for account, start, bill in rows}


@rule("IMP-72", says=_("The account has another bill for the period from {period_from}"), mend=_("Load one bill for an account and period"),
      field="period_from")
def period_is_free(*, period_from: Any, held: bool = False) -> bool:  # noqa: ARG001 - named in the sentence
    """One bill for an account and period."""
    return not held


CURRENCY = Field(name="currency", about="ISO 4217", length_max=3, default="CNY")
ACCOUNT = Field(name="account", about="key of the account", type="reference", noun="account", required=True)

declare_noun(Noun(
    name="account", about="a billing account of a customer", table="account_billing_account", rank=40, check=_check_account,
    write=load_accounts, unique=(_unique(BillingAccount, "account_no"),), fields=(
        Field(name="customer", about="key of the customer", type="reference", noun="customer", required=True),
        Field(name="account_no", about="printed number; else the next of the series", length_max=40),
        Field(name="name", about="name on the bill", length_max=200, default="", personal="name"),
        Field(name="state", about="life cycle", choices=tuple(AccountState.values), default="active"),
        Field(name="payment_kind", about="prepaid or postpaid", choices=tuple(PaymentKind.values), default="postpaid"),
        Field(name="payment_method", about="how it pays", choices=("", *PaymentMethod.values), default=""),
        Field(name="cycle_day", about="billing day, 1 to 28", type="integer", default=1),
        Field(name="balance", about="money held for the customer", type="decimal", default=0),
        CURRENCY, Field(name="paperless", about="bill by mail or app", type="boolean", default=True),
        Field(name="opened_on", about="else the day of the import", type="date"), Field(name="closed_on", about="day of closing", type="date"),
    )))
declare_noun(Noun(
    name="bill", about="a bill of an account for a period", table="account_bill", rank=60, check=_check_bill, write=load_bills,
    unique=(_unique(Bill, "bill_no"), Unique(key=_bill_period, taken=_periods_taken,
                                             broken=lambda v: period_is_free.broken(period_from=v["period_from"]))),
    fields=(
        ACCOUNT, Field(name="bill_no", about="printed number", required=True, length_max=40),
        Field(name="state", about="else it follows from what is paid", choices=tuple(BillState.values)),
        Field(name="period_from", about="first day", type="date", required=True),
        Field(name="period_until", about="day after the last", type="date", required=True),
        Field(name="issued_on", about="else the period's end", type="date"), Field(name="due_on", about="else the day of issue", type="date"),
        Field(name="total", about="amount", type="decimal", required=True),
        Field(name="paid", about="of it paid already", type="decimal", default=0), CURRENCY,
        Field(name="items", about="charge type → amount; they must sum to the total", type="object", items="decimal"),
    )))
declare_noun(Noun(
    name="payment", about="money received on an account", table="account_payment", rank=62, check=_check_payment, write=load_payments,
    unique=(_unique(Payment, "payment_no"),), fields=(
        ACCOUNT, Field(name="payment_no", about="number of the receipt", required=True, length_max=40),
        Field(name="state", about="life cycle", choices=tuple(PaymentState.values), default="done"),
        Field(name="method", about="how it came", required=True, choices=tuple(PaymentMethod.values)),
        Field(name="channel", about="where it came", length_max=20, default=""),
        Field(name="amount", about="above zero", type="decimal", required=True), CURRENCY,
        Field(name="paid_at", about="when", type="datetime", required=True), Field(name="reference", about="the payer's words", length_max=80, default=""),
        Field(name="settles", about="whether it still has to settle open bills", type="boolean", default=True),
    )))
declare_noun(Noun(
    name="bill_item", about="one line of a bill that is loaded already", table="account_bill_item", rank=61, check=no_rules,
    write=load_bill_items, fields=(
        Field(name="bill", about="key of the bill", type="reference", noun="bill", required=True),
        Field(name="ordinal", about="place on the bill, from 1", type="integer", required=True),
        Field(name="charge_type", about="monthly fee, usage, …", required=True, length_max=20),
        Field(name="name", about="as printed", required=True, length_max=100),
        Field(name="amount", about="with tax", type="decimal", required=True), Field(name="tax", about="of it tax", type="decimal", default=0),
        Field(name="subscriber", about="key of the line it is for", type="reference", noun="subscriber"),
    )))
