-- A session that began with a password chosen by somebody else holds nothing but staff.own until its owner has
-- chosen another (which ends it): it stands as restricted, whatever the second factor says.
CREATE OR REPLACE FUNCTION tongke_session_stand(hash text, at timestamptz, is_local boolean, OUT session_id uuid, OUT staff_id uuid,
  OUT restricted boolean, OUT second_factor boolean, OUT username text, OUT name_zh text, OUT name_en text, OUT locale text, OUT theme text,
  OUT base_org_id int, OUT scope text, OUT own text, OUT clear text, OUT permissions text[], OUT document jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  seen timestamptz;
BEGIN
  SELECT s.id, s.staff_id, s.restricted OR s.password_owed, s.second_factor, p.username, p.name_zh, p.name_en, p.locale, p.theme,
         r.base_org_id, r.scope, r.own, r.clear, r.permissions, r.document, s.last_seen_at
    INTO session_id, staff_id, restricted, second_factor, username, name_zh, name_en, locale, theme,
         base_org_id, scope, own, clear, permissions, document, seen
    FROM staff_session s
    JOIN staff_staff p ON p.id = s.staff_id
    JOIN staff_post_right r ON r.post_id = s.post_id AND r.staff_id = s.staff_id
   WHERE s.session_key = hash AND s.expires_at > at AND s.idle_until > at AND p.is_active
     AND r.valid_from <= at AND (r.valid_until IS NULL OR r.valid_until > at);
  IF NOT FOUND THEN
    PERFORM set_config('tongke.actor', '', is_local), set_config('tongke.scope', '', is_local),
            set_config('tongke.own', '', is_local), set_config('tongke.clear', '', is_local);
    RETURN;
  END IF;
  IF seen < at - interval '1 minute' THEN
    -- Whoever else is just doing the same has done it for us.
    PERFORM FROM staff_session s WHERE s.session_key = hash FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
      UPDATE staff_session s SET last_seen_at = at,
        idle_until = at + make_interval(mins => coalesce(tongke_staff_policy('session_idle_minutes', at)::int, 30))
      WHERE s.session_key = hash;
    END IF;
  END IF;
  IF restricted THEN
    scope := ''; clear := ''; permissions := '{staff.own}';
  END IF;
  PERFORM set_config('tongke.actor', username, is_local), set_config('tongke.scope', scope, is_local),
          set_config('tongke.own', own, is_local), set_config('tongke.clear', clear, is_local);
END $$;

-- One call per request of Django's handler: as above, and the actor's document, or NULL with nobody standing.
CREATE OR REPLACE FUNCTION tongke_session_enter(hash text, at timestamptz, is_local boolean DEFAULT false) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  f record;
  doc jsonb;
BEGIN
  f := tongke_session_stand(hash, at, is_local);
  IF f.staff_id IS NULL THEN RETURN NULL; END IF;
  doc := f.document || jsonb_build_object('session_id', f.session_id, 'staff_id', f.staff_id, 'username', f.username, 'name_zh', f.name_zh,
    'name_en', f.name_en, 'locale', f.locale, 'theme', f.theme, 'restricted', f.restricted, 'second_factor', f.second_factor);
  IF f.restricted THEN
    doc := doc || jsonb_build_object('scope', f.scope, 'clear', f.clear, 'permissions', f.permissions,
      'password_owed', (SELECT s.password_owed FROM staff_session s WHERE s.session_key = hash));
  END IF;
  RETURN doc;
END $$;
