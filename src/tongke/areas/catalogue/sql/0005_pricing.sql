-- A promotion's quota is the operator's, whoever gives a share: a clerk of one network moves the group's counter by these alone.

-- Takes one share for a customer, or says why not: sold_out, customer_full, key_taken, beyond_scope. The same key again gives the
-- same share; one that was released is taken anew. Holders of a limited promotion take turns on its row; of one without a
-- limit only the shares of one customer do. Shares whose time is over are taken back when the quota is used up.
CREATE FUNCTION catalogue_hold_promotion(wanted uuid, wanted_key text, customer uuid, org int, actor text, expires timestamptz, at_ timestamptz)
RETURNS TABLE (outcome text, share uuid) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE p catalogue_promotion; held catalogue_promotion_grant; freed int;
BEGIN
  IF NOT (tongke_sees_all() OR org = ANY (tongke_scope())) THEN RETURN QUERY SELECT 'beyond_scope'::text, NULL::uuid; RETURN; END IF;
  SELECT * INTO p FROM catalogue_promotion WHERE id = wanted;
  IF p.quota_total IS NULL THEN
    PERFORM pg_advisory_xact_lock(hashtext('catalogue_promotion' || wanted), hashtext(customer::text));
  ELSE
    PERFORM FROM catalogue_promotion WHERE id = wanted FOR NO KEY UPDATE;
  END IF;
  SELECT * INTO held FROM catalogue_promotion_grant g WHERE g.promotion_id = wanted AND g.key = wanted_key FOR UPDATE;
  IF FOUND AND (held.customer_id <> customer OR held.org_id <> org) THEN RETURN QUERY SELECT 'key_taken'::text, NULL::uuid; RETURN; END IF;
  IF held.state = 'used' THEN RETURN QUERY SELECT 'used'::text, held.id; RETURN; END IF;
  IF held.state = 'held' THEN
    UPDATE catalogue_promotion_grant g SET expires_at = greatest(g.expires_at, expires), changed_at = at_ WHERE g.id = held.id;
    RETURN QUERY SELECT 'held'::text, held.id; RETURN;
  END IF;
  IF (SELECT count(*) FROM catalogue_promotion_grant g WHERE g.promotion_id = wanted AND g.customer_id = customer
      AND (g.state = 'used' OR (g.state = 'held' AND g.expires_at > at_))) >= p.quota_per_customer THEN
    RETURN QUERY SELECT 'customer_full'::text, NULL::uuid; RETURN;
  END IF;
  IF p.quota_total IS NOT NULL THEN
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

-- Takes back the shares of a promotion whose holding time is over and gives how many; one that is being used at this moment is left alone.
CREATE FUNCTION catalogue_reclaim_shares(wanted uuid, at_ timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE freed int;
BEGIN
  PERFORM FROM catalogue_promotion WHERE id = wanted FOR NO KEY UPDATE;
  WITH over AS (
    SELECT g.id FROM catalogue_promotion_grant g
    WHERE g.promotion_id = wanted AND g.state = 'held' AND g.expires_at <= at_ FOR UPDATE SKIP LOCKED
  ), gone AS (
    UPDATE catalogue_promotion_grant g SET state = 'released', changed_at = at_ FROM over WHERE g.id = over.id RETURNING g.id
  ), told AS (
    INSERT INTO kernel_state_change (id, machine, subject_id, verb, from_state, to_state, reason, actor, at)
    SELECT tongke_uuid7(), 'promotion_grant', gone.id, 'release', 'held', 'released', 'expired', coalesce(current_setting('tongke.actor', true), ''), at_ FROM gone
    RETURNING 1
  ) SELECT count(*) INTO freed FROM told;
  UPDATE catalogue_promotion SET used = used - freed WHERE id = wanted AND quota_total IS NOT NULL AND freed > 0;
  RETURN freed;
END $$;

-- Locks a limited promotion's counter: whoever gives a share back takes this lock before the share's own.
CREATE FUNCTION catalogue_lock_promotion(wanted uuid) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT FROM catalogue_promotion WHERE id = wanted AND quota_total IS NOT NULL FOR NO KEY UPDATE $$;

-- Counts one share of a limited promotion as given back; the caller has moved the share to released in the same transaction.
CREATE FUNCTION catalogue_give_back_share(wanted uuid) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ UPDATE catalogue_promotion SET used = used - 1 WHERE id = wanted AND quota_total IS NOT NULL $$;

-- 财税〔2016〕36号 (from 2016-05-01), 财税〔2018〕32号 (from 2018-05-01), 财政部 税务总局 海关总署公告2019年第39号 (from 2019-04-01).
INSERT INTO catalogue_tax_rate (id, org_id, category, name_zh, name_en, percent, valid_from, valid_until)
SELECT tongke_uuid7(), 1, category, name_zh, name_en, percent, begins::timestamptz, ends::timestamptz FROM (VALUES
  ('basic_telecom', '基础电信服务', 'Basic telecom services', 11, '2016-05-01 00:00+08', '2018-05-01 00:00+08'),
  ('basic_telecom', '基础电信服务', 'Basic telecom services', 10, '2018-05-01 00:00+08', '2019-04-01 00:00+08'),
  ('basic_telecom', '基础电信服务', 'Basic telecom services', 9, '2019-04-01 00:00+08', NULL),
  ('value_added_telecom', '增值电信服务', 'Value-added telecom services', 6, '2016-05-01 00:00+08', NULL),
  ('goods', '货物', 'Goods', 17, '2016-05-01 00:00+08', '2018-05-01 00:00+08'),
  ('goods', '货物', 'Goods', 16, '2018-05-01 00:00+08', '2019-04-01 00:00+08'),
  ('goods', '货物', 'Goods', 13, '2019-04-01 00:00+08', NULL)
) AS rate(category, name_zh, name_en, percent, begins, ends)
ON CONFLICT DO NOTHING;
