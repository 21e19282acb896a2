-- What the rules of trees promise, held by the database against anybody who writes at the same moment:
-- one parent at a time in each tree, and no circle at any instant.
--
-- Who attaches a childless party locks both parties; whoever attaches one that has members locks the whole tree
-- kind. A circle needs at least one edge of the second sort once its first edges are committed, so no set of
-- concurrent writers can close one. A statement with many rows (a load) locks the tree kind once.
CREATE FUNCTION party_tree_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  n int;
  key bigint;
  kind text;
  wide boolean;
BEGIN
  SELECT count(*) INTO n FROM fresh WHERE tree <> 'key_person';
  IF n = 0 THEN RETURN NULL; END IF;
  wide := n > 32;
  IF NOT wide THEN
    FOR key IN SELECT DISTINCT hashtextextended(f.tree || ':' || p.id, 7) AS k
               FROM fresh f CROSS JOIN LATERAL (VALUES (f.parent_id), (f.child_id)) p(id) WHERE f.tree <> 'key_person' ORDER BY k
    LOOP PERFORM pg_advisory_xact_lock(key); END LOOP;
    wide := EXISTS (SELECT FROM fresh f JOIN party_relation r ON r.parent_id = f.child_id AND r.tree = f.tree);
  END IF;
  FOR kind IN SELECT DISTINCT tree FROM fresh WHERE tree <> 'key_person' ORDER BY tree LOOP
    IF wide THEN PERFORM pg_advisory_xact_lock(hashtext('party_tree'), hashtext(kind));
    ELSE PERFORM pg_advisory_xact_lock_shared(hashtext('party_tree'), hashtext(kind)); END IF;
  END LOOP;

  IF EXISTS (
    SELECT FROM fresh f JOIN party_relation r ON r.child_id = f.child_id AND r.tree = f.tree AND r.id <> f.id
    WHERE f.tree <> 'key_person'
      AND (f.valid_until IS NULL OR (r.valid_from < f.valid_until AND f.valid_from < f.valid_until))
      AND (r.valid_until IS NULL OR (f.valid_from < r.valid_until AND r.valid_from < r.valid_until))
  ) THEN
    RAISE EXCEPTION 'a second parent at the same time' USING ERRCODE = '23P01', CONSTRAINT = 'relation_one_parent_at_a_time';
  END IF;

  IF EXISTS (
    WITH RECURSIVE up AS (
      SELECT f.tree, f.child_id AS start, f.parent_id AS at_id, f.valid_from AS since, f.valid_until AS until, 1 AS depth
      FROM fresh f WHERE f.tree <> 'key_person' AND (f.valid_until IS NULL OR f.valid_until > f.valid_from)
      UNION ALL
      SELECT up.tree, up.start, r.parent_id, greatest(up.since, r.valid_from), least(up.until, r.valid_until), up.depth + 1
      FROM up JOIN party_relation r ON r.child_id = up.at_id AND r.tree = up.tree
        AND (up.until IS NULL OR r.valid_from < up.until) AND (r.valid_until IS NULL OR r.valid_until > up.since)
        AND (r.valid_until IS NULL OR r.valid_until > r.valid_from)
      WHERE up.at_id <> up.start AND up.depth < 64
    ) SELECT FROM up WHERE at_id = start OR depth >= 64
  ) THEN
    RAISE EXCEPTION 'a circle in a tree' USING ERRCODE = '23P01', CONSTRAINT = 'relation_without_circle';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER tree_guard_insert AFTER INSERT ON party_relation
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION party_tree_guard();
CREATE TRIGGER tree_guard_update AFTER UPDATE ON party_relation
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION party_tree_guard();
