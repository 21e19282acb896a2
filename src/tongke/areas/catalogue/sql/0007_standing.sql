-- Versions stand (0004) in the two ways that were still open: what stands does not become a draft again, by whose state its
-- rows could be written, and no row leaves a version that stands for a draft.
CREATE OR REPLACE FUNCTION catalogue_version_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free text[] := ARRAY['state', 'valid_until', 'changed_at'] || TG_ARGV;
BEGIN
  IF catalogue_is_draft(OLD.state) THEN RETURN coalesce(NEW, OLD); END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'version % of % stands and cannot be deleted', OLD.version, OLD.code USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.state = 'active' THEN free := free || 'valid_from'::text; END IF;
  IF catalogue_is_draft(NEW.state) OR to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free THEN
    RAISE EXCEPTION 'version % of % stands and cannot be changed', OLD.version, OLD.code USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION catalogue_part_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held text; parent uuid; parents uuid[] := '{}';
BEGIN
  IF TG_OP <> 'INSERT' THEN parents := parents || (to_jsonb(OLD) ->> TG_ARGV[1])::uuid; END IF;
  IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR (to_jsonb(NEW) ->> TG_ARGV[1])::uuid IS DISTINCT FROM parents[1]) THEN
    parents := parents || (to_jsonb(NEW) ->> TG_ARGV[1])::uuid;
  END IF;
  FOREACH parent IN ARRAY parents LOOP
    IF TG_ARGV[0] = 'catalogue_price' THEN
      SELECT o.state INTO held FROM catalogue_price p JOIN catalogue_offering o ON o.id = p.offering_id WHERE p.id = parent;
    ELSE
      EXECUTE format('SELECT state FROM %I WHERE id = $1', TG_ARGV[0]) INTO held USING parent;
    END IF;
    IF held IS NOT NULL AND NOT catalogue_is_draft(held) THEN
      RAISE EXCEPTION 'the version that this row of % belongs to stands and cannot be changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END LOOP;
  RETURN coalesce(NEW, OLD);
END $$;

-- As in 0005, and: a share whose time is over no longer keeps its customer's place. Held on under its key it asks for one
-- again, so that nobody gets two shares of a quota of one by letting the first run out. The operator's counter still has it.
-- A promotion is given to customers of its organisation and of those below.
CREATE OR REPLACE FUNCTION catalogue_hold_promotion(wanted uuid, wanted_key text, customer uuid, org int, actor text, expires timestamptz, at_ timestamptz)
RETURNS TABLE (outcome text, share uuid) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE p catalogue_promotion; held catalogue_promotion_grant; freed int;
BEGIN
  IF NOT (tongke_sees_all() OR org = ANY (tongke_scope())) THEN RETURN QUERY SELECT 'beyond_scope'::text, NULL::uuid; RETURN; END IF;
  SELECT * INTO p FROM catalogue_promotion WHERE id = wanted;
  IF p.org_id <> 1 AND NOT EXISTS (SELECT FROM staff_org o JOIN staff_org g ON o.path ^@ g.path WHERE o.id = org AND g.id = p.org_id) THEN
    RETURN QUERY SELECT 'beyond_scope'::text, NULL::uuid; RETURN;
  END IF;
  IF p.quota_total IS NULL THEN
    PERFORM pg_advisory_xact_lock(hashtext('catalogue_promotion' || wanted), hashtext(customer::text));
  ELSE
    PERFORM FROM catalogue_promotion WHERE id = wanted FOR NO KEY UPDATE;
  END IF;
  SELECT * INTO held FROM catalogue_promotion_grant g WHERE g.promotion_id = wanted AND g.key = wanted_key FOR UPDATE;
  IF FOUND AND (held.customer_id <> customer OR held.org_id <> org) THEN RETURN QUERY SELECT 'key_taken'::text, NULL::uuid; RETURN; END IF;
  IF held.state = 'used' THEN RETURN QUERY SELECT 'used'::text, held.id; RETURN; END IF;
  IF held.state = 'held' AND held.expires_at > at_ THEN
    UPDATE catalogue_promotion_grant g SET expires_at = greatest(g.expires_at, expires), changed_at = at_ WHERE g.id = held.id;
    RETURN QUERY SELECT 'held'::text, held.id; RETURN;
  END IF;
  IF (SELECT count(*) FROM catalogue_promotion_grant g WHERE g.promotion_id = wanted AND g.customer_id = customer
      AND (g.state = 'used' OR (g.state = 'held' AND g.expires_at > at_))) >= p.quota_per_customer THEN
    RETURN QUERY SELECT 'customer_full'::text, NULL::uuid; RETURN;
  END IF;
  IF p.quota_total IS NOT NULL AND held.state IS DISTINCT FROM 'held' THEN
    UPDATE catalogue_promotion q SET used = q.used + 1 WHERE q.id = wanted AND q.used < q.quota_total;
    IF NOT FOUND THEN
      freed := catalogue_reclaim_shares(wanted, at_);
      UPDATE catalogue_promotion q SET used = q.used + 1 WHERE q.id = wanted AND freed > 0 AND q.used < q.quota_total;
      IF NOT FOUND THEN RETURN QUERY SELECT 'sold_out'::text, NULL::uuid; RETURN; END IF;
    END IF;
  END IF;
  RETURN QUERY INSERT INTO catalogue_promotion_grant AS g
      (id, org_id, promotion_id, customer_id, key, state, granted_by, granted_at, expires_at, changed_at)
    VALUES (tongke_uuid7(), org, wanted, customer, wanted_key, 'held', actor, at_, expires, at_)
    ON CONFLICT (promotion_id, key) DO UPDATE SET state = 'held', granted_by = actor, granted_at = at_, expires_at = expires, changed_at = at_
    RETURNING 'held'::text, g.id;
END $$;
