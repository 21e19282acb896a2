-- Back to the functions of 0004_coverage.sql.
DROP FUNCTION resource_coverage_said(text[], text[], text, text, text, text, int);
DROP FUNCTION resource_place_match(text[], text[], text, text, text, text, int);
CREATE FUNCTION resource_place_match(names text[], door_said text, building_said text, unit_said text, room_said text, most int)
RETURNS TABLE (place_id uuid, complete boolean) LANGUAGE plpgsql STABLE AS $$
DECLARE
  here uuid[];
  below uuid[];
  at_level text;
  contrary boolean := false;
BEGIN
  WITH RECURSIVE named AS (
    SELECT n.place_id AS id, max(length(n.key)) AS worth FROM resource_place_name n WHERE n.key = ANY (names) GROUP BY 1),
  climb AS (
    SELECT d.id AS leaf, p.parent_id AS up, d.worth AS score, p.level FROM named d JOIN resource_place p ON p.id = d.id WHERE p.state <> 'gone'
    UNION ALL
    SELECT c.leaf, p.parent_id, c.score + coalesce(d.worth, 0), c.level FROM climb c JOIN resource_place p ON p.id = c.up LEFT JOIN named d ON d.id = p.id),
  tops AS (SELECT leaf, level, score, rank() OVER (ORDER BY score DESC) AS place FROM climb WHERE up IS NULL)
  SELECT array_agg(leaf), min(level) INTO here, at_level FROM (SELECT leaf, level FROM tops WHERE place = 1 ORDER BY leaf LIMIT 200) t;
  IF here IS NULL THEN RETURN; END IF;
  complete := true;
  -- A name that is known, but not above what was found, says otherwise: the answer is to be confirmed. Not where the
  -- address was cut into every possible piece.
  IF cardinality(names) <= 8 THEN
    contrary := EXISTS (
      SELECT FROM unnest(names) AS s(key) WHERE EXISTS (SELECT FROM resource_place_name n WHERE n.key = s.key)
      AND NOT EXISTS (SELECT FROM resource_place_up(here[1]) u JOIN resource_place_name n ON n.place_id = u.id AND n.key = s.key));
  END IF;

  IF door_said <> '' AND at_level = 'street' THEN
    below := ARRAY(SELECT p.id FROM resource_place p WHERE p.parent_id = ANY (here) AND p.door = door_said AND p.door <> '' AND p.state <> 'gone'
                   UNION SELECT p.id FROM resource_place p WHERE p.parent_id = ANY (here) AND p.level = 'building' AND p.key = door_said AND p.state <> 'gone');
    IF cardinality(below) > 0 THEN here := below; ELSE complete := false; END IF;
  ELSIF door_said <> '' AND cardinality(here) > 1 THEN
    below := ARRAY(SELECT p.id FROM resource_place p WHERE p.id = ANY (here) AND p.door = door_said);
    IF cardinality(below) > 0 THEN here := below; END IF;
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
  RETURN QUERY SELECT h.id, complete AND NOT contrary FROM unnest(here) WITH ORDINALITY AS h(id, n) ORDER BY n LIMIT most;
END $$;
CREATE OR REPLACE FUNCTION resource_coverage(asked uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
  ups uuid[];
  place jsonb;
BEGIN
  SELECT array_agg(u.id ORDER BY u.depth),
         jsonb_build_object(
           'full', string_agg(CASE WHEN u.level = 'community' AND u.door <> '' THEN u.door || CASE WHEN u.door ~ '^[0-9-]+$' THEN '号' ELSE '' END ELSE '' END || u.name, '' ORDER BY u.depth DESC),
           'full_en', string_agg(coalesce(nullif(u.name_en, ''), u.name) || CASE WHEN u.level = 'community' AND u.door <> '' THEN ', No. ' || u.door ELSE '' END, ', ' ORDER BY u.depth))
    INTO ups, place FROM resource_place_up(asked) u;
  IF ups IS NULL THEN RETURN NULL; END IF;
  RETURN (
    SELECT place || jsonb_build_object('id', p.id, 'org_id', p.org_id, 'level', p.level, 'state', p.state, 'community_id', p.community_id,
             'latitude', p.latitude, 'longitude', p.longitude)
    FROM resource_place p WHERE p.id = asked
  ) || jsonb_build_object('accesses', (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', a.id, 'equipment_id', a.equipment_id, 'place_id', a.place_id, 'org_id', a.org_id, 'technology', a.technology, 'state', a.state, 'planned_on', a.planned_on,
      'max_down_mbps', a.max_down_mbps, 'max_up_mbps', a.max_up_mbps, 'distance_m', a.distance_m, 'ports', o.ports, 'path', w.path)
      ORDER BY a.distance_m, a.id), '[]')
    FROM resource_access a
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_object_agg(s.state, jsonb_build_object('count', s.n, 'down', s.down, 'up', s.up, 'planned_on', s.planned_on)), '{}') AS ports FROM (
        SELECT o.state, count(*) AS n, max(coalesce(o.max_down_mbps, 0)) FILTER (WHERE o.max_down_mbps IS NOT NULL) AS down,
               max(o.max_up_mbps) AS up, min(o.planned_on) AS planned_on
        FROM resource_port o WHERE o.equipment_id = a.equipment_id GROUP BY o.state) s) o
    CROSS JOIN LATERAL (
      WITH RECURSIVE way AS (
        SELECT e.*, 0 AS depth FROM resource_equipment e WHERE e.id = a.equipment_id
        UNION ALL
        SELECT e.*, way.depth + 1 FROM way JOIN resource_equipment e ON e.id = way.parent_id WHERE way.depth < 12)
      SELECT jsonb_agg(jsonb_build_object(
        'id', y.id, 'code', y.code, 'name', y.name, 'kind', y.kind, 'technology', y.technology, 'state', y.state, 'planned_on', y.planned_on,
        'max_down_mbps', y.max_down_mbps, 'max_up_mbps', y.max_up_mbps, 'uplink_mbps', y.uplink_mbps, 'split', y.split,
        'free_dsl', CASE WHEN y.kind = 'dslam' THEN (SELECT count(*) FROM resource_port o WHERE o.equipment_id = y.id AND o.state = 'free' AND o.kind = 'dsl') END,
        'site', (SELECT jsonb_build_object('id', s.id, 'code', s.code, 'name', s.name, 'kind', s.kind, 'state', s.state) FROM resource_site s WHERE s.id = y.site_id))
        ORDER BY y.depth DESC) AS path FROM way y) w
    WHERE a.place_id = ANY (ups) AND a.state <> 'retired'));
END $$;
CREATE FUNCTION resource_coverage_by_words(names text[], door_said text, building_said text, unit_said text, room_said text, most int)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
  found uuid[];
  whole boolean;
BEGIN
  SELECT array_agg(m.place_id), bool_and(m.complete) INTO found, whole
  FROM resource_place_match(names, door_said, building_said, unit_said, room_said, most) m;
  IF found IS NULL THEN RETURN jsonb_build_object('found', '[]'::jsonb); END IF;
  IF cardinality(found) = 1 THEN
    RETURN jsonb_build_object('complete', whole, 'coverage', resource_coverage(found[1]));
  END IF;
  RETURN jsonb_build_object('complete', whole, 'found', resource_places_shown(found));
END $$;
DROP FUNCTION resource_coverage_text(uuid);
