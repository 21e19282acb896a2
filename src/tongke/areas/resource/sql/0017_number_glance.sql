-- A short glance at some pools comes first: a pool in which nothing fits (each of its numbers has a 4) is not read through
-- while others have plenty.
CREATE OR REPLACE FUNCTION resource_free_by_grade(pools uuid[], start int, shapes text[], grades text[], avoid text, plain boolean, also text, most int)
RETURNS SETOF resource_found_number LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off AS $$
DECLARE
  seen uuid[] := coalesce(resource_pools_in_scope(pools), '{}'); wanted text; side int; got int := 0; step int; known uuid[] := '{}';
BEGIN
  FOREACH wanted IN ARRAY grades LOOP
    FOR side IN 0..4 LOOP
      IF side = 0 THEN
        SELECT coalesce(array_agg(x.id), '{}') INTO known FROM (
          SELECT g.id FROM unnest(seen[1:6]) q (id) CROSS JOIN LATERAL (
            SELECT n.id, n.number, n.grade FROM resource_number n
            WHERE n.pool_id = q.id AND n.state = 'free' AND n.grade = wanted AND n.spread >= start ORDER BY n.spread LIMIT 400) g
          WHERE resource_number_fits(g.number, g.grade, shapes, NULL, avoid, plain, also)
          LIMIT most - got) x;
        RETURN QUERY SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM unnest(known) k (id)
          CROSS JOIN LATERAL (SELECT * FROM resource_number r WHERE r.id = k.id) n;
      ELSE
        RETURN QUERY SELECT x.* FROM unnest(CASE WHEN side <= 2 THEN seen[1:6] ELSE seen[7:] END) q (id) CROSS JOIN LATERAL (
          SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM resource_number n
          WHERE n.pool_id = q.id AND n.state = 'free' AND n.grade = wanted
            AND n.spread >= CASE WHEN side % 2 = 1 THEN start ELSE -1 END AND n.spread <= CASE WHEN side % 2 = 1 THEN 2147483647 ELSE start - 1 END
            AND resource_number_fits(n.number, n.grade, shapes, NULL, avoid, plain, also) AND n.id <> ALL (known)
          ORDER BY n.spread LIMIT most) x
          LIMIT most - got;
      END IF;
      GET DIAGNOSTICS step = ROW_COUNT;
      got := got + step;
      IF got >= most THEN RETURN; END IF;
    END LOOP;
  END LOOP;
END $$;
