-- Search among the free numbers. Row-level security would keep patterns and reversed digits from using an index, so these
-- functions step over it; they look only through pools whose organisation is in the actor's scope.
-- A walk begins at a place of the caller's choice and goes round, so that two clerks do not stand before the same numbers.
CREATE FUNCTION resource_number_grams(number text) RETURNS int[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_agg(DISTINCT substr(number, k, 4)::int) FROM generate_series(4, length(number) - 3) k
$$;
CREATE INDEX number_free_by_gram ON resource_number USING gin (resource_number_grams(number)) WITH (fastupdate = off) WHERE state = 'free';

-- What every walk asks of a number: shapes (LIKE), grades, digits that must not occur, no digit twice in a row, a pattern.
CREATE FUNCTION resource_number_fits(number text, grade text, shapes text[], grades text[], avoid text, plain boolean, also text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (shapes IS NULL OR number LIKE ALL (shapes)) AND (grades IS NULL OR grade = ANY (grades))
    AND (avoid = '' OR translate(right(number, 8), avoid, '') = right(number, 8))
    AND (NOT plain OR right(number, 8) !~ '(\d)\1') AND (also = '' OR number ~ also)
$$;
CREATE FUNCTION resource_pools_in_scope(pools uuid[]) RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT array_agg(w.id ORDER BY w.place) FROM unnest(pools) WITH ORDINALITY w (id, place) JOIN resource_number_pool p ON p.id = w.id
  WHERE tongke_sees_all() OR p.org_id = ANY (tongke_scope())
$$;

CREATE TYPE resource_found_number AS (id uuid, number text, pool_id uuid, org_id int, kind text, grade text, graded_by int);

CREATE FUNCTION resource_free_by_head(pools uuid[], lo text, hi text, start text, shapes text[], grades text[], avoid text, plain boolean, also text, most int)
RETURNS SETOF resource_found_number LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off AS $$
DECLARE pool uuid; side int; got int := 0; step int;
BEGIN
  FOREACH pool IN ARRAY coalesce(resource_pools_in_scope(pools), '{}') LOOP
    FOR side IN 1..2 LOOP
      RETURN QUERY SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM resource_number n
        WHERE n.pool_id = pool AND n.state = 'free' AND n.number >= CASE side WHEN 1 THEN start ELSE lo END AND n.number < CASE side WHEN 1 THEN hi ELSE start END
          AND resource_number_fits(n.number, n.grade, shapes, grades, avoid, plain, also)
        ORDER BY n.number LIMIT most - got;
      GET DIAGNOSTICS step = ROW_COUNT;
      got := got + step;
      IF got >= most THEN RETURN; END IF;
    END LOOP;
  END LOOP;
END $$;

CREATE FUNCTION resource_free_by_tail(pools uuid[], lo text, hi text, start text, shapes text[], grades text[], avoid text, plain boolean, also text, most int)
RETURNS SETOF resource_found_number LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off AS $$
DECLARE pool uuid; side int; got int := 0; step int;
BEGIN
  FOREACH pool IN ARRAY coalesce(resource_pools_in_scope(pools), '{}') LOOP
    FOR side IN 1..2 LOOP
      RETURN QUERY SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM resource_number n
        WHERE n.pool_id = pool AND n.state = 'free' AND reverse(n.number) COLLATE "C" >= CASE side WHEN 1 THEN start ELSE lo END
          AND reverse(n.number) COLLATE "C" < CASE side WHEN 1 THEN hi ELSE start END
          AND resource_number_fits(n.number, n.grade, shapes, grades, avoid, plain, also)
        ORDER BY reverse(n.number) COLLATE "C" LIMIT most - got;
      GET DIAGNOSTICS step = ROW_COUNT;
      got := got + step;
      IF got >= most THEN RETURN; END IF;
    END LOOP;
  END LOOP;
END $$;

CREATE FUNCTION resource_free_by_grade(pools uuid[], start int, shapes text[], grades text[], avoid text, plain boolean, also text, most int)
RETURNS SETOF resource_found_number LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off AS $$
DECLARE pool uuid; wanted text; side int; got int := 0; step int;
BEGIN
  FOREACH pool IN ARRAY coalesce(resource_pools_in_scope(pools), '{}') LOOP
    FOREACH wanted IN ARRAY grades LOOP
      FOR side IN 1..2 LOOP
        RETURN QUERY SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM resource_number n
          WHERE n.pool_id = pool AND n.state = 'free' AND n.grade = wanted AND n.spread >= CASE side WHEN 1 THEN start ELSE -1 END
            AND n.spread <= CASE side WHEN 1 THEN 2147483647 ELSE start - 1 END
            AND resource_number_fits(n.number, n.grade, shapes, NULL, avoid, plain, also)
          ORDER BY n.spread LIMIT most - got;
        GET DIAGNOSTICS step = ROW_COUNT;
        got := got + step;
        IF got >= most THEN RETURN; END IF;
      END LOOP;
    END LOOP;
  END LOOP;
END $$;

-- Four digits or more anywhere. An eighth of the numbers is looked through first, another one for every caller.
CREATE FUNCTION resource_free_by_gram(pools uuid[], grams int[], start int, shapes text[], grades text[], avoid text, plain boolean, also text, most int)
RETURNS SETOF resource_found_number LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_indexscan = off SET enable_seqscan = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE seen uuid[] := resource_pools_in_scope(pools); side int; got int := 0; step int;
BEGIN
  FOR side IN 1..2 LOOP
    RETURN QUERY SELECT n.id, n.number::text, n.pool_id, n.org_id, n.kind::text, n.grade::text, n.graded_by FROM resource_number n
      WHERE n.state = 'free' AND resource_number_grams(n.number) @> grams AND n.pool_id = ANY (seen)
        AND ((n.spread & 7) = (start & 7)) = (side = 1) AND resource_number_fits(n.number, n.grade, shapes, grades, avoid, plain, also)
      LIMIT most - got;
    GET DIAGNOSTICS step = ROW_COUNT;
    got := got + step;
    IF got >= most THEN RETURN; END IF;
  END LOOP;
END $$;
