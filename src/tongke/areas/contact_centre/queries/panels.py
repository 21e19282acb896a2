"""What this room shows of a customer in the 360: SQL expressions over ``c`` (the customer) and ``p`` (the party)."""

from __future__ import annotations

# Contacts and announced facts in one line of time, the newest fifty. Each branch is cut before the union,
# so that a customer with thousands of contacts costs no more than one with fifty.
TIMELINE = """
(SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.at DESC), '[]') FROM (
    (SELECT i.occurred_at AS at, 'contact' AS source, i.id, i.channel, i.direction, i.kind, i.subject AS text, i.staff_name AS who,
            i.reference, i.duration_seconds
     FROM contact_centre_interaction i WHERE i.customer_id = c.id ORDER BY i.occurred_at DESC LIMIT 50)
    UNION ALL
    (SELECT e.occurred_at, 'event', e.id, '', '', 'event', e.name, e.actor, '', NULL
     FROM kernel_outbox e WHERE e.customer_id = c.id AND e.name <> 'contact_centre.contact_recorded.v1' ORDER BY e.occurred_at DESC LIMIT 50)
    ORDER BY at DESC LIMIT 50) t)
"""

PANELS: dict[str, str] = {"timeline": TIMELINE}
