-- As in 0002, and: what lines used beyond their plans in this month and the last one that no bill of their payer covers whole yet.
CREATE OR REPLACE FUNCTION ordering_facts(wanted uuid, on_line uuid, at_place uuid, on_day date, at timestamptz) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
  made jsonb;
  who record;
  shown text[];
BEGIN
  SELECT jsonb_build_object('revision', jsonb_build_array(r.number, r.xmin::text, t.version)) INTO made FROM catalogue_revision r CROSS JOIN staff_org_tree t;
  IF at_place IS NOT NULL THEN made := made || jsonb_build_object('coverage', resource_coverage(at_place)); END IF;
  IF wanted IS NULL THEN RETURN made; END IF;
  SELECT c.org_id, c.state, c.segment, c.level, c.credit_class, c.credit_limit, c.currency, c.since_on, p.id AS party_id, p.kind, p.state AS party_state, p.birth_on
    INTO who FROM party_customer c JOIN party_party p ON p.id = c.party_id WHERE c.id = wanted;
  IF NOT FOUND THEN RETURN NULL; END IF;
  SELECT array_agg(left(m.value, -8) || '****' || right(m.value, 4)) INTO shown
    FROM party_contact_medium m WHERE m.party_id = who.party_id AND m.kind IN ('mobile', 'phone') AND m.valid_until IS NULL;
  RETURN made || jsonb_build_object(
    'org', who.org_id, 'state', who.state, 'segment', who.segment, 'level', who.level, 'credit_class', who.credit_class,
    'credit_limit', who.credit_limit::text, 'currency', who.currency, 'kind', who.kind, 'verified', who.party_state = 'validated',
    'months', greatest(0, (extract(year FROM age(on_day, who.since_on)) * 12 + extract(month FROM age(on_day, who.since_on)))::int),
    'age', extract(year FROM age(on_day, who.birth_on))::int,
    'documents', (SELECT coalesce(jsonb_agg(DISTINCT i.kind), '[]') FROM party_identity_document i
      WHERE i.party_id = who.party_id AND i.valid_until IS NULL AND (i.expires_on IS NULL OR i.expires_on >= on_day)),
    'listed', (SELECT coalesce(jsonb_agg(jsonb_build_object('cause', h.cause, 'effect', h.effect, 'level', h.level)), '[]')
      FROM party_blacklist_hits(who.party_id, '{}', at) h),
    'phone_entries', ordering_phone_entries(shown, at), 'phones', (SELECT coalesce(jsonb_agg(m.value), '[]') FROM party_contact_medium m
      WHERE m.party_id = who.party_id AND m.kind IN ('mobile', 'phone') AND m.valid_until IS NULL),
    'lines', (SELECT coalesce(jsonb_agg(jsonb_build_array(n.kind, n.lines) ORDER BY n.kind), '[]') FROM inventory_lines_on_document(who.party_id) n),
    'debts', (SELECT coalesce(jsonb_agg(jsonb_build_object('account', a.account_no, 'owed', a.owed::text, 'currency', a.currency,
        'overdue', (SELECT coalesce(sum(b.total - b.paid), 0)::text FROM account_bill b WHERE b.account_id = a.id AND b.due_on < on_day AND b.state <> 'settled'))
        ORDER BY a.account_no), '[]')
      FROM account_billing_account a WHERE a.customer_id = wanted AND a.owed > 0),
    'unbilled', (SELECT coalesce(sum(u.charged), 0)::text
      FROM inventory_subscriber s
      JOIN inventory_usage_month u ON u.subscriber_id = s.id AND u.charged > 0 AND u.month_at <= at
        AND u.month_at >= (date_trunc('month', at AT TIME ZONE 'UTC') - interval '1 month') AT TIME ZONE 'UTC'
      LEFT JOIN inventory_payer y ON y.subscriber_id = s.id AND y.charge_type = '*' AND y.priority = 1 AND y.valid_until IS NULL
      WHERE s.customer_id = wanted AND NOT EXISTS (SELECT FROM account_bill b WHERE b.account_id = y.account_id
        AND b.period_until >= ((u.month_at AT TIME ZONE 'UTC') + interval '1 month')::date)),
    'held', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'code', o.code, 'kind', o.kind, 'version', o.version, 'zh', o.name_zh, 'en', o.name_en,
        'phase', coalesce(f.phase, 'held'), 'line', d.subscriber_id, 'fee', d.monthly_fee::text, 'currency', d.currency, 'started_on', d.started_on,
        'contract_until', d.contract_until, 'account', y.account_id,
        'term', CASE WHEN d.contract_until > on_day THEN (
          SELECT jsonb_build_object('code', t.code, 'months', t.months, 'kind', t.penalty_kind, 'percent', t.penalty_percent::text,
            'amount', t.penalty_amount::text, 'floor', t.floor_amount::text)
          FROM catalogue_term t WHERE t.offering_id = d.offering_id AND (t.code = d.characteristics ->> 'term' OR t."default")
          ORDER BY t.code = d.characteristics ->> 'term' DESC NULLS LAST LIMIT 1) END,
        'benefits', (SELECT coalesce(jsonb_agg(jsonb_build_array(b.amount::text, b.contract_from, b.contract_until) ORDER BY b.id), '[]')
          FROM catalogue_benefit_given b JOIN catalogue_promotion_grant g ON g.id = b.grant_id AND g.state = 'used'
          WHERE b.product_id = d.id AND b.contract_until > on_day)) ORDER BY d.id), '[]')
      FROM inventory_product d JOIN catalogue_offering o ON o.id = d.offering_id
      LEFT JOIN ordering_in_flight(wanted) f ON f.product_id = d.id
      LEFT JOIN inventory_payer y ON y.subscriber_id = d.subscriber_id AND y.charge_type = '*' AND y.priority = 1 AND y.valid_until IS NULL
      WHERE d.customer_id = wanted AND d.state NOT IN ('terminated', 'aborted', 'cancelled')),
    'own_line', on_line IS NULL OR EXISTS (SELECT FROM inventory_subscriber s WHERE s.id = on_line AND s.customer_id = wanted
      AND s.state NOT IN ('terminated', 'aborted', 'cancelled')),
    'features', (SELECT s.characteristics -> 'device_features' FROM inventory_subscriber s WHERE s.id = on_line AND s.customer_id = wanted));
END $$;
