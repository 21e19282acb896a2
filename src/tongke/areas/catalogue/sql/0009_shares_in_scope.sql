-- Shares are given back by those in whose scope they lie, as every other row is changed; the counters alone are nobody's to move.
REVOKE EXECUTE ON FUNCTION catalogue_lock_promotion(uuid), catalogue_give_back_share(uuid), catalogue_reclaim_shares(uuid, timestamptz) FROM PUBLIC;

-- Takes back the shares of a promotion whose holding time is over and gives how many: those of some organisations, or all (orgs is
-- null). One that is being used at this moment is left alone.
CREATE FUNCTION catalogue_reclaim_among(wanted uuid, at_ timestamptz, orgs int[]) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE freed int;
BEGIN
  PERFORM FROM catalogue_promotion WHERE id = wanted FOR NO KEY UPDATE;
  WITH over AS (
    SELECT g.id FROM catalogue_promotion_grant g
    WHERE g.promotion_id = wanted AND g.state = 'held' AND g.expires_at <= at_ AND (orgs IS NULL OR g.org_id = ANY (orgs)) FOR UPDATE SKIP LOCKED
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
REVOKE EXECUTE ON FUNCTION catalogue_reclaim_among(uuid, timestamptz, int[]) FROM PUBLIC;

-- Whoever needs a share of a quota that is used up takes back what ran out, wherever it was held: catalogue_hold_promotion alone calls this.
CREATE OR REPLACE FUNCTION catalogue_reclaim_shares(wanted uuid, at_ timestamptz) RETURNS int
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT catalogue_reclaim_among(wanted, at_, NULL) $$;

-- Takes back what ran out in the asker's organisations.
CREATE FUNCTION catalogue_reclaim_own_shares(wanted uuid, at_ timestamptz) RETURNS int
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT catalogue_reclaim_among(wanted, at_, CASE WHEN tongke_sees_all() THEN NULL ELSE coalesce(tongke_scope(), '{}') END) $$;

-- Gives a share back, held or used, and counts it as free; a share that is given back already changes nothing. Tells whether there
-- was one in the asker's scope. The counter's lock comes before the share's own, as in catalogue_hold_promotion.
CREATE FUNCTION catalogue_return_share(share uuid, reason_ text, actor_ text, at_ timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE held catalogue_promotion_grant;
BEGIN
  SELECT * INTO held FROM catalogue_promotion_grant WHERE id = share AND (tongke_sees_all() OR org_id = ANY (tongke_scope()));
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM catalogue_lock_promotion(held.promotion_id);
  SELECT * INTO held FROM catalogue_promotion_grant WHERE id = share FOR UPDATE;
  IF held.state = 'released' THEN RETURN true; END IF;
  UPDATE catalogue_promotion_grant SET state = 'released', changed_at = at_ WHERE id = share;
  INSERT INTO kernel_state_change (id, machine, subject_id, verb, from_state, to_state, reason, actor, at)
  VALUES (tongke_uuid7(), 'promotion_grant', share, CASE held.state WHEN 'held' THEN 'release' ELSE 'take_back' END, held.state, 'released', reason_, actor_, at_);
  PERFORM catalogue_give_back_share(held.promotion_id);
  RETURN true;
END $$;
