"""Where an account or a bill is found from what the clerk typed."""

from __future__ import annotations

from tongke.areas.party.queries.search import Candidate, numbered

CANDIDATES: tuple[Candidate, ...] = (
    numbered("account_no", "account_billing_account", link="customer_id", to="customer"),
    Candidate(
        "bill_no", "account_bill", "t.bill_no IN (bill_no_lo, bill_no_hi)", "t.id DESC", "t.bill_no", reach="all", to="customer",
        link="(SELECT a.customer_id FROM account_billing_account a WHERE a.id = t.account_id)",
    ),
)
