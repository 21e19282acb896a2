"""What the inventory room offers other channels to read, column by column; they name the columns and never the tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tongke.areas.party.queries.records import NAME_SHOWN
from tongke.kernel.keys import phone_e164
from tongke.kernel.rows import Rows, Walk, day, instant, integer, json, key, number, text

_OF_LINE = "(SELECT {} FROM inventory_subscriber ds WHERE ds.id = d.subscriber_id)"
_OF_OFFERING = "(SELECT {} FROM catalogue_offering dof WHERE dof.id = d.offering_id)"
_OF_CUSTOMER = "(SELECT {} FROM party_customer c JOIN party_party p ON p.id = c.party_id WHERE c.id = d.customer_id)"
_MASKED = "CASE WHEN ds.kind IN ('mobile', 'fixed') THEN tongke_mask_phone(ds.service_number, tongke_clear('phone')) ELSE ds.service_number END"
# Who pays what no other payer pays.
_PAYER = "(SELECT {} FROM inventory_payer dy WHERE dy.subscriber_id = d.subscriber_id AND dy.valid_until IS NULL AND dy.charge_type = '*' AND dy.priority = 1)"
_PAID_BY = "SELECT ly.subscriber_id FROM inventory_payer ly WHERE ly.account_id = ANY (%s::uuid[]) AND ly.valid_until IS NULL AND ly.charge_type = '*' AND ly.priority = 1"
_NUMBERED = "SELECT ln.id FROM inventory_subscriber ln WHERE ln.service_number = ANY (%s::text[])"

PRODUCTS = Rows(
    source="inventory_product d", key="d.id", org="d.org_id", walks={"id": Walk(org="d.org_id", sql="d.id", tie="d.id")},
    columns={
        "id": key("d.id"), "org_id": integer("d.org_id"), "customer_id": key("d.customer_id"), "subscriber_id": key("d.subscriber_id"),
        "offering_id": key("d.offering_id"), "state": text("d.state"), "monthly_fee": number("d.monthly_fee"), "currency": text("d.currency"),
        "characteristics": json("d.characteristics"), "contract_until": day("d.contract_until"),
        "contract_from": day("CASE WHEN d.contract_until IS NOT NULL THEN d.started_on END"),
        "started_on": day("d.started_on"), "ended_on": day("d.ended_on"), "created_at": instant("d.created_at"),
        "changed_at": instant("d.changed_at"), "offering_name": text(_OF_OFFERING.format("dof.name_zh")),
        "offering_name_en": text(_OF_OFFERING.format("dof.name_en")), "offering_code": text(_OF_OFFERING.format("dof.code")),
        "service_number": text(_OF_LINE.format("ds.service_number"), personal="phone", shown=_OF_LINE.format(_MASKED)),
        "line_kind": text(_OF_LINE.format("ds.kind")), "account_id": key(_PAYER.format("dy.account_id")),
        "account_no": text("(SELECT da.account_no FROM account_billing_account da WHERE da.id = " + _PAYER.format("dy.account_id") + ")"),
        "customer_name": text(_OF_CUSTOMER.format("p.name"), personal="name", shown=_OF_CUSTOMER.format(NAME_SHOWN)),
    },
)


def of_number(line: str, numbers: Sequence[str]) -> tuple[str, list[Any]]:
    """Return the condition that the line with the id ``line`` (an expression) has one of the service numbers."""
    return f"{line} IN ({_NUMBERED})", [[written for given in numbers for written in {given, phone_e164(given) or given}]]


def paid_by(line: str, accounts: Sequence[str]) -> tuple[str, list[Any]]:
    """Return the condition that one of the accounts pays the line with the id ``line`` (an expression) now."""
    return f"{line} IN ({_PAID_BY})", [[ident for ident in map(_key, accounts) if ident is not None]]


def _key(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None
