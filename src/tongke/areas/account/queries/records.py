"""What the account room offers other channels to read, column by column; they name the columns and never the tables."""

from __future__ import annotations

from tongke.kernel.rows import Rows, Walk, boolean, day, instant, integer, key, number, text

_IS_COMPANY = "EXISTS (SELECT FROM party_customer bc JOIN party_party bp ON bp.id = bc.party_id WHERE bc.id = b.customer_id AND bp.kind = 'organization')"
_OF_CUSTOMER = "(SELECT {} FROM party_customer bc JOIN party_party bp ON bp.id = bc.party_id WHERE bc.id = b.customer_id)"

ACCOUNTS = Rows(
    source="account_billing_account b", key="b.id", org="b.org_id", walks={"id": Walk(org="b.org_id", sql="b.id", tie="b.id")},
    columns={
        "id": key("b.id"), "org_id": integer("b.org_id"), "customer_id": key("b.customer_id"), "account_no": text("b.account_no"),
        "state": text("b.state"), "balance": number("b.balance"), "owed": number("b.owed"), "currency": text("b.currency"),
        "created_at": instant("b.created_at"), "changed_at": instant("b.changed_at"),
        "name": text("coalesce(nullif(b.name, ''), b.account_no)", personal="name",
                     shown=f"CASE WHEN b.name = '' THEN b.account_no ELSE tongke_mask_name(b.name, tongke_clear('name') OR {_IS_COMPANY}) END"),
        "payment_kind": text("b.payment_kind"), "cycle_shift": integer("(b.cycle_day - 1)"), "cycle_name": text("'Monthly, day ' || b.cycle_day"),
        "paper": text("CASE WHEN b.paperless THEN 'electronic' ELSE 'paper' END"), "paperless": boolean("b.paperless"),
        "opened_on": day("b.opened_on"), "closed_on": day("b.closed_on"),
        "payment_status": text("CASE WHEN b.owed > 0 THEN 'due' ELSE 'paid' END"),
        "customer_name": text(
            _OF_CUSTOMER.format("bp.name"), personal="name",
            shown=_OF_CUSTOMER.format("tongke_mask_name(bp.name, bp.kind = 'organization' OR tongke_clear('name'))")),
        "credit_limit": number(_OF_CUSTOMER.format("bc.credit_limit")),
    },
)
