-- Coverage in less time: plans are made once a connection, rows are read as the owner and narrowed here to what the actor
-- may see (a policy on each of six tables costs as much as the reading), and the text of the answer is written at once.
-- To be used on json's text only: jsonb would be made and taken apart again.
CREATE FUNCTION resource_coverage_text(asked uuid) RETURNS json
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  everything boolean := current_setting('tongke.scope', true) IS NOT DISTINCT FROM '*';
  orgs int[] := tongke_scope();
  ups uuid[];
  line text;
  line_en text;
  here record;
  one record;
  step record;
  ports json;
  way json[];
  reached json[] := '{}';
BEGIN
  SELECT array_agg(u.id ORDER BY u.depth),
         string_agg(CASE WHEN u.level = 'community' AND u.door <> '' THEN u.door || CASE WHEN u.door ~ '^[0-9-]+$' THEN '号' ELSE '' END ELSE '' END || u.name, '' ORDER BY u.depth DESC),
         string_agg(coalesce(nullif(u.name_en, ''), u.name) || CASE WHEN u.level = 'community' AND u.door <> '' THEN ', No. ' || u.door ELSE '' END, ', ' ORDER BY u.depth)
    INTO ups, line, line_en FROM resource_place_up(asked) u;
  IF ups IS NULL THEN RETURN NULL; END IF;
  SELECT p.org_id, p.level, p.state, p.community_id, p.latitude, p.longitude INTO here FROM resource_place p WHERE p.id = asked;
  FOR one IN
    SELECT a.* FROM resource_access a WHERE a.place_id = ANY (ups) AND a.state <> 'retired' AND (everything OR a.org_id = ANY (orgs)) ORDER BY a.distance_m, a.id
  LOOP
    SELECT coalesce(json_object_agg(s.state, json_build_object('count', s.n, 'down', s.down, 'up', s.up, 'planned_on', s.planned_on)), '{}') INTO ports FROM (
      SELECT o.state, count(*) AS n, max(o.max_down_mbps) AS down, max(o.max_up_mbps) AS up, min(o.planned_on) AS planned_on
      FROM resource_port o WHERE o.equipment_id = one.equipment_id AND (everything OR o.org_id = ANY (orgs)) GROUP BY o.state) s;
    way := '{}';
    SELECT e.parent_id, NULL::json AS told INTO step FROM (SELECT one.equipment_id AS parent_id) e;
    FOR steps IN 1..12 LOOP
      EXIT WHEN step.parent_id IS NULL;
      -- One element by its key: a loop of these costs a third of a recursive query.
      SELECT y.parent_id, json_build_object(
        'id', y.id, 'code', y.code, 'name', y.name, 'kind', y.kind, 'technology', y.technology, 'state', y.state, 'planned_on', y.planned_on,
        'max_down_mbps', y.max_down_mbps, 'max_up_mbps', y.max_up_mbps, 'uplink_mbps', y.uplink_mbps, 'split', y.split,
        'free_dsl', CASE WHEN y.kind = 'dslam' THEN (SELECT count(*) FROM resource_port o WHERE o.equipment_id = y.id AND o.state = 'free' AND o.kind = 'dsl') END,
        'site', CASE WHEN y.site_id IS NOT NULL THEN (
          SELECT json_build_object('id', s.id, 'code', s.code, 'name', s.name, 'kind', s.kind, 'state', s.state) FROM resource_site s
          WHERE s.id = y.site_id AND (everything OR s.org_id = ANY (orgs))) END) AS told
        INTO step FROM resource_equipment y WHERE y.id = step.parent_id AND (everything OR y.org_id = ANY (orgs));
      EXIT WHEN NOT FOUND;
      way := step.told || way;
    END LOOP;
    reached := reached || json_build_object(
      'id', one.id, 'equipment_id', one.equipment_id, 'place_id', one.place_id, 'org_id', one.org_id, 'technology', one.technology, 'state', one.state,
      'planned_on', one.planned_on, 'max_down_mbps', one.max_down_mbps, 'max_up_mbps', one.max_up_mbps, 'distance_m', one.distance_m, 'ports', ports,
      'path', array_to_json(way));
  END LOOP;
  RETURN json_build_object('id', asked, 'org_id', here.org_id, 'level', here.level, 'state', here.state, 'community_id', here.community_id,
    'latitude', here.latitude, 'longitude', here.longitude, 'full', line, 'full_en', line_en, 'accesses', array_to_json(reached));
END $$;

CREATE OR REPLACE FUNCTION resource_coverage(asked uuid) RETURNS jsonb LANGUAGE sql STABLE AS
$$ SELECT resource_coverage_text(asked)::jsonb $$;

-- As before, with plans made once, the names above what was found read once, and an unknown name taken as a doubt.
DROP FUNCTION resource_coverage_by_words(text[], text, text, text, text, int);
DROP FUNCTION resource_place_match(text[], text, text, text, text, int);
CREATE FUNCTION resource_place_match(names text[], sure text[], door_said text, building_said text, unit_said text, room_said text, most int)
RETURNS TABLE (place_id uuid, complete boolean)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  here uuid[];
  below uuid[];
  at_level text;
  doubted boolean := false;
BEGIN
  WITH RECURSIVE named AS MATERIALIZED (
    SELECT n.place_id AS id, max(length(n.key)) AS worth, count(*) FILTER (WHERE n.key = ANY (resource_place_match.sure)) AS told
    FROM resource_place_name n WHERE n.key = ANY (names) GROUP BY 1),
  climb AS (
    SELECT d.id AS leaf, p.parent_id AS up, d.worth AS score, d.told, p.level FROM named d JOIN resource_place p ON p.id = d.id WHERE p.state <> 'gone'
    UNION ALL
    SELECT c.leaf, p.parent_id, c.score + coalesce(d.worth, 0), c.told + coalesce(d.told, 0), c.level
    FROM climb c JOIN resource_place p ON p.id = c.up LEFT JOIN named d ON d.id = c.up),
  tops AS (SELECT leaf, level, score, told FROM climb WHERE up IS NULL)
  SELECT array_agg(t.leaf ORDER BY t.leaf), min(t.level), max(t.told) < cardinality(resource_place_match.sure) INTO here, at_level, doubted FROM (
    SELECT leaf, level, told FROM tops WHERE score = (SELECT max(score) FROM tops) ORDER BY leaf LIMIT 200) t;
  IF here IS NULL THEN RETURN; END IF;
  complete := true;
  -- A name that does not stand above what was found says otherwise (doubted): the answer is to be confirmed.
  IF door_said <> '' AND at_level = 'street' THEN
    below := ARRAY(SELECT p.id FROM resource_place p WHERE p.parent_id = ANY (here) AND p.door = door_said AND p.door <> '' AND p.state <> 'gone'
                   UNION SELECT p.id FROM resource_place p WHERE p.parent_id = ANY (here) AND p.level = 'building' AND p.key = door_said AND p.state <> 'gone');
    IF cardinality(below) > 0 THEN here := below; ELSE complete := false; END IF;
  ELSIF door_said <> '' AND cardinality(here) > 1 THEN
    below := ARRAY(SELECT p.id FROM resource_place p WHERE p.id = ANY (here) AND p.door = door_said);
    IF cardinality(below) > 0 THEN here := below; END IF;
  END IF;
  IF complete AND building_said <> '' AND unit_said <> '' AND room_said <> '' THEN
    -- The whole of it at once, as most addresses are written; step by step only where that finds nothing.
    below := ARRAY(SELECT r.id FROM resource_place b JOIN resource_place u ON u.parent_id = b.id AND u.level = 'unit' AND u.key = unit_said
                   JOIN resource_place r ON r.parent_id = u.id AND r.level = 'room' AND r.key = room_said
                   WHERE b.parent_id = ANY (here) AND b.level = 'building' AND b.key = building_said AND r.state <> 'gone' AND u.state <> 'gone' AND b.state <> 'gone');
    IF cardinality(below) > 0 THEN
      RETURN QUERY SELECT h.id, NOT doubted FROM unnest(below) AS h(id) ORDER BY h.id LIMIT most;
      RETURN;
    END IF;
  END IF;
  IF complete AND building_said <> '' THEN
    below := ARRAY(SELECT p.id FROM resource_place p WHERE p.parent_id = ANY (here) AND p.level = 'building' AND p.key = building_said AND p.state <> 'gone');
    IF cardinality(below) > 0 THEN here := below; ELSE complete := false; END IF;
  END IF;
  IF complete AND unit_said <> '' THEN
    below := ARRAY(SELECT p.id FROM resource_place p WHERE p.parent_id = ANY (here) AND p.level = 'unit' AND p.key = unit_said AND p.state <> 'gone');
    IF cardinality(below) > 0 THEN here := below; ELSE complete := false; END IF;
  END IF;
  IF complete AND room_said <> '' THEN
    below := ARRAY(SELECT p.id FROM resource_place p WHERE p.parent_id = ANY (here) AND p.level = 'room' AND p.key = room_said AND p.state <> 'gone');
    IF cardinality(below) = 0 THEN
      below := ARRAY(SELECT p.id FROM resource_place u JOIN resource_place p ON p.parent_id = u.id AND p.level = 'room' AND p.key = room_said
                     WHERE u.parent_id = ANY (here) AND u.level IN ('unit', 'building') AND p.state <> 'gone' LIMIT most + 1);
    END IF;
    IF cardinality(below) = 0 AND building_said = '' THEN
      below := ARRAY(SELECT p.id FROM resource_place b JOIN resource_place u ON u.parent_id = b.id AND u.level = 'unit'
                     JOIN resource_place p ON p.parent_id = u.id AND p.level = 'room' AND p.key = room_said
                     WHERE b.parent_id = ANY (here) AND b.level = 'building' AND p.state <> 'gone' LIMIT most + 1);
    END IF;
    IF cardinality(below) > 0 THEN here := below; ELSE complete := false; END IF;
  END IF;
  RETURN QUERY SELECT h.id, complete AND NOT doubted FROM unnest(here) WITH ORDINALITY AS h(id, n) ORDER BY n LIMIT most;
END $$;

CREATE FUNCTION resource_coverage_said(names text[], sure text[], door_said text, building_said text, unit_said text, room_said text, most int)
RETURNS json LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  found uuid[];
  whole boolean;
BEGIN
  SELECT array_agg(m.place_id), bool_and(m.complete) INTO found, whole
  FROM resource_place_match(names, sure, door_said, building_said, unit_said, room_said, most) m;
  IF found IS NULL THEN RETURN json_build_object('found', '[]'::json); END IF;
  IF cardinality(found) = 1 THEN
    RETURN json_build_object('complete', whole, 'coverage', resource_coverage_text(found[1]));
  END IF;
  RETURN json_build_object('complete', whole, 'found', resource_places_shown(found));
END $$;
