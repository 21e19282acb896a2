"""Reads for transfers of ownership and for the question who pays what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection

from tongke.kernel.actor import Actor, acting


@dataclass(frozen=True, slots=True)
class PaidLine:
    """Who pays which charges of whose line; names and numbers masked as the actor's sight asks."""

    subscriber_id: UUID
    service_number: str
    kind: str
    holder_customer: UUID
    holder_name: str
    account_no: str
    payer_customer: UUID
    payer_name: str
    charge_type: str
    limit_amount: Decimal | None
    currency: str
    priority: int


_PAID = """
SELECT s.id, CASE WHEN s.kind IN ('mobile', 'fixed') THEN tongke_mask_phone(s.service_number, tongke_clear('phone')) ELSE s.service_number END,
  s.kind, c.id, tongke_mask_name(p.name, p.kind = 'organization' OR tongke_clear('name')), a.account_no,
  pc.id, tongke_mask_name(pp.name, pp.kind = 'organization' OR tongke_clear('name')), y.charge_type, y.limit_amount, a.currency, y.priority
FROM inventory_payer y JOIN inventory_subscriber s ON s.id = y.subscriber_id
JOIN party_customer c ON c.id = s.customer_id JOIN party_party p ON p.id = c.party_id
JOIN account_billing_account a ON a.id = y.account_id
JOIN party_customer pc ON pc.id = a.customer_id JOIN party_party pp ON pp.id = pc.party_id
WHERE (s.customer_id = ANY(%(ids)s) OR a.customer_id = ANY(%(ids)s)) AND y.valid_from <= %(at)s AND (y.valid_until IS NULL OR y.valid_until > %(at)s)
  AND s.state NOT IN ('terminated', 'aborted', 'cancelled')
ORDER BY p.name_key, s.service_number, y.charge_type, y.priority LIMIT %(limit)s
"""


def who_pays(customer_ids: list[UUID], *, at: datetime, by: Actor, limit: int = 200) -> list[PaidLine]:
    """The lines of these customers, and the lines that these customers pay, with who pays what at ``at``."""
    by.require("inventory.view")
    with acting(by), connection.cursor() as cursor:
        cursor.execute(_PAID, {"ids": customer_ids, "at": at, "limit": limit})
        return [PaidLine(*row) for row in cursor.fetchall()]


def lines_on_document(party_id: UUID, *, but_not: UUID | None = None) -> dict[str, int]:
    """Count lines in force and on order under a party's identity documents in the whole operator, by kind; one line left out where named."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, lines FROM inventory_lines_on_document(%s, %s)", [party_id, but_not])
        return dict(cursor.fetchall())
