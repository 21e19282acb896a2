-- What proves a key and how it was used: apart from the key's record, whose every change is in the audit trail.
CREATE TABLE staff_personal_token_key (
  token_id uuid PRIMARY KEY REFERENCES staff_personal_token (id),
  token_hash text NOT NULL UNIQUE,
  last_used_at timestamptz,
  minute timestamptz,
  calls int NOT NULL DEFAULT 0
);
-- The application makes a key's row and forgets its hash; to look, it asks the functions below.
REVOKE ALL ON staff_personal_token_key FROM tongke_app;
GRANT INSERT ON staff_personal_token_key TO tongke_app;

ALTER TABLE staff_personal_token ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON staff_personal_token USING ((SELECT tongke_is_system()) OR staff_id = (SELECT tongke_staff_id()));
REVOKE DELETE ON staff_personal_token FROM tongke_app;
CREATE INDEX staff_personal_token_of ON staff_personal_token (staff_id, created_at DESC);

-- Everybody may leave a trace, nobody may change one; reading is scoped.
CREATE INDEX staff_assistant_call_staff ON staff_assistant_call (staff_id, at DESC);
ALTER TABLE staff_assistant_call ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_in_scope ON staff_assistant_call FOR SELECT USING ((SELECT tongke_sees_all()) OR org_id = ANY ((SELECT tongke_scope())::int[]));
CREATE POLICY leave_trace ON staff_assistant_call FOR INSERT WITH CHECK (true);
REVOKE UPDATE, DELETE ON staff_assistant_call FROM tongke_app;

-- Which keys of a person were used when last.
CREATE FUNCTION tongke_personal_tokens_used(person uuid) RETURNS TABLE (token_id uuid, last_used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT k.token_id, k.last_used_at FROM staff_personal_token_key k JOIN staff_personal_token t ON t.id = k.token_id
  WHERE t.staff_id = person AND (tongke_is_system() OR person = tongke_staff_id())
$$;

-- Whom a key lets an assistant act for: the document of the post, as for a session, or NULL. Counts the call. A key
-- dies with its expiry, its owner's account or post, and with the password that was in force when it was made.
CREATE FUNCTION tongke_personal_token_enter(hash text, at timestamptz) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  f record;
  made int;
BEGIN
  SELECT t.id, t.name, t.writing, t.expires_at, p.id AS staff_id, p.username, p.name_zh, p.name_en, p.locale, p.theme, r.document
    INTO f
    FROM staff_personal_token_key k
    JOIN staff_personal_token t ON t.id = k.token_id
    JOIN staff_staff p ON p.id = t.staff_id
    JOIN staff_post_right r ON r.post_id = t.post_id AND r.staff_id = t.staff_id
   WHERE k.token_hash = hash AND t.revoked_at IS NULL AND t.expires_at > at AND p.is_active
     AND (p.password_changed_at IS NULL OR p.password_changed_at <= t.created_at)
     AND r.valid_from <= at AND (r.valid_until IS NULL OR r.valid_until > at);
  IF NOT FOUND THEN RETURN NULL; END IF;
  UPDATE staff_personal_token_key k
     SET last_used_at = at, minute = date_trunc('minute', at),
         calls = CASE WHEN k.minute = date_trunc('minute', at) THEN k.calls + 1 ELSE 1 END
   WHERE k.token_id = f.id RETURNING k.calls INTO made;
  RETURN f.document || jsonb_build_object('token_id', f.id, 'token_name', f.name, 'writing', f.writing, 'expires_at', f.expires_at,
    'staff_id', f.staff_id, 'username', f.username, 'name_zh', f.name_zh, 'name_en', f.name_en, 'locale', f.locale, 'theme', f.theme,
    'calls', made, 'calls_max', coalesce(tongke_staff_policy('assistant_calls_a_minute', at)::int, 120),
    'session_id', '', 'restricted', false, 'second_factor', false);
END $$;

-- An assistant stands on the connection under the person's name and a mark; the person's own rows stay theirs.
CREATE OR REPLACE FUNCTION tongke_staff_id() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT id FROM staff_staff WHERE username = split_part(current_setting('tongke.actor', true), ' via ', 1) $$;
