"""What a line used, month by month, with who holds it and what is installed on it: one statement."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound

_LINE = """
SELECT s.id, s.org_id, s.customer_id, s.kind, c.segment, c.level,
 (SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'offering_id', p.offering_id, 'code', o.code, 'kind', o.kind, 'fee', p.monthly_fee::text,
    'started_on', p.started_on, 'contract_until', p.contract_until, 'characteristics', p.characteristics) ORDER BY p.started_on, p.id), '[]')
  FROM inventory_product p JOIN catalogue_offering o ON o.id = p.offering_id
  WHERE p.subscriber_id = s.id AND p.state NOT IN ('terminated', 'aborted', 'cancelled'))::text,
 (SELECT coalesce(jsonb_agg(jsonb_build_array(u.month_at, u.voice_seconds, u.sms_count, u.data_bytes, u.roaming_bytes, u.charged::text) ORDER BY u.month_at), '[]')
  FROM inventory_usage_month u WHERE u.subscriber_id = s.id AND u.month_at >= %(since)s AND u.month_at < %(until)s)::text
FROM inventory_subscriber s JOIN party_customer c ON c.id = s.customer_id
WHERE s.id = %(line)s AND (%(scope)s::int[] IS NULL OR s.org_id = ANY (%(scope)s::int[]))
"""


@dataclass(frozen=True, slots=True)
class HeldProduct:
    """A product installed on the line, of the offering's version ``offering_id``."""

    id: UUID
    offering_id: UUID
    code: str
    kind: str
    monthly_fee: Decimal
    started_on: date
    contract_until: date | None
    characteristics: dict[str, Any]


@dataclass(frozen=True, slots=True)
class UsedMonth:
    """A month of usage as it was counted, and what it was billed."""

    month_at: datetime
    voice_seconds: int
    sms_count: int
    data_bytes: int
    roaming_bytes: int
    charged: Decimal


@dataclass(frozen=True, slots=True)
class UsedLine:
    """A line with its customer's standing, what is installed on it, and its months of usage, the oldest first."""

    id: UUID
    org_id: int
    customer_id: UUID
    kind: str
    segment: str
    level: str
    products: tuple[HeldProduct, ...]
    months: tuple[UsedMonth, ...]


def line_with_usage(subscriber_id: UUID, *, since: datetime, until: datetime, by: Actor) -> UsedLine:
    """Return the line with the months of usage that begin in ``[since, until)``; raises ``NotFound`` out of the actor's scope."""
    by.require("inventory.view")
    with connection.cursor() as cursor:
        cursor.execute(_LINE, {"line": subscriber_id, "since": since, "until": until, "scope": None if by.scope is None else list(by.scope)})
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    products = tuple(
        HeldProduct(
            UUID(p["id"]), UUID(p["offering_id"]), p["code"], p["kind"], Decimal(p["fee"]), date.fromisoformat(p["started_on"]),
            date.fromisoformat(p["contract_until"]) if p["contract_until"] else None, p["characteristics"],
        ) for p in json.loads(row[6])
    )
    months = tuple(UsedMonth(datetime.fromisoformat(m[0]), m[1], m[2], m[3], m[4], Decimal(m[5])) for m in json.loads(row[7]))
    return UsedLine(row[0], row[1], row[2], row[3], row[4], row[5], products, months)


def lines_on_offers(customer_id: UUID, codes: Collection[str], *, besides: UUID, by: Actor) -> dict[str, int]:
    """Return how many other live lines of the customer have a product of each of some offers, whatever its version; needs ``inventory.view``."""
    by.require("inventory.view")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.code, count(DISTINCT p.subscriber_id) FROM inventory_product p JOIN catalogue_offering o ON o.id = p.offering_id"
            " WHERE p.customer_id = %s AND p.subscriber_id <> %s AND p.state NOT IN ('terminated', 'aborted', 'cancelled') AND o.code = ANY (%s)"
            " GROUP BY o.code", [customer_id, besides, list(codes)])
        return dict(cursor.fetchall())
