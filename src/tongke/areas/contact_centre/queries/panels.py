"""What this room shows of a customer in the 360: SQL expressions over ``c`` (the customer) and ``p`` (the party)."""

from __future__ import annotations

# Contacts and announced facts in one line of time, the newest fifty. Each branch is cut before the union,
# so that a customer with thousands of contacts costs no more than one with fifty. Facts keep the customer whom they
# were announced of, so those of absorbed records are asked for by their own keys.
TIMELINE = """
(SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.at DESC), '[]') FROM (
    (SELECT i.occurred_at AS at, 'contact' AS source, i.id, i.channel, i.direction, i.kind, i.subject AS text, i.staff_name AS who,
            i.staff_id, i.reference, i.duration_seconds
     FROM contact_centre_interaction i WHERE i.customer_id = c.id ORDER BY i.occurred_at DESC LIMIT 50)
    UNION ALL
    (SELECT e.occurred_at, 'event', e.id, '', '', 'event', e.name, e.actor, NULL, '', NULL
     FROM unnest(party_customer_kin(c.id)) AS kin(id) CROSS JOIN LATERAL (
       SELECT o.occurred_at, o.id, o.name, o.actor FROM kernel_outbox o
       WHERE o.customer_id = kin.id AND o.name <> 'contact_centre.contact_recorded.v1' ORDER BY o.occurred_at DESC LIMIT 50) e)
    ORDER BY at DESC LIMIT 50) t)
"""

PANELS: dict[str, str] = {"timeline": TIMELINE}
