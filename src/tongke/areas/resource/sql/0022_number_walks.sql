-- Through which pools somebody looks, in an order of chance: in scope, selling now through the channel, of a kind and an
-- organisation where one is named. A function, so that what asks it is planned once a session and not with every call.
CREATE FUNCTION resource_pools_searched(at_ timestamptz, channel text, pool uuid, of_kind text, org int) RETURNS uuid[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN (SELECT array_agg(p.id ORDER BY random()) FROM resource_number_pool p
    WHERE ((SELECT tongke_sees_all()) OR p.org_id = ANY ((SELECT tongke_scope())::int[]))
      AND p.valid_from <= at_ AND (p.valid_until IS NULL OR at_ < p.valid_until)
      AND (p.channels = '{}' OR channel = '' OR channel = ANY (p.channels))
      AND (pool IS NULL OR p.id = pool) AND (of_kind = '' OR p.kind = of_kind) AND (org IS NULL OR p.org_id = org));
END $$;
CREATE OR REPLACE FUNCTION resource_pools_in_scope(pools uuid[]) RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT array_agg(w.id ORDER BY w.place) FROM unnest(pools) WITH ORDINALITY w (id, place) JOIN resource_number_pool p ON p.id = w.id
  WHERE (SELECT tongke_sees_all()) OR p.org_id = ANY ((SELECT tongke_scope())::int[])
$$;

-- Every walk is one statement, pool by pool in the order of its own index: no other index gives that order, so the planner
-- has none to choose from, whatever it believes about the table. Without an order it once took the free numbers as they
-- came, and everybody stood before the same ones. A walk goes from its start to the end and then from the beginning to its
-- start; the first pools of the caller's order come first.
CREATE OR REPLACE FUNCTION resource_free_by_head(pools uuid[], lo text, hi text, start text, shapes text[], grades text[], avoid text, plain boolean, also text, most int)
RETURNS SETOF resource_found_number LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off SET enable_memoize = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE seen uuid[] := coalesce(resource_pools_in_scope(pools), '{}'); here text; chance int := (random() * 2147483647)::int;
BEGIN
  -- Where digits by chance would miss the pools' numbers, the walk begins at a free one of the first pool.
  SELECT n.number INTO here FROM resource_number n
    WHERE n.pool_id = seen[1] AND n.state = 'free' AND n.grade = '0' AND n.spread >= chance ORDER BY n.spread LIMIT 1;
  IF here IS NULL OR here < lo OR here >= hi THEN here := start; END IF;
  RETURN QUERY SELECT x.* FROM (VALUES (here, hi, seen[1:6]), (lo, here, seen[1:6]), (here, hi, seen[7:]), (lo, here, seen[7:])) side (a, z, pools)
    CROSS JOIN LATERAL unnest(CASE WHEN side.a < side.z THEN side.pools END) q (id) CROSS JOIN LATERAL (
      SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM resource_number n
      WHERE n.pool_id = q.id AND n.state = 'free' AND n.number >= side.a AND n.number < side.z
        AND resource_number_fits(n.number, n.grade, shapes, grades, avoid, plain, also)
      ORDER BY n.number LIMIT most) x
    LIMIT most;
END $$;

CREATE OR REPLACE FUNCTION resource_free_by_tail(pools uuid[], lo text, hi text, start text, shapes text[], grades text[], avoid text, plain boolean, also text, most int)
RETURNS SETOF resource_found_number LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off SET enable_memoize = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE seen uuid[] := coalesce(resource_pools_in_scope(pools), '{}');
BEGIN
  RETURN QUERY SELECT x.* FROM (VALUES (start, hi, seen[1:6]), (lo, start, seen[1:6]), (start, hi, seen[7:]), (lo, start, seen[7:])) side (a, z, pools)
    CROSS JOIN LATERAL unnest(CASE WHEN side.a < side.z THEN side.pools END) q (id) CROSS JOIN LATERAL (
      SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM resource_number n
      WHERE n.pool_id = q.id AND n.state = 'free' AND reverse(n.number) COLLATE "C" >= side.a AND reverse(n.number) COLLATE "C" < side.z
        AND resource_number_fits(n.number, n.grade, shapes, grades, avoid, plain, also)
      ORDER BY reverse(n.number) COLLATE "C" LIMIT most) x
    LIMIT most;
END $$;

CREATE OR REPLACE FUNCTION resource_free_by_grade(pools uuid[], start int, shapes text[], grades text[], avoid text, plain boolean, also text, most int)
RETURNS SETOF resource_found_number LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off SET enable_memoize = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  seen uuid[] := coalesce(resource_pools_in_scope(pools), '{}'); wanted text; far int; got int := 0; step int;
  glance text[]; known text[] := '{}'; ends constant int := 2147483647;
BEGIN
  FOREACH wanted IN ARRAY grades LOOP
    FOREACH far IN ARRAY ARRAY[300, 4000] LOOP
      SELECT coalesce(array_agg(x.number), '{}') INTO glance FROM (
        SELECT g.number FROM unnest(seen[1:12]) q (id) CROSS JOIN LATERAL (
          SELECT n.number FROM resource_number n
          WHERE n.pool_id = q.id AND n.state = 'free' AND n.grade = wanted AND n.spread >= start ORDER BY n.spread LIMIT far) g
        WHERE resource_number_fits(g.number, wanted, shapes, NULL, avoid, plain, also) AND g.number <> ALL (known)
        LIMIT most - got) x;
      RETURN QUERY SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM unnest(glance) k (number)
        CROSS JOIN LATERAL (SELECT * FROM resource_number r WHERE r.id = resource_number_id(k.number)) n;
      GET DIAGNOSTICS step = ROW_COUNT;
      got := got + step;
      known := known || glance;
      IF got >= most THEN RETURN; END IF;
    END LOOP;
    RETURN QUERY SELECT x.* FROM (VALUES (start, ends, seen[1:6]), (-1, start - 1, seen[1:6]), (start, ends, seen[7:]), (-1, start - 1, seen[7:])) side (a, z, pools)
      CROSS JOIN LATERAL unnest(side.pools) q (id) CROSS JOIN LATERAL (
        SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM resource_number n
        WHERE n.pool_id = q.id AND n.state = 'free' AND n.grade = wanted AND n.spread >= side.a AND n.spread <= side.z
          AND resource_number_fits(n.number, n.grade, shapes, NULL, avoid, plain, also) AND n.number <> ALL (known)
        ORDER BY n.spread LIMIT most) x
      LIMIT most - got;
    GET DIAGNOSTICS step = ROW_COUNT;
    got := got + step;
    IF got >= most THEN RETURN; END IF;
  END LOOP;
END $$;

-- Four digits or more anywhere: their index gives no order. In a scope of many pools a quarter of the numbers is looked
-- through first, another one for every caller; in a small one twice as many as are wanted are found, and drawn from.
CREATE OR REPLACE FUNCTION resource_free_by_gram(pools uuid[], grams int[], start int, shapes text[], grades text[], avoid text, plain boolean, also text, most int)
RETURNS SETOF resource_found_number LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_indexscan = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE seen uuid[] := resource_pools_in_scope(pools); many boolean := cardinality(seen) > 24; side int; got int := 0; step int;
BEGIN
  FOR side IN 1..CASE WHEN many THEN 2 ELSE 1 END LOOP
    RETURN QUERY SELECT * FROM (
      SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM resource_number n
      WHERE n.state = 'free' AND resource_number_grams(n.number) @> grams AND n.pool_id = ANY (seen)
        AND (NOT many OR ((n.spread & 3) = (start & 3)) = (side = 1)) AND resource_number_fits(n.number, n.grade, shapes, grades, avoid, plain, also)
      LIMIT CASE WHEN many THEN most - got ELSE most * 2 END) hits ORDER BY random() LIMIT most - got;
    GET DIAGNOSTICS step = ROW_COUNT;
    got := got + step;
    IF got >= most THEN RETURN; END IF;
  END LOOP;
END $$;
