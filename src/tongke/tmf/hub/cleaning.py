"""What is delivered goes: deliveries behind their line's position, notices that nobody waits for, old dead letters."""

from __future__ import annotations

from django.db import connection, transaction

from tongke.kernel.actor import acting
from tongke.tmf.hub.fan_out import HUB
from tongke.tmf.hub.policy import Policy

ROWS_MAX = 20_000
DELIVERED = """
DELETE FROM tmf_delivery WHERE id IN (
  SELECT d.id FROM tmf_course c CROSS JOIN LATERAL (
    SELECT id FROM tmf_delivery d WHERE d.subscription_id = c.subscription_id AND d.id <= c.position AND d.dead_at IS NULL ORDER BY id LIMIT %s) d)
"""
# A subscription that ended leaves what still waited for it; a deleted one leaves everything.
ENDED = """
DELETE FROM tmf_delivery WHERE id IN (
  SELECT d.id FROM tmf_delivery d LEFT JOIN tmf_subscription s ON s.id = d.subscription_id
  WHERE s.id IS NULL OR (s.state = 'ended' AND d.dead_at IS NULL) LIMIT %s)
"""
DEAD_LONG = "DELETE FROM tmf_delivery WHERE dead_at < clock_timestamp() - make_interval(days => %s)"
UNWANTED = """
DELETE FROM tmf_notice WHERE id IN (
  SELECT n.id FROM tmf_notice n WHERE NOT EXISTS (SELECT FROM tmf_delivery d WHERE d.notice_id = n.id) ORDER BY n.id LIMIT %s)
"""


def clean(*, policy: Policy) -> int:
    """Remove what is no longer needed, some rows at a time; return how many deliveries and notices went."""
    gone = 0
    with acting(HUB), transaction.atomic(), connection.cursor() as cursor:
        for statement, value in ((DELIVERED, ROWS_MAX), (ENDED, ROWS_MAX), (DEAD_LONG, policy.dead_days), (UNWANTED, ROWS_MAX)):
            cursor.execute(statement, [value])
            gone += cursor.rowcount
    return gone
