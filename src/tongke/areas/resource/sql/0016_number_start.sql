-- The chance by which a walk begins is drawn once: drawn anew for every row it would keep the index from being used.
CREATE OR REPLACE FUNCTION resource_free_by_head(pools uuid[], lo text, hi text, start text, shapes text[], grades text[], avoid text, plain boolean, also text, most int)
RETURNS SETOF resource_found_number LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off AS $$
DECLARE
  seen uuid[] := coalesce(resource_pools_in_scope(pools), '{}'); side int; got int := 0; step int; here text;
  chance int := (random() * 2147483647)::int;
BEGIN
  -- Where digits by chance would miss the pools' numbers, the walk begins at a free one of the first pool.
  SELECT n.number INTO here FROM resource_number n
    WHERE n.pool_id = seen[1] AND n.state = 'free' AND n.grade = '0' AND n.spread >= chance ORDER BY n.spread LIMIT 1;
  IF here IS NULL OR here < lo OR here >= hi THEN here := start; END IF;
  FOR side IN 1..4 LOOP
    -- Pool by pool: over several at once the planner may walk all numbers instead, those of other pools among them.
    RETURN QUERY SELECT x.* FROM unnest(CASE WHEN side <= 2 THEN seen[1:6] ELSE seen[7:] END) q (id) CROSS JOIN LATERAL (
      SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM resource_number n
      WHERE n.pool_id = q.id AND n.state = 'free'
        AND n.number >= CASE WHEN side % 2 = 1 THEN here ELSE lo END AND n.number < CASE WHEN side % 2 = 1 THEN hi ELSE here END
        AND resource_number_fits(n.number, n.grade, shapes, grades, avoid, plain, also)
      ORDER BY n.number LIMIT most) x
      LIMIT most - got;
    GET DIAGNOSTICS step = ROW_COUNT;
    got := got + step;
    IF got >= most THEN RETURN; END IF;
  END LOOP;
END $$;

-- In a scope of many pools an eighth of the numbers is looked through first, another one for every caller; in a small one,
-- where that would seldom do, some more than are wanted are found and drawn from.
CREATE OR REPLACE FUNCTION resource_free_by_gram(pools uuid[], grams int[], start int, shapes text[], grades text[], avoid text, plain boolean, also text, most int)
RETURNS SETOF resource_found_number LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_indexscan = off SET enable_seqscan = off AS $$
DECLARE seen uuid[] := resource_pools_in_scope(pools); many boolean := cardinality(seen) > 24; side int; got int := 0; step int;
BEGIN
  FOR side IN 1..CASE WHEN many THEN 2 ELSE 1 END LOOP
    RETURN QUERY SELECT * FROM (
      SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM resource_number n
      WHERE n.state = 'free' AND resource_number_grams(n.number) @> grams AND array_position(seen, n.pool_id) IS NOT NULL
        AND (NOT many OR ((n.spread & 7) = (start & 7)) = (side = 1)) AND resource_number_fits(n.number, n.grade, shapes, grades, avoid, plain, also)
      LIMIT CASE WHEN many THEN most - got ELSE most * 4 END) hits ORDER BY random() LIMIT most - got;
    GET DIAGNOSTICS step = ROW_COUNT;
    got := got + step;
    IF got >= most THEN RETURN; END IF;
  END LOOP;
END $$;

-- Grade by grade and pool by pool along their own index: over several at once the planner may choose another.
CREATE OR REPLACE FUNCTION resource_free_by_grade(pools uuid[], start int, shapes text[], grades text[], avoid text, plain boolean, also text, most int)
RETURNS SETOF resource_found_number LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off AS $$
DECLARE seen uuid[] := coalesce(resource_pools_in_scope(pools), '{}'); wanted text; side int; got int := 0; step int;
BEGIN
  FOREACH wanted IN ARRAY grades LOOP
    FOR side IN 1..4 LOOP
      RETURN QUERY SELECT x.* FROM unnest(CASE WHEN side <= 2 THEN seen[1:6] ELSE seen[7:] END) q (id) CROSS JOIN LATERAL (
        SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM resource_number n
        WHERE n.pool_id = q.id AND n.state = 'free' AND n.grade = wanted
          AND n.spread >= CASE WHEN side % 2 = 1 THEN start ELSE -1 END AND n.spread <= CASE WHEN side % 2 = 1 THEN 2147483647 ELSE start - 1 END
          AND resource_number_fits(n.number, n.grade, shapes, NULL, avoid, plain, also)
        ORDER BY n.spread LIMIT most) x
        LIMIT most - got;
      GET DIAGNOSTICS step = ROW_COUNT;
      got := got + step;
      IF got >= most THEN RETURN; END IF;
    END LOOP;
  END LOOP;
END $$;
