"""What the account room offers other channels to read, column by column; they name the columns and never the tables."""

from __future__ import annotations

from tongke.kernel.rows import Rows, instant, integer, key, number, text

ACCOUNTS = Rows(
    source="account_billing_account b", key="b.id", org="b.org_id",
    columns={
        "id": key("b.id"), "org_id": integer("b.org_id"), "customer_id": key("b.customer_id"), "account_no": text("b.account_no"),
        "state": text("b.state"), "balance": number("b.balance"), "owed": number("b.owed"), "currency": text("b.currency"),
        "created_at": instant("b.created_at"),
    },
)
