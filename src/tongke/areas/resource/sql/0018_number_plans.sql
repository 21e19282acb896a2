-- The walks' plans are made once a session: planning anew with every call took longer than a short walk itself.
ALTER FUNCTION resource_free_by_head SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION resource_free_by_tail SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION resource_free_by_grade SET plan_cache_mode = force_generic_plan;

-- Glances read the index alone: the number stands in it, and its id follows from it.
DROP INDEX number_free_by_spread;
CREATE INDEX number_free_by_spread ON resource_number (pool_id, grade, spread) INCLUDE (number) WHERE state = 'free';

-- A short glance at some pools, a longer one, and only then every number of all: a pool in which nothing fits (each of its
-- numbers has a 4) is not read through while others have plenty.
CREATE OR REPLACE FUNCTION resource_free_by_grade(pools uuid[], start int, shapes text[], grades text[], avoid text, plain boolean, also text, most int)
RETURNS SETOF resource_found_number LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  seen uuid[] := coalesce(resource_pools_in_scope(pools), '{}'); wanted text; far int; side int; got int := 0; step int;
  glance text[]; known text[] := '{}';
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
    FOR side IN 1..4 LOOP
      RETURN QUERY SELECT x.* FROM unnest(CASE WHEN side <= 2 THEN seen[1:6] ELSE seen[7:] END) q (id) CROSS JOIN LATERAL (
        SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM resource_number n
        WHERE n.pool_id = q.id AND n.state = 'free' AND n.grade = wanted
          AND n.spread >= CASE WHEN side % 2 = 1 THEN start ELSE -1 END AND n.spread <= CASE WHEN side % 2 = 1 THEN 2147483647 ELSE start - 1 END
          AND resource_number_fits(n.number, n.grade, shapes, NULL, avoid, plain, also) AND n.number <> ALL (known)
        ORDER BY n.spread LIMIT most) x
        LIMIT most - got;
      GET DIAGNOSTICS step = ROW_COUNT;
      got := got + step;
      IF got >= most THEN RETURN; END IF;
    END LOOP;
  END LOOP;
END $$;
