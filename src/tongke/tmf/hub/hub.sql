-- Every event of the outbox is laid before the hub in the transaction that wrote it. A queue and no position over the
-- outbox: what commits late is found late, but found; and a long transaction holds up nobody else's events.
CREATE FUNCTION tongke_hub_take() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO tmf_inbox (event_id, occurred_at) SELECT id, occurred_at FROM new_rows;
  RETURN NULL;
END $$;
CREATE TRIGGER hub_take AFTER INSERT ON kernel_outbox REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tongke_hub_take();

CREATE SEQUENCE tmf_notice_number;
-- One owner, one callback, one query: subscribed once. Both texts may be longer than an index takes.
CREATE UNIQUE INDEX tmf_subscription_once ON tmf_subscription (coalesce(client_id, staff_id), api, coalesce(topic_id, client_id, staff_id),
  md5(callback), md5(query)) WHERE state <> 'ended';

-- Who the owner of a subscription is now: a machine client, or a person at a post. No row where nobody stands.
CREATE FUNCTION tongke_hub_owner(client uuid, person uuid, post uuid, at timestamptz)
RETURNS TABLE (name text, org_id int, base_org_id int, zone text, scope text, own text, permissions text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF client IS NOT NULL THEN
    RETURN QUERY SELECT 'client:' || r.name::text, r.org_id, r.base_org_id, r.zone::text, r.scope::text, ''::text, r.permissions::text[]
      FROM staff_client_right r WHERE r.client_id = client AND r.valid_from <= at AND (r.valid_until IS NULL OR r.valid_until > at);
  ELSE
    RETURN QUERY SELECT p.username::text, (r.document->>'org_id')::int, r.base_org_id, r.document->>'zone', r.scope::text, coalesce(r.own::text, ''),
      r.permissions::text[]
      FROM staff_post_right r JOIN staff_staff p ON p.id = r.staff_id
      WHERE r.post_id = post AND r.staff_id = person AND p.is_active AND r.valid_from <= at AND (r.valid_until IS NULL OR r.valid_until > at);
  END IF;
END $$;

-- The people who may send failed deliveries of an organisation again: they are told when a subscription stops.
CREATE FUNCTION tongke_hub_watchers(org int, at timestamptz) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT r.staff_id FROM staff_post_right r JOIN staff_staff p ON p.id = r.staff_id
  WHERE p.is_active AND 'integration.replay' = ANY (r.permissions) AND r.valid_from <= at AND (r.valid_until IS NULL OR r.valid_until > at)
    AND (r.scope = '*' OR org = ANY (string_to_array(nullif(r.scope, ''), ',')::int[]))
$$;

-- These tables are filled and emptied all day: cleaned early, so that the head of a line is never behind dead rows.
ALTER TABLE tmf_inbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
ALTER TABLE tmf_delivery SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
ALTER TABLE tmf_notice SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
ALTER TABLE tmf_course SET (fillfactor = 40, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
