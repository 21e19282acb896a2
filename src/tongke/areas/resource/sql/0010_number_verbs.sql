-- Every figure of policy in force at one instant for an organisation: its own, else that of the nearest level above.
CREATE FUNCTION resource_policy_at(at timestamptz, org int) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE levels int[] := ARRAY[1] || coalesce(
  (SELECT array_remove(string_to_array(trim(BOTH '/' FROM o.path), '/')::int[], 1) FROM staff_org o WHERE o.id = org), '{}');
BEGIN
  RETURN (SELECT jsonb_object_agg(name, value) FROM (
    SELECT DISTINCT ON (p.name) p.name, p.value FROM resource_policy p
    WHERE p.org_id = ANY (levels) AND p.valid_from <= at AND (p.valid_until IS NULL OR at < p.valid_until)
    ORDER BY p.name, array_position(levels, p.org_id) DESC) AS nearest);
END $$;

-- The version of the grades that holds for an organisation at an instant: its own, else that of the nearest level above.
CREATE FUNCTION resource_schedule_at(at timestamptz, org int) RETURNS int LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.id FROM resource_grade_schedule s
  JOIN unnest(ARRAY[1] || coalesce((SELECT string_to_array(trim(BOTH '/' FROM o.path), '/')::int[] FROM staff_org o WHERE o.id = org), '{}'))
    WITH ORDINALITY AS level (org, depth) ON level.org = s.org_id
  WHERE s.state = 'released' AND s.valid_from <= at AND (s.valid_until IS NULL OR at < s.valid_until)
  ORDER BY level.depth DESC, s.valid_from DESC LIMIT 1
$$;

-- The verbs below step over row-level security, for a quota counts what a clerk or a person holds anywhere and a hold is
-- one trip to the database; each asks first whether the organisation is in the actor's scope.
CREATE FUNCTION resource_in_scope(org int) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT tongke_sees_all() OR org = ANY (tongke_scope())
$$;

CREATE FUNCTION resource_note_move(n resource_number, verb text, from_state text, to_state text, hold uuid, reason text, actor text, at timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO resource_number_move (number_id, at, org_id, pool_id, verb, from_state, to_state, hold_id, assigned_to, order_ref, reason, actor)
  VALUES (n.id, at, n.org_id, n.pool_id, verb, from_state, to_state, hold, n.assigned_to, n.order_ref, reason, actor)
$$;

-- A hold that is over gives way: its row says so, and the number's history.
CREATE FUNCTION resource_end_expired(n resource_number, actor text, at_ timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE resource_number_hold SET state = 'expired', ended_at = expires_at WHERE id = n.hold_id AND state = 'open';
  PERFORM resource_note_move(n, 'let_go', 'held', 'free', n.hold_id, 'expired', actor, at_);
  INSERT INTO kernel_outbox (occurred_at, id, name, org_id, subject_id, actor, payload)
  VALUES (at_, tongke_uuid7(), 'resource.number_hold_ended.v1', n.org_id, n.id, actor, jsonb_build_object(
    'subject_id', n.id, 'customer_id', NULL, 'org_id', n.org_id, 'number', n.number, 'hold_id', n.hold_id, 'order_ref', n.order_ref, 'reason', 'expired'));
END $$;

-- Holds a number: the first of ``wanted`` that is to be had, or any of the pool's of one grade. One conditional claim:
-- who comes second goes on to the next candidate. The outcome is a word; nothing is written unless it is 'held'.
CREATE FUNCTION resource_hold_number(
  wanted uuid[], in_pool uuid, of_grade text, for_channel text, for_order text, clerk_ text, person text, request text, minutes int, at_ timestamptz,
  OUT outcome text, OUT hold uuid, OUT number_ text, OUT until timestamptz, OUT pool uuid, OUT org int, OUT grade_ text, OUT state_ text, OUT most int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  n resource_number; p resource_number_pool; h resource_number_hold; figures jsonb; start int; chosen uuid;
BEGIN
  -- One clerk's holds come one after the other, and one person's: so that a quota holds however many come at once.
  PERFORM pg_advisory_xact_lock(7302, hashtext(clerk_));
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
  IF (SELECT count(*) FROM resource_number_hold x WHERE x.clerk = clerk_ AND x.state = 'open' AND x.expires_at > at_) >= most THEN
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

-- Turns a hold into an assignment. Whether it has expired is decided here and now, whatever the sweeper did: a late one
-- is held anew where the number is still to be had. What the grade asks is frozen as a commitment.
CREATE FUNCTION resource_assign_number(
  token uuid, to_line uuid, for_order text, actor_ text, starts date, at_ timestamptz,
  OUT outcome text, OUT number_ text, OUT org int, OUT state_ text, OUT late boolean, OUT commitment uuid, OUT expired_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE n resource_number; h resource_number_hold; before text;
BEGIN
  late := false;
  SELECT * INTO n FROM resource_number x WHERE x.id = (SELECT y.number_id FROM resource_number_hold y WHERE y.id = token) FOR UPDATE;
  IF n.id IS NULL OR NOT resource_in_scope(n.org_id) THEN outcome := 'unknown'; RETURN; END IF;
  SELECT * INTO h FROM resource_number_hold y WHERE y.id = token FOR UPDATE;
  number_ := n.number; org := n.org_id; state_ := n.state; expired_at := h.expires_at;
  IF for_order <> '' AND h.order_ref <> '' AND for_order <> h.order_ref THEN outcome := 'other_order'; RETURN; END IF;
  IF h.state = 'confirmed' THEN
    outcome := CASE WHEN n.assigned_to = to_line THEN 'repeated' ELSE 'confirmed' END;
    SELECT c.id INTO commitment FROM resource_number_commitment c WHERE c.number_id = n.id AND c.assigned_to = to_line AND c.state = 'in_force';
    RETURN;
  END IF;
  IF h.state = 'released' THEN outcome := 'let_go'; RETURN; END IF;
  late := h.state = 'expired' OR h.expires_at <= at_;
  IF late AND NOT (n.state = 'free' OR (n.state = 'held' AND n.held_until <= at_)) THEN outcome := 'taken'; RETURN; END IF;
  IF late AND (n.grade, n.graded_by) IS DISTINCT FROM (h.grade, h.graded_by) THEN outcome := 'regraded'; RETURN; END IF;
  IF late THEN
    IF n.state = 'held' AND n.hold_id <> token THEN PERFORM resource_end_expired(n, actor_, at_); END IF;
    UPDATE resource_number SET state = 'held', hold_id = token, held_until = at_, order_ref = h.order_ref, since = at_, changed_at = at_ WHERE id = n.id;
    IF h.state = 'expired' THEN PERFORM resource_note_move(n, 'hold', 'free', 'held', token, 'late', actor_, at_); END IF;
  END IF;
  UPDATE resource_number SET state = 'assigned', hold_id = NULL, held_until = NULL, assigned_to = to_line,
    order_ref = CASE WHEN for_order <> '' THEN for_order ELSE h.order_ref END, since = at_, changed_at = at_ WHERE id = n.id RETURNING * INTO n;
  UPDATE resource_number_hold SET state = 'confirmed', ended_at = at_ WHERE id = token;
  INSERT INTO resource_number_commitment (id, org_id, number_id, number, assigned_to, schedule_id, grade, prestore, monthly_floor, currency,
    term_months, floor_while_suspended, penalty_percent, exempt_after_term, starts_on, ends_on, state, created_at, changed_at)
  SELECT tongke_uuid7(), n.org_id, n.id, n.number, to_line, g.schedule_id, g.code, g.prestore, g.monthly_floor, g.currency, g.term_months,
    g.floor_while_suspended, g.penalty_percent, g.exempt_after_term, starts, starts + make_interval(months => g.term_months), 'in_force', at_, at_
  FROM resource_grade g WHERE g.schedule_id = n.graded_by AND g.code = n.grade AND (g.term_months > 0 OR g.prestore > 0 OR g.monthly_floor > 0)
  RETURNING id INTO commitment;
  outcome := 'assigned'; state_ := 'assigned';
  PERFORM resource_note_move(n, 'assign', 'held', 'assigned', token, CASE WHEN late THEN 'late' ELSE '' END, actor_, at_);
  INSERT INTO kernel_outbox (occurred_at, id, name, org_id, subject_id, actor, payload)
  VALUES (at_, tongke_uuid7(), 'resource.number_assigned.v1', n.org_id, n.id, actor_, jsonb_build_object(
    'subject_id', n.id, 'customer_id', NULL, 'org_id', n.org_id, 'number', n.number, 'pool_id', n.pool_id, 'grade', n.grade, 'hold_id', token,
    'assigned_to', to_line, 'order_ref', n.order_ref, 'commitment_id', commitment, 'late', late));
END $$;

-- Frees what nobody holds any longer; returns how many. Several sweepers pass each other by.
CREATE FUNCTION resource_sweep_holds(actor_ text, most int, at_ timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE n resource_number; done int := 0;
BEGIN
  FOR n IN
    SELECT x.* FROM resource_number_hold h JOIN resource_number x ON x.id = h.number_id
    WHERE h.state = 'open' AND h.expires_at <= at_ AND x.state = 'held' AND x.hold_id = h.id AND x.held_until <= at_ AND resource_in_scope(x.org_id)
    ORDER BY h.expires_at LIMIT most FOR UPDATE OF x SKIP LOCKED
  LOOP
    PERFORM resource_end_expired(n, actor_, at_);
    UPDATE resource_number SET state = 'free', hold_id = NULL, held_until = NULL, order_ref = '', since = at_, changed_at = at_ WHERE id = n.id;
    done := done + 1;
  END LOOP;
  RETURN done;
END $$;

-- Frees what has cooled: one statement for all that are due, so that a pool of a million frees in steps of ``most``.
CREATE FUNCTION resource_sweep_cooling(actor_ text, most int, at_ timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE done int;
BEGIN
  WITH due AS (
    SELECT x.id FROM resource_number x WHERE x.state = 'cooling' AND x.cooling_until <= at_ AND resource_in_scope(x.org_id)
    ORDER BY x.cooling_until LIMIT most FOR UPDATE SKIP LOCKED
  ), freed AS (
    UPDATE resource_number x SET state = 'free', cooling_until = NULL, order_ref = '', since = at_, changed_at = at_ FROM due WHERE x.id = due.id RETURNING x.*
  ), noted AS (
    INSERT INTO resource_number_move (number_id, at, org_id, pool_id, verb, from_state, to_state, actor)
    SELECT f.id, at_, f.org_id, f.pool_id, 'free', 'cooling', 'free', actor_ FROM freed f
  ), told AS (
    INSERT INTO kernel_outbox (occurred_at, id, name, org_id, subject_id, actor, payload)
    SELECT at_, tongke_uuid7(), 'resource.number_freed.v1', f.org_id, f.id, actor_, jsonb_build_object(
      'subject_id', f.id, 'customer_id', NULL, 'org_id', f.org_id, 'number', f.number, 'pool_id', f.pool_id) FROM freed f
  )
  SELECT count(*) INTO done FROM freed;
  RETURN done;
END $$;
