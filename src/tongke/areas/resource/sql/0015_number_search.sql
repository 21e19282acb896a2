-- One statement over all pools instead of one for each: the index is entered once a pool within it. Some pools of the
-- caller's order come first, so that two clerks of a province are not both sent to its first pool.
DROP FUNCTION resource_free_by_head, resource_free_by_tail, resource_free_by_grade, resource_free_by_gram;

CREATE FUNCTION resource_free_by_head(pools uuid[], lo text, hi text, start text, shapes text[], grades text[], avoid text, plain boolean, also text, most int)
RETURNS SETOF resource_found_number LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off AS $$
DECLARE seen uuid[] := coalesce(resource_pools_in_scope(pools), '{}'); side int; got int := 0; step int; here text;
BEGIN
  -- Where chance alone would miss the pools' numbers, the walk begins at a free one of the first pool.
  SELECT n.number INTO here FROM resource_number n
    WHERE n.pool_id = seen[1] AND n.state = 'free' AND n.grade = '0' AND n.spread >= (random() * 2147483647)::int ORDER BY n.spread LIMIT 1;
  IF here IS NULL OR here < lo OR here >= hi THEN here := start; END IF;
  FOR side IN 1..4 LOOP
    RETURN QUERY SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM resource_number n
      WHERE n.pool_id = ANY (CASE WHEN side <= 2 THEN seen[1:6] ELSE seen[7:] END) AND n.state = 'free'
        AND n.number >= CASE WHEN side % 2 = 1 THEN here ELSE lo END AND n.number < CASE WHEN side % 2 = 1 THEN hi ELSE here END
        AND resource_number_fits(n.number, n.grade, shapes, grades, avoid, plain, also)
      LIMIT most - got;
    GET DIAGNOSTICS step = ROW_COUNT;
    got := got + step;
    IF got >= most THEN RETURN; END IF;
  END LOOP;
END $$;

CREATE FUNCTION resource_free_by_tail(pools uuid[], lo text, hi text, start text, shapes text[], grades text[], avoid text, plain boolean, also text, most int)
RETURNS SETOF resource_found_number LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off AS $$
DECLARE seen uuid[] := coalesce(resource_pools_in_scope(pools), '{}'); side int; got int := 0; step int;
BEGIN
  FOR side IN 1..4 LOOP
    RETURN QUERY SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM resource_number n
      WHERE n.pool_id = ANY (CASE WHEN side <= 2 THEN seen[1:6] ELSE seen[7:] END) AND n.state = 'free'
        AND reverse(n.number) COLLATE "C" >= CASE WHEN side % 2 = 1 THEN start ELSE lo END
        AND reverse(n.number) COLLATE "C" < CASE WHEN side % 2 = 1 THEN hi ELSE start END
        AND resource_number_fits(n.number, n.grade, shapes, grades, avoid, plain, also)
      LIMIT most - got;
    GET DIAGNOSTICS step = ROW_COUNT;
    got := got + step;
    IF got >= most THEN RETURN; END IF;
  END LOOP;
END $$;

CREATE FUNCTION resource_free_by_grade(pools uuid[], start int, shapes text[], grades text[], avoid text, plain boolean, also text, most int)
RETURNS SETOF resource_found_number LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off AS $$
DECLARE seen uuid[] := coalesce(resource_pools_in_scope(pools), '{}'); side int; got int := 0; step int;
BEGIN
  FOR side IN 1..4 LOOP
    RETURN QUERY SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM resource_number n
      WHERE n.pool_id = ANY (CASE WHEN side <= 2 THEN seen[1:6] ELSE seen[7:] END) AND n.state = 'free' AND n.grade = ANY (grades)
        AND n.spread >= CASE WHEN side % 2 = 1 THEN start ELSE -1 END AND n.spread <= CASE WHEN side % 2 = 1 THEN 2147483647 ELSE start - 1 END
        AND resource_number_fits(n.number, n.grade, shapes, NULL, avoid, plain, also)
      LIMIT most - got;
    GET DIAGNOSTICS step = ROW_COUNT;
    got := got + step;
    IF got >= most THEN RETURN; END IF;
  END LOOP;
END $$;

-- Four digits or more anywhere. The pools are asked of the number found, not of the index. An eighth of the numbers is
-- looked through first, another one for every caller; so the first hits are not everybody's.
CREATE FUNCTION resource_free_by_gram(pools uuid[], grams int[], start int, shapes text[], grades text[], avoid text, plain boolean, also text, most int)
RETURNS SETOF resource_found_number LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_indexscan = off SET enable_seqscan = off AS $$
DECLARE seen uuid[] := coalesce(resource_pools_in_scope(pools), '{}'); side int; got int := 0; step int;
BEGIN
  FOR side IN 1..2 LOOP
    RETURN QUERY SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM resource_number n
      WHERE n.state = 'free' AND resource_number_grams(n.number) @> grams AND array_position(seen, n.pool_id) IS NOT NULL
        AND ((n.spread & 7) = (start & 7)) = (side = 1) AND resource_number_fits(n.number, n.grade, shapes, grades, avoid, plain, also)
      LIMIT most - got;
    GET DIAGNOSTICS step = ROW_COUNT;
    got := got + step;
    IF got >= most THEN RETURN; END IF;
  END LOOP;
END $$;
