-- A post's title is written once, in the operator's own language: the role's English name stands beside it in what
-- follows from the post, so that English pages read it without a further look-up.
CREATE OR REPLACE FUNCTION tongke_rights_refresh(wanted uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO staff_post_right (post_id, staff_id, base_org_id, scope, own, clear, permissions, valid_from, valid_until, document)
  SELECT p.id, p.staff_id, base.id, sc.scope, w.own, c.clear, g.permissions, p.valid_from, p.valid_until,
    jsonb_build_object('post_id', p.id, 'post_title', p.title, 'post_role_en', h.name_en, 'org_id', p.org_id, 'org_kind', o.kind,
      'org_zh', o.name_zh, 'org_en', o.name_en, 'base_org_id', base.id, 'zone', o.zone, 'home', h.home,
      'roles', to_jsonb(p.roles), 'scope', sc.scope, 'own', w.own, 'clear', c.clear, 'permissions', to_jsonb(g.permissions))
  FROM staff_post p
  JOIN staff_org o ON o.id = p.org_id
  -- A unit keeps no rows of its own: its people work on those of the nearest level above it.
  CROSS JOIN LATERAL (
    SELECT a.id, a.kind, a.path FROM staff_org a
    WHERE a.kind <> 'unit' AND o.path ^@ a.path ORDER BY length(a.path) DESC LIMIT 1) base
  CROSS JOIN LATERAL (
    SELECT CASE WHEN base.kind = 'group' THEN '*' ELSE (
      SELECT string_agg(d.id::text, ',' ORDER BY d.id) FROM staff_org d WHERE d.kind <> 'unit' AND d.path ^@ base.path) END AS scope) sc
  CROSS JOIN LATERAL (SELECT CASE WHEN p.own_rows_only THEN p.staff_id::text ELSE '' END AS own) w
  CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT code ORDER BY code) AS permissions
    FROM (SELECT unnest(r.permissions) AS code FROM staff_role r WHERE r.code = ANY (p.roles) AND r.active
          UNION SELECT 'staff.own') x) g
  CROSS JOIN LATERAL (
    SELECT coalesce(string_agg(k.kind, ',' ORDER BY k.place), '') AS clear
    FROM unnest(ARRAY['name', 'phone', 'id_number', 'address', 'email', 'birth']) WITH ORDINALITY k(kind, place)
    WHERE 'party.see_' || k.kind = ANY (g.permissions)) c
  CROSS JOIN LATERAL (
    SELECT coalesce(min(first.home), 'clerk') AS home, coalesce(min(first.name_en), '') AS name_en
    FROM (SELECT r.home, r.name_en FROM staff_role r WHERE r.code = ANY (p.roles) AND r.active
      ORDER BY array_position(p.roles, r.code) LIMIT 1) first) h
  WHERE wanted IS NULL OR p.id = ANY (wanted)
  ON CONFLICT (post_id) DO UPDATE SET staff_id = excluded.staff_id, base_org_id = excluded.base_org_id, scope = excluded.scope,
    own = excluded.own, clear = excluded.clear, permissions = excluded.permissions, valid_from = excluded.valid_from,
    valid_until = excluded.valid_until, document = excluded.document
  WHERE staff_post_right.document IS DISTINCT FROM excluded.document OR staff_post_right.staff_id <> excluded.staff_id
     OR staff_post_right.valid_from <> excluded.valid_from OR staff_post_right.valid_until IS DISTINCT FROM excluded.valid_until;
$$;
SELECT tongke_rights_refresh(NULL);

-- The names of a colleague who signed something with the user name; NULL for an unknown one.
CREATE FUNCTION tongke_colleague_named(wanted text) RETURNS jsonb LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT jsonb_build_object('id', s.id, 'username', s.username, 'zh', s.name_zh, 'en', s.name_en) FROM staff_staff s WHERE s.username = wanted
$$;
