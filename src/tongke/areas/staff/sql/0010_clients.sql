-- Machine clients: what follows from a client's roles and organisation, its tokens, its permits, its last use.
-- The application cannot read or write these tables by hand; it calls the functions below.

-- Which permission codes a word of a scope names: a code (party.view), an area (party.*), all that reads or all that
-- writes, everywhere (read, write) or in one area (party:read, party:write).
CREATE FUNCTION tongke_scope_holds(word text, code text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN word IN ('read', 'write') THEN (word = 'read') = reads
    WHEN word ^@ (area || ':') THEN split_part(word, ':', 2) = CASE WHEN reads THEN 'read' ELSE 'write' END
    ELSE word = code OR word = area || '.*' END
  FROM (SELECT split_part(code, '.', 1) AS area, (what ^@ 'view' OR what ^@ 'see_' OR right(what, 5) = '_view') AS reads
        FROM (SELECT split_part(code, '.', 2) AS what) w) x
$$;
-- The permissions among ``held`` that any of the words names; no words at all narrow nothing.
CREATE FUNCTION tongke_scope_narrowed(held text[], words text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN coalesce(cardinality(words), 0) = 0 THEN held ELSE coalesce((
    SELECT array_agg(code ORDER BY code) FROM unnest(held) code
    WHERE EXISTS (SELECT FROM unnest(words) word WHERE tongke_scope_holds(word, code))), '{}') END
$$;
CREATE FUNCTION tongke_clear_kinds(held text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(string_agg(kind, ',' ORDER BY place), '')
  FROM unnest(ARRAY['name', 'phone', 'id_number', 'address', 'email', 'birth']) WITH ORDINALITY k(kind, place)
  WHERE 'party.see_' || kind = ANY (held)
$$;

CREATE TABLE staff_client_right (
  client_id uuid PRIMARY KEY REFERENCES staff_client (id), name text NOT NULL, org_id int NOT NULL, base_org_id int NOT NULL, zone text NOT NULL,
  scope text NOT NULL, permissions text[] NOT NULL, networks cidr[] NOT NULL, per_minute int NOT NULL,
  valid_from timestamptz NOT NULL, valid_until timestamptz
);
CREATE TABLE staff_client_token (
  hash text COLLATE "C" PRIMARY KEY, client_id uuid NOT NULL REFERENCES staff_client (id), words text[] NOT NULL,
  permissions text[] NOT NULL, clear text NOT NULL, issued_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
  revoked_at timestamptz, last_used_at timestamptz NOT NULL DEFAULT '-infinity'
) WITH (fillfactor = 80);
CREATE INDEX staff_client_token_client ON staff_client_token (client_id, expires_at);
CREATE TABLE staff_client_use (client_id uuid PRIMARY KEY REFERENCES staff_client (id), last_used_at timestamptz NOT NULL);
-- Permits are worth nothing after a crash: a client begins with a full measure again.
CREATE UNLOGGED TABLE staff_client_permit (client_id uuid PRIMARY KEY, level double precision NOT NULL, at timestamptz NOT NULL) WITH (fillfactor = 50);

CREATE FUNCTION tongke_client_rights_refresh(wanted uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO staff_client_right (client_id, name, org_id, base_org_id, zone, scope, permissions, networks, per_minute, valid_from, valid_until)
  SELECT c.id, c.name, o.id, base.id, o.zone, sc.scope, g.permissions, c.networks::cidr[], c.per_minute, c.valid_from, c.valid_until
  FROM staff_client c
  JOIN staff_org o ON o.id = c.org_id
  CROSS JOIN LATERAL (
    SELECT a.id, a.kind, a.path FROM staff_org a
    WHERE a.kind <> 'unit' AND o.path ^@ a.path ORDER BY length(a.path) DESC LIMIT 1) base
  CROSS JOIN LATERAL (
    SELECT CASE WHEN base.kind = 'group' THEN '*' ELSE (
      SELECT string_agg(d.id::text, ',' ORDER BY d.id) FROM staff_org d WHERE d.kind <> 'unit' AND d.path ^@ base.path) END AS scope) sc
  CROSS JOIN LATERAL (
    SELECT tongke_scope_narrowed(coalesce(array_agg(DISTINCT code ORDER BY code), '{}'), c.scopes::text[]) AS permissions
    FROM (SELECT unnest(r.permissions)::text AS code FROM staff_role r WHERE r.code = ANY (c.roles) AND r.active) x
    -- What a person does for himself (profile, second factor, asking for approvals) is no business of a machine.
    WHERE code <> 'staff.own') g
  WHERE wanted IS NULL OR c.id = ANY (wanted)
  ON CONFLICT (client_id) DO UPDATE SET name = excluded.name, org_id = excluded.org_id, base_org_id = excluded.base_org_id, zone = excluded.zone,
    scope = excluded.scope, permissions = excluded.permissions, networks = excluded.networks, per_minute = excluded.per_minute,
    valid_from = excluded.valid_from, valid_until = excluded.valid_until;
  -- Tokens that are out follow at once.
  UPDATE staff_client_token t SET permissions = tongke_scope_narrowed(r.permissions, t.words),
         clear = tongke_clear_kinds(tongke_scope_narrowed(r.permissions, t.words))
  FROM staff_client_right r
  WHERE r.client_id = t.client_id AND (wanted IS NULL OR t.client_id = ANY (wanted)) AND t.revoked_at IS NULL
    AND t.permissions <> tongke_scope_narrowed(r.permissions, t.words);
$$;

CREATE FUNCTION tongke_rights_of_clients() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM tongke_client_rights_refresh((SELECT array_agg(id) FROM new_rows));
  RETURN NULL;
END $$;
CREATE FUNCTION tongke_client_rights_of_roles() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM tongke_client_rights_refresh((SELECT coalesce(array_agg(DISTINCT c.id), '{}') FROM staff_client c JOIN new_rows r ON r.code = ANY (c.roles)));
  RETURN NULL;
END $$;
CREATE FUNCTION tongke_client_rights_of_orgs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM tongke_client_rights_refresh(NULL);
  RETURN NULL;
END $$;
CREATE TRIGGER rights_insert AFTER INSERT ON staff_client REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tongke_rights_of_clients();
CREATE TRIGGER rights_update AFTER UPDATE ON staff_client REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tongke_rights_of_clients();
CREATE TRIGGER client_rights_insert AFTER INSERT ON staff_role REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tongke_client_rights_of_roles();
CREATE TRIGGER client_rights_update AFTER UPDATE ON staff_role REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tongke_client_rights_of_roles();
CREATE TRIGGER client_rights_change AFTER INSERT OR UPDATE ON staff_org FOR EACH STATEMENT EXECUTE FUNCTION tongke_client_rights_of_orgs();

-- What may be known of a client before it has a token, for the endpoint of tokens only: NULL where it is unknown,
-- ended, or comes from a network that is not its own.
CREATE FUNCTION tongke_client_digests(client uuid, at timestamptz, address inet) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce((SELECT array_agg(s.digest::text) FROM staff_client_secret s
                   WHERE s.client_id = r.client_id AND (s.valid_until IS NULL OR s.valid_until > at)), '{}')
  FROM staff_client_right r
  WHERE r.client_id = client AND r.valid_from <= at AND (r.valid_until IS NULL OR r.valid_until > at)
    AND (r.networks = '{}' OR address <<= ANY (r.networks))
$$;

-- A new token for a client whose secret was checked. ``unfit`` are asked words that name nothing the client holds:
-- where there are any, or where it holds nothing at all, no token is made.
CREATE FUNCTION tongke_token_issue(token_hash text, client uuid, asked text[], at timestamptz, until timestamptz, OUT permissions text[], OUT unfit text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  held text[];
  ends timestamptz;
BEGIN
  SELECT r.permissions, r.valid_until INTO held, ends FROM staff_client_right r
   WHERE r.client_id = client AND r.valid_from <= at AND (r.valid_until IS NULL OR r.valid_until > at);
  permissions := tongke_scope_narrowed(held, asked);
  unfit := coalesce((SELECT array_agg(word) FROM unnest(asked) word
                     WHERE NOT EXISTS (SELECT FROM unnest(held) code WHERE tongke_scope_holds(word, code))), '{}');
  IF coalesce(cardinality(permissions), 0) = 0 OR cardinality(unfit) > 0 THEN RETURN; END IF;
  INSERT INTO staff_client_token (hash, client_id, words, permissions, clear, issued_at, expires_at)
  VALUES (token_hash, client, asked, permissions, tongke_clear_kinds(permissions), at, least(until, ends));
END $$;

-- Takes tokens back: the one of ``token_hash``, or all of the client where that is NULL. Never another client's.
CREATE FUNCTION tongke_token_revoke(client uuid, token_hash text, at timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH done AS (UPDATE staff_client_token t SET revoked_at = at
    WHERE t.client_id = client AND (token_hash IS NULL OR t.hash = token_hash) AND t.revoked_at IS NULL RETURNING 1)
  SELECT count(*) FROM done
$$;

-- One call per request: is the token alive, whose is it, what may it; the actor stands on the connection afterwards
-- (or on the transaction, with is_local). client_id is NULL where nobody stands; staff_id always is, a client being no
-- person. ``address`` may be NULL: a client with networks of its own is then refused.
CREATE FUNCTION tongke_token_stand(hash text, at timestamptz, is_local boolean, address inet, OUT client_id uuid, OUT staff_id uuid,
  OUT username text, OUT org_id int, OUT base_org_id int, OUT zone text, OUT scope text, OUT own text, OUT clear text, OUT permissions text[],
  OUT words text[], OUT expires_at timestamptz, OUT per_minute int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  used timestamptz;
BEGIN
  SELECT t.client_id, 'client:' || r.name, r.org_id, r.base_org_id, r.zone, r.scope, '', t.clear, t.permissions, t.words, t.expires_at,
         r.per_minute, t.last_used_at
    INTO client_id, username, org_id, base_org_id, zone, scope, own, clear, permissions, words, expires_at, per_minute, used
    FROM staff_client_token t
    JOIN staff_client_right r ON r.client_id = t.client_id
   WHERE t.hash = tongke_token_stand.hash AND t.expires_at > at AND t.revoked_at IS NULL
     AND r.valid_from <= at AND (r.valid_until IS NULL OR r.valid_until > at)
     AND (r.networks = '{}' OR address <<= ANY (r.networks));
  IF NOT FOUND THEN
    PERFORM set_config('tongke.actor', '', is_local), set_config('tongke.scope', '', is_local),
            set_config('tongke.own', '', is_local), set_config('tongke.clear', '', is_local);
    RETURN;
  END IF;
  IF used < at - interval '1 minute' THEN
    -- Whoever else is just doing the same has done it for us.
    PERFORM FROM staff_client_token t WHERE t.hash = tongke_token_stand.hash FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
      UPDATE staff_client_token t SET last_used_at = at WHERE t.hash = tongke_token_stand.hash;
      PERFORM tongke_client_used(client_id, at);
    END IF;
  END IF;
  PERFORM set_config('tongke.actor', username, is_local), set_config('tongke.scope', scope, is_local),
          set_config('tongke.own', own, is_local), set_config('tongke.clear', clear, is_local);
END $$;
CREATE FUNCTION tongke_client_used(client uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM staff_client_use u WHERE u.client_id = client) THEN
    PERFORM FROM staff_client_use u WHERE u.client_id = client AND u.last_used_at < at FOR UPDATE SKIP LOCKED;
    IF FOUND THEN UPDATE staff_client_use u SET last_used_at = at WHERE u.client_id = client; END IF;
  ELSE
    INSERT INTO staff_client_use VALUES (client, at) ON CONFLICT DO NOTHING;
  END IF;
END $$;

-- A lease of permits for one process: a tenth of a second's worth out of a measure that holds one minute's and fills
-- up evenly. granted is NULL where the client has no limit; 0 with the seconds to wait where the measure is empty.
CREATE FUNCTION tongke_permits_take(client uuid, at timestamptz, OUT granted int, OUT wait_seconds double precision)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  most int;
  had record;
  now_level double precision;
BEGIN
  SELECT r.per_minute INTO most FROM staff_client_right r WHERE r.client_id = client;
  IF coalesce(most, 0) = 0 THEN RETURN; END IF;
  INSERT INTO staff_client_permit VALUES (client, most, at) ON CONFLICT DO NOTHING;
  SELECT p.level, p.at INTO had FROM staff_client_permit p WHERE p.client_id = client FOR UPDATE;
  now_level := least(most, had.level + greatest(extract(epoch FROM at - had.at), 0) * most / 60.0);
  granted := least(greatest(most / 600, 1), floor(now_level));
  wait_seconds := CASE WHEN granted = 0 THEN (1 - now_level) * 60.0 / most ELSE 0 END;
  UPDATE staff_client_permit p SET level = now_level - granted, at = greatest(p.at, tongke_permits_take.at) WHERE p.client_id = client;
END $$;

-- When the actor's clients were last used, and how many of their tokens are alive; the caller's scope decides which.
CREATE FUNCTION tongke_clients_in_use(wanted uuid[], at timestamptz) RETURNS TABLE (client_id uuid, last_used_at timestamptz, tokens bigint, permissions text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT r.client_id, u.last_used_at, (SELECT count(*) FROM staff_client_token t
    WHERE t.client_id = r.client_id AND t.revoked_at IS NULL AND t.expires_at > at), r.permissions
  FROM staff_client_right r LEFT JOIN staff_client_use u ON u.client_id = r.client_id WHERE r.client_id = ANY (wanted)
$$;
CREATE FUNCTION tongke_forget_tokens(at timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH gone AS (DELETE FROM staff_client_token t WHERE t.expires_at <= at OR t.revoked_at <= at RETURNING 1) SELECT count(*) FROM gone
$$;

REVOKE ALL ON staff_client_right, staff_client_token, staff_client_use, staff_client_permit FROM tongke_app;
REVOKE DELETE ON staff_client, staff_client_secret FROM tongke_app;
REVOKE EXECUTE ON FUNCTION tongke_client_rights_refresh(uuid[]) FROM PUBLIC;
ALTER TABLE staff_client_right ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_client_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_client_use ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_client_permit ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_client_secret ENABLE ROW LEVEL SECURITY;
CREATE POLICY house_only ON staff_client_secret USING ((SELECT tongke_is_system()));
