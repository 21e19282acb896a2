-- What stands in the way of a new block, range or allotment, whoever owns it: the name and ends of the first that overlaps.
-- Whose a range of numbers is is no secret; who uses them is, and none of these tells.
CREATE FUNCTION resource_block_in_way(first_ bigint, last_ bigint, from_ timestamptz, until_ timestamptz)
RETURNS TABLE (code text, first bigint, last bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT b.code, b.first, b.last FROM resource_number_block b
  WHERE int8range(b.first, b.last, '[]') && int8range(first_, last_, '[]') AND tstzrange(b.valid_from, b.valid_until) && tstzrange(from_, until_)
  ORDER BY b.first LIMIT 1
$$;
CREATE FUNCTION resource_range_in_way(level_ int, first_ bigint, last_ bigint, from_ timestamptz, until_ timestamptz)
RETURNS TABLE (org int, first bigint, last bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT r.org_id, r.first, r.last FROM resource_number_range r
  WHERE int4range(r.level, r.level, '[]') && int4range(level_, level_, '[]') AND int8range(r.first, r.last, '[]') && int8range(first_, last_, '[]')
    AND tstzrange(r.valid_from, r.valid_until) && tstzrange(from_, until_)
  ORDER BY r.first LIMIT 1
$$;
CREATE FUNCTION resource_allotment_in_way(first_ bigint, last_ bigint, from_ timestamptz, until_ timestamptz)
RETURNS TABLE (pool text, first bigint, last bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.code, a.first, a.last FROM resource_number_allotment a JOIN resource_number_pool p ON p.id = a.pool_id
  WHERE int8range(a.first, a.last, '[]') && int8range(first_, last_, '[]') AND tstzrange(a.valid_from, a.valid_until) && tstzrange(from_, until_)
  ORDER BY a.first LIMIT 1
$$;

-- Who may give numbers to an organisation: the nearest above it that has them all, by a range of its own or as the block's owner.
CREATE FUNCTION resource_giver_of(first_ bigint, last_ bigint, receiver int, at_ timestamptz)
RETURNS TABLE (range_id uuid, block_id uuid, org int, first bigint, last bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT g.range_id, g.block_id, g.org, g.first, g.last FROM (
    SELECT r.id AS range_id, r.block_id, r.org_id AS org, r.first, r.last, r.level::int FROM resource_number_range r
    WHERE int8range(r.first, r.last, '[]') @> int8range(first_, last_, '[]') AND r.valid_from <= at_ AND (r.valid_until IS NULL OR at_ < r.valid_until)
    UNION ALL
    SELECT NULL, b.id, b.org_id, b.first, b.last, 0 FROM resource_number_block b
    WHERE int8range(b.first, b.last, '[]') @> int8range(first_, last_, '[]') AND b.valid_from <= at_ AND (b.valid_until IS NULL OR at_ < b.valid_until)
  ) g JOIN staff_org o ON o.id = g.org JOIN staff_org t ON t.id = receiver
  ORDER BY (t.path ^@ o.path AND t.id <> o.id) DESC, g.level DESC LIMIT 1
$$;

-- Walks begin somewhere in the pool, not at its first number: where chance alone would miss its numbers, a free one is drawn.
CREATE OR REPLACE FUNCTION resource_free_by_head(pools uuid[], lo text, hi text, start text, shapes text[], grades text[], avoid text, plain boolean, also text, most int)
RETURNS SETOF resource_found_number LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off AS $$
DECLARE pool uuid; side int; got int := 0; step int; here text; chance int := (random() * 2147483647)::int;
BEGIN
  FOREACH pool IN ARRAY coalesce(resource_pools_in_scope(pools), '{}') LOOP
    SELECT n.number INTO here FROM resource_number n
      WHERE n.pool_id = pool AND n.state = 'free' AND n.grade = '0' AND n.spread >= chance ORDER BY n.spread LIMIT 1;
    IF here IS NULL OR here < lo OR here >= hi THEN here := start; END IF;
    FOR side IN 1..2 LOOP
      RETURN QUERY SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM resource_number n
        WHERE n.pool_id = pool AND n.state = 'free' AND n.number >= CASE side WHEN 1 THEN here ELSE lo END AND n.number < CASE side WHEN 1 THEN hi ELSE here END
          AND resource_number_fits(n.number, n.grade, shapes, grades, avoid, plain, also)
        ORDER BY n.number LIMIT most - got;
      GET DIAGNOSTICS step = ROW_COUNT;
      got := got + step;
      IF got >= most THEN RETURN; END IF;
    END LOOP;
  END LOOP;
END $$;

-- A number that had gone to another operator may come home with its user (ported_out → assigned).
CREATE OR REPLACE FUNCTION resource_number_may_go(from_state text, to_state text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT from_state || '>' || to_state IN (
    'free>held', 'held>free', 'held>assigned', 'assigned>suspended', 'suspended>assigned', 'assigned>released', 'suspended>released',
    'released>cooling', 'released>assigned', 'cooling>assigned', 'cooling>free', 'free>reserved', 'reserved>free', 'free>blocked',
    'reserved>blocked', 'blocked>free', 'free>faulty', 'reserved>faulty', 'blocked>faulty', 'faulty>free', 'assigned>ported_out',
    'suspended>ported_out', 'ported_out>cooling', 'ported_out>assigned', 'returned>assigned', 'assigned>returned', 'suspended>returned')
$$;

-- A donor's number that went back from one organisation may be brought by a user of another: its row moves there.
CREATE FUNCTION resource_rehome_returned(number_ text, org int) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE resource_number SET org_id = org, pool_id = NULL WHERE number = number_ AND state = 'returned' AND resource_in_scope(org)
$$;

-- Whose a block is is no secret: the organisations below its owner work with its ranges.
DROP POLICY scope_of_actor ON resource_number_block;
