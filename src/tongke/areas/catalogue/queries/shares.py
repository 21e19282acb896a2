"""Whether a promotion's quota has room for a customer at this moment: what the kept promotions do not know."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection

from tongke.areas.catalogue.rules.pricing.benefits import Promotion

_LEFT = """
SELECT p.id::text FROM catalogue_promotion p WHERE p.id = ANY (%(ids)s::uuid[])
AND (p.quota_total IS NULL OR p.used < p.quota_total
  OR EXISTS (SELECT FROM catalogue_promotion_grant g WHERE g.promotion_id = p.id AND g.state = 'held' AND g.expires_at <= %(at)s))
AND (p.quota_per_customer IS NULL OR p.quota_per_customer > (SELECT count(*) FROM catalogue_promotion_grant g
  WHERE g.customer_id = %(customer)s AND g.promotion_id = p.id AND (g.state = 'used' OR (g.state = 'held' AND g.expires_at > %(at)s))))
"""


def promotions_left(promotions: Collection[Promotion], customer_id: UUID, *, at: datetime) -> list[Promotion]:
    """Return those promotions of which the customer could be given a share now; asks the database only where one has a quota."""
    bound = {p.id for p in promotions if p.quota_total is not None or p.quota_per_customer is not None}
    if not bound:
        return list(promotions)
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, {"ids": sorted(bound), "customer": customer_id, "at": at})
        left = {row[0] for row in cursor.fetchall()}
    return [p for p in promotions if p.id not in bound or p.id in left]
