-- What follows from a post: scope, permissions and clear kinds, worked out once when post, role or tree
-- change, so that a request needs three look-ups by primary key.
CREATE FUNCTION tongke_rights_refresh(wanted uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO staff_post_right (post_id, staff_id, base_org_id, scope, own, clear, permissions, valid_from, valid_until, document)
  SELECT p.id, p.staff_id, base.id, sc.scope, w.own, c.clear, g.permissions, p.valid_from, p.valid_until,
    jsonb_build_object('post_id', p.id, 'post_title', p.title, 'org_id', p.org_id, 'org_kind', o.kind,
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
    SELECT coalesce((SELECT r.home FROM staff_role r WHERE r.code = ANY (p.roles) AND r.active
      ORDER BY array_position(p.roles, r.code) LIMIT 1), 'clerk') AS home) h
  WHERE wanted IS NULL OR p.id = ANY (wanted)
  ON CONFLICT (post_id) DO UPDATE SET staff_id = excluded.staff_id, base_org_id = excluded.base_org_id, scope = excluded.scope,
    own = excluded.own, clear = excluded.clear, permissions = excluded.permissions, valid_from = excluded.valid_from,
    valid_until = excluded.valid_until, document = excluded.document
  WHERE staff_post_right.document IS DISTINCT FROM excluded.document OR staff_post_right.staff_id <> excluded.staff_id
     OR staff_post_right.valid_from <> excluded.valid_from OR staff_post_right.valid_until IS DISTINCT FROM excluded.valid_until;
$$;

CREATE FUNCTION tongke_rights_of_posts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM tongke_rights_refresh((SELECT array_agg(id) FROM new_rows));
  RETURN NULL;
END $$;
CREATE FUNCTION tongke_rights_of_roles() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM tongke_rights_refresh((SELECT coalesce(array_agg(DISTINCT p.id), '{}') FROM staff_post p JOIN new_rows r ON r.code = ANY (p.roles)));
  RETURN NULL;
END $$;
-- The tree is small and rarely changes; its number lets processes know when their cached names are old.
CREATE SEQUENCE staff_org_version;
CREATE FUNCTION tongke_rights_of_orgs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM nextval('staff_org_version');
  PERFORM tongke_rights_refresh(NULL);
  RETURN NULL;
END $$;
CREATE TRIGGER rights_insert AFTER INSERT ON staff_post REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tongke_rights_of_posts();
CREATE TRIGGER rights_update AFTER UPDATE ON staff_post REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tongke_rights_of_posts();
CREATE TRIGGER rights_insert AFTER INSERT ON staff_role REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tongke_rights_of_roles();
CREATE TRIGGER rights_update AFTER UPDATE ON staff_role REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tongke_rights_of_roles();
CREATE TRIGGER rights_change AFTER INSERT OR UPDATE ON staff_org FOR EACH STATEMENT EXECUTE FUNCTION tongke_rights_of_orgs();
SELECT tongke_rights_refresh(NULL);

-- Nobody grants himself a right by hand, and nobody deletes people, posts, orgs or roles: they end.
REVOKE INSERT, UPDATE, DELETE ON staff_post_right FROM tongke_app;
REVOKE DELETE ON staff_org, staff_staff, staff_post, staff_role, staff_approval, staff_policy, staff_sign_in_attempt FROM tongke_app;
REVOKE EXECUTE ON FUNCTION tongke_rights_refresh(uuid[]) FROM PUBLIC;

-- A policy figure at an instant: the newest that has begun, else NULL (the code's default holds).
CREATE FUNCTION tongke_staff_policy(wanted text, at timestamptz) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT value FROM staff_policy WHERE code = wanted AND valid_from <= at ORDER BY valid_from DESC LIMIT 1
$$;

-- One call per request: is the session alive, who is it, at which post; the actor stands on the connection
-- afterwards (or on the transaction, with is_local). Returns the actor's document, or NULL with nobody standing.
-- A restricted session (second factor still to be set up) holds nothing but staff.own and sees no row.
CREATE FUNCTION tongke_session_enter(hash text, at timestamptz, is_local boolean DEFAULT false) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  f record;
  doc jsonb;
BEGIN
  SELECT s.id, s.session_key, s.staff_id, s.restricted, s.second_factor, s.last_seen_at, p.username, p.name_zh, p.name_en, p.locale, p.theme,
         r.scope, r.own, r.clear, r.document
    INTO f
    FROM staff_session s
    JOIN staff_staff p ON p.id = s.staff_id
    JOIN staff_post_right r ON r.post_id = s.post_id AND r.staff_id = s.staff_id
   WHERE s.session_key = hash AND s.expires_at > at AND s.idle_until > at AND p.is_active
     AND r.valid_from <= at AND (r.valid_until IS NULL OR r.valid_until > at);
  IF NOT FOUND THEN
    PERFORM set_config('tongke.actor', '', is_local), set_config('tongke.scope', '', is_local),
            set_config('tongke.own', '', is_local), set_config('tongke.clear', '', is_local);
    RETURN NULL;
  END IF;
  IF f.last_seen_at < at - interval '1 minute' THEN
    -- Whoever else is just doing the same has done it for us.
    PERFORM FROM staff_session WHERE session_key = hash FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
      UPDATE staff_session SET last_seen_at = at,
        idle_until = at + make_interval(mins => coalesce(tongke_staff_policy('session_idle_minutes', at)::int, 30))
      WHERE session_key = hash;
    END IF;
  END IF;
  doc := f.document || jsonb_build_object('session_id', f.id, 'staff_id', f.staff_id, 'username', f.username, 'name_zh', f.name_zh,
    'name_en', f.name_en, 'locale', f.locale, 'theme', f.theme, 'restricted', f.restricted, 'second_factor', f.second_factor);
  IF f.restricted THEN
    f.scope := ''; f.clear := '';
    doc := doc || '{"scope": "", "clear": "", "permissions": ["staff.own"]}';
  END IF;
  PERFORM set_config('tongke.actor', f.username, is_local), set_config('tongke.scope', f.scope, is_local),
          set_config('tongke.own', f.own, is_local), set_config('tongke.clear', f.clear, is_local);
  RETURN doc;
END $$;

-- Rows that belong to one person: that person, and the house's own processes.
CREATE FUNCTION tongke_is_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('tongke.actor', true), '') ^@ 'system:' $$;
CREATE FUNCTION tongke_staff_id() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT id FROM staff_staff WHERE username = current_setting('tongke.actor', true) $$;

ALTER TABLE staff_session ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON staff_session USING ((SELECT tongke_is_system()) OR staff_id = (SELECT tongke_staff_id()));
ALTER TABLE staff_secret ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON staff_secret USING ((SELECT tongke_is_system()) OR staff_id = (SELECT tongke_staff_id()));
ALTER TABLE staff_saved_filter ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON staff_saved_filter USING ((SELECT tongke_is_system()) OR staff_id = (SELECT tongke_staff_id()));
-- Anybody's verb may put a line into a colleague's tray; only its owner reads it.
ALTER TABLE staff_notification ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON staff_notification USING ((SELECT tongke_is_system()) OR staff_id = (SELECT tongke_staff_id()));
CREATE POLICY leave_line ON staff_notification FOR INSERT WITH CHECK (true);
ALTER TABLE staff_sign_in_attempt ENABLE ROW LEVEL SECURITY;
CREATE POLICY house_only ON staff_sign_in_attempt USING ((SELECT tongke_is_system()) OR (SELECT tongke_sees_all()));
