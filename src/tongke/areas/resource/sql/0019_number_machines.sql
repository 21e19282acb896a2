-- A machine client (the web shop, a partner's system) sells for many: no clerk's quota binds it, nor do its calls wait for
-- one another. Whom it sells to is bound by the quota of persons as ever.
CREATE OR REPLACE FUNCTION resource_hold_number(
  wanted uuid[], in_pool uuid, of_grade text, for_channel text, for_order text, clerk_ text, person text, request text, minutes int, at_ timestamptz,
  OUT outcome text, OUT hold uuid, OUT number_ text, OUT until timestamptz, OUT pool uuid, OUT org int, OUT grade_ text, OUT state_ text, OUT most int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  counted boolean := position(':' IN clerk_) = 0;  -- client:…, system:… are no persons at a counter
  n resource_number; p resource_number_pool; h resource_number_hold; figures jsonb; start int; chosen uuid;
BEGIN
  -- One clerk's holds come one after the other, and one person's: so that a quota holds however many come at once.
  IF counted THEN PERFORM pg_advisory_xact_lock(7302, hashtext(clerk_));
  ELSIF request IS NOT NULL THEN PERFORM pg_advisory_xact_lock(7304, hashtext(clerk_ || ' ' || request));
  END IF;
  IF person <> '' THEN PERFORM pg_advisory_xact_lock(7303, hashtext(person)); END IF;
  IF request IS NOT NULL THEN
    SELECT * INTO h FROM resource_number_hold x WHERE x.clerk = clerk_ AND x.request_key = request;
    IF FOUND THEN
      outcome := CASE WHEN h.order_ref = for_order AND (cardinality(wanted) <> 1 OR h.number_id = wanted[1]) THEN 'repeated' ELSE 'key_reused' END;
      hold := h.id; number_ := h.number; until := h.expires_at; pool := h.pool_id; org := h.org_id; grade_ := h.grade;
      RETURN;
    END IF;
  END IF;
  IF in_pool IS NOT NULL THEN
    SELECT * INTO p FROM resource_number_pool x WHERE x.id = in_pool;
    IF p.id IS NULL OR NOT resource_in_scope(p.org_id) THEN outcome := 'unknown'; RETURN; END IF;
  END IF;
  IF cardinality(wanted) = 1 THEN
    SELECT * INTO n FROM resource_number x WHERE x.id = wanted[1] AND (in_pool IS NULL OR x.pool_id = in_pool) FOR UPDATE;
    IF n.id IS NULL OR NOT resource_in_scope(n.org_id) THEN outcome := 'unknown'; RETURN; END IF;
    number_ := n.number; state_ := n.state;
    IF NOT (n.state = 'free' OR (n.state = 'held' AND n.held_until <= at_)) THEN outcome := 'not_free'; RETURN; END IF;
    IF n.pool_id IS NULL THEN outcome := 'no_pool'; RETURN; END IF;
    SELECT * INTO p FROM resource_number_pool x WHERE x.id = n.pool_id;
  ELSIF cardinality(wanted) > 1 THEN
    SELECT x.id INTO chosen FROM unnest(wanted) WITH ORDINALITY w (id, place) JOIN resource_number x ON x.id = w.id
    JOIN resource_number_pool q ON q.id = x.pool_id
    WHERE (x.state = 'free' OR (x.state = 'held' AND x.held_until <= at_)) AND (in_pool IS NULL OR x.pool_id = in_pool) AND resource_in_scope(x.org_id)
      AND (q.channels = '{}' OR for_channel = ANY (q.channels)) AND q.valid_from <= at_ AND (q.valid_until IS NULL OR at_ < q.valid_until)
    ORDER BY w.place LIMIT 1 FOR UPDATE OF x SKIP LOCKED;
    IF chosen IS NULL THEN outcome := 'none_left'; RETURN; END IF;
    SELECT * INTO n FROM resource_number x WHERE x.id = chosen;
    SELECT * INTO p FROM resource_number_pool x WHERE x.id = n.pool_id;
  END IF;
  pool := p.id; org := p.org_id;
  IF NOT (p.valid_from <= at_ AND (p.valid_until IS NULL OR at_ < p.valid_until)) THEN outcome := 'pool_closed'; RETURN; END IF;
  IF NOT (p.channels = '{}' OR for_channel = ANY (p.channels)) THEN outcome := 'wrong_channel'; RETURN; END IF;
  figures := resource_policy_at(at_, p.org_id);
  most := (figures->>'number_holds_per_clerk_max')::int;
  IF counted AND (SELECT count(*) FROM resource_number_hold x WHERE x.clerk = clerk_ AND x.state = 'open' AND x.expires_at > at_) >= most THEN
    outcome := 'clerk_quota'; RETURN;
  END IF;
  most := (figures->>'number_holds_per_person_max')::int;
  IF person <> '' AND (SELECT count(*) FROM resource_number_hold x WHERE x.person_key = person AND x.person_key <> '' AND x.state = 'open' AND x.expires_at > at_) >= most THEN
    outcome := 'person_quota'; RETURN;
  END IF;
  IF n.id IS NULL THEN
    start := (random() * 2147483647)::int;
    SELECT * INTO n FROM resource_number x WHERE x.pool_id = in_pool AND x.state = 'free' AND x.grade = of_grade AND x.spread >= start
      ORDER BY x.spread LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF n.id IS NULL THEN
      SELECT * INTO n FROM resource_number x WHERE x.pool_id = in_pool AND x.state = 'free' AND x.grade = of_grade AND x.spread < start
        ORDER BY x.spread LIMIT 1 FOR UPDATE SKIP LOCKED;
    END IF;
    IF n.id IS NULL THEN
      SELECT * INTO n FROM resource_number x WHERE x.pool_id = in_pool AND x.state = 'held' AND x.held_until <= at_ AND x.grade = of_grade
        ORDER BY x.held_until LIMIT 1 FOR UPDATE SKIP LOCKED;
    END IF;
    IF n.id IS NULL THEN outcome := 'pool_empty'; RETURN; END IF;
  END IF;
  IF n.state = 'held' THEN PERFORM resource_end_expired(n, clerk_, at_); END IF;
  outcome := 'held'; hold := tongke_uuid7(); number_ := n.number; grade_ := n.grade; state_ := 'held';
  until := at_ + make_interval(mins => least(coalesce(minutes, 2147483647), (figures->>'number_hold_minutes')::int));
  UPDATE resource_number SET state = 'held', hold_id = hold, held_until = until, order_ref = for_order, since = at_, changed_at = at_ WHERE id = n.id;
  INSERT INTO resource_number_hold (id, org_id, number_id, number, pool_id, order_ref, clerk, person_key, channel, request_key, state, extensions,
    held_at, expires_at, grade, graded_by)
  VALUES (hold, n.org_id, n.id, n.number, n.pool_id, for_order, clerk_, person, for_channel, request, 'open', 0, at_, until, n.grade, n.graded_by);
  INSERT INTO resource_number_move (number_id, at, org_id, pool_id, verb, from_state, to_state, hold_id, order_ref, actor)
  VALUES (n.id, at_, n.org_id, n.pool_id, 'hold', 'free', 'held', hold, for_order, clerk_);
  INSERT INTO kernel_outbox (occurred_at, id, name, org_id, subject_id, actor, payload)
  VALUES (at_, tongke_uuid7(), 'resource.number_held.v1', n.org_id, n.id, clerk_, jsonb_build_object(
    'subject_id', n.id, 'customer_id', NULL, 'org_id', n.org_id, 'number', n.number, 'pool_id', n.pool_id, 'grade', n.grade, 'hold_id', hold,
    'order_ref', for_order, 'held_until', until));
END $$;
