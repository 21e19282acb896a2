"""What this room shows of a customer in the 360: SQL expressions over ``c`` (the customer) and ``p`` (the party)."""

from __future__ import annotations

LINES = """
(SELECT coalesce(jsonb_agg(to_jsonb(s) ORDER BY s.ended_on NULLS FIRST, s.activated_on), '[]') FROM (
    SELECT s.id, s.kind, tongke_mask_phone(s.service_number, tongke_clear('phone')) AS service_number, s.state,
           s.activated_on, s.ended_on, s.end_reason, s.characteristics,
           (SELECT coalesce(jsonb_agg(jsonb_build_object('role', r.role, 'party_id', r.party_id,
                     'name', tongke_mask_name(rp.name, tongke_clear('name')), 'since', r.valid_from) ORDER BY r.role), '[]')
            FROM inventory_subscriber_role r LEFT JOIN party_party rp ON rp.id = r.party_id
            WHERE r.subscriber_id = s.id AND r.valid_until IS NULL) AS roles,
           (SELECT coalesce(jsonb_agg(jsonb_build_object('account_id', y.account_id, 'account_no', a.account_no,
                     'charge_type', y.charge_type, 'limit', y.limit_amount) ORDER BY y.priority), '[]')
            FROM inventory_payer y LEFT JOIN account_billing_account a ON a.id = y.account_id
            WHERE y.subscriber_id = s.id AND y.valid_until IS NULL) AS payers
    FROM inventory_subscriber s WHERE s.customer_id = c.id ORDER BY s.ended_on NULLS FIRST, s.activated_on LIMIT 200) s)
"""

PRODUCTS = """
(SELECT coalesce(jsonb_agg(to_jsonb(d) ORDER BY d.ended_on NULLS FIRST, d.started_on), '[]') FROM (
    SELECT d.id, d.subscriber_id, d.state, o.code, o.version, o.kind, o.name_zh, o.name_en, d.monthly_fee, d.currency,
           d.contract_until, d.started_on, d.ended_on, d.characteristics
    FROM inventory_product d JOIN catalogue_offering o ON o.id = d.offering_id
    WHERE d.customer_id = c.id ORDER BY d.ended_on NULLS FIRST, d.started_on LIMIT 200) d)
"""

# Six months over all lines of the customer: the index is (subscriber, month), one short range a line and month.
USAGE = """
(SELECT coalesce(jsonb_agg(to_jsonb(u) ORDER BY u.month), '[]') FROM (
    SELECT to_char(u.month_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, sum(u.voice_seconds)::bigint AS voice_seconds,
           sum(u.sms_count)::bigint AS sms_count, sum(u.data_bytes)::bigint AS data_bytes,
           sum(u.roaming_bytes)::bigint AS roaming_bytes, sum(u.faults)::int AS faults, sum(u.charged) AS charged
    FROM inventory_subscriber s JOIN inventory_usage_month u ON u.subscriber_id = s.id
    WHERE s.customer_id = c.id GROUP BY u.month_at ORDER BY u.month_at DESC LIMIT 6) u)
"""

PANELS: dict[str, str] = {"lines": LINES, "products": PRODUCTS, "usage": USAGE}
