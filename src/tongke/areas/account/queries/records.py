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

_CARD, _ACCOUNT = "pm.kind = 'bankCard'", "pm.kind IN ('bankAccountDebit', 'bankAccountTransfer', 'directDebit')"
_MEANS_OF = "(SELECT {} FROM party_customer mc JOIN party_party mp ON mp.id = mc.party_id WHERE mc.id = pm.customer_id)"

MEANS = Rows(
    source="account_payment_means pm", key="pm.id", org="pm.org_id", walks={"id": Walk(org="pm.org_id", sql="pm.id", tie="pm.id")},
    columns={
        "id": key("pm.id"), "org_id": integer("pm.org_id"), "customer_id": key("pm.customer_id"), "kind": text("pm.kind"),
        "name": text("pm.name"), "description": text("nullif(pm.description, '')"), "preferred": boolean("pm.preferred"), "state": text("pm.state"),
        "state_reason": text("nullif(pm.state_reason, '')"), "state_at": instant("pm.state_at"), "valid_from": instant("pm.valid_from"),
        "valid_until": instant("pm.valid_until"), "created_at": instant("pm.created_at"), "changed_at": instant("pm.changed_at"),
        "card_number": text(f"CASE WHEN {_CARD} THEN nullif(pm.number_shown, '') END"),
        "bank_account_number": text(f"CASE WHEN {_ACCOUNT} THEN nullif(pm.number_shown, '') END"),
        "token": text("CASE WHEN pm.kind = 'tokenizedCard' THEN nullif(pm.number_shown, '') END"),
        "wallet": text("CASE WHEN pm.kind = 'digitalWallet' THEN nullif(pm.number_shown, '') END"),
        "voucher": text("CASE WHEN pm.kind = 'voucher' THEN nullif(pm.number_shown, '') END"),
        "last_four": text(f"CASE WHEN {_CARD} AND pm.number_shown <> '' THEN right(pm.number_shown, 4) END"),
        "customer_name": text(
            _MEANS_OF.format("mp.name"), personal="name",
            shown=_MEANS_OF.format("tongke_mask_name(mp.name, mp.kind = 'organization' OR tongke_clear('name'))")),
    },
)
MEANS_ACCOUNTS = Rows(
    source="account_means_account ma JOIN account_billing_account mab ON mab.id = ma.account_id", key="ma.id", org="ma.org_id",
    columns={"means_id": key("ma.means_id"), "account_id": key("ma.account_id"), "account_no": text("mab.account_no")},
)
