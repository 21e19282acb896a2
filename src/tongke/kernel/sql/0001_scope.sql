-- The role of web, API and worker: never the owner of a table, so row-level security binds it.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tongke_app') THEN
    CREATE ROLE tongke_app LOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- made by a neighbour's migration at this moment
END $$;
GRANT tongke_app TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO tongke_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO tongke_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO tongke_app;

-- UUIDv7 (RFC 9562): the server's own from PostgreSQL 18 on, else the same layout made here.
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    CREATE FUNCTION tongke_uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS 'SELECT uuidv7()';
  ELSE
    CREATE FUNCTION tongke_uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $f$
      SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
        52, 1), 53, 1), 'hex')::uuid
    $f$;
  END IF;
END $$;

-- One call puts the actor on the session: name, scope ('*' or org ids), own-rows manager, clear kinds.
CREATE FUNCTION tongke_enter(actor text, scope text, own text, clear text) RETURNS void
LANGUAGE sql VOLATILE AS $$
  SELECT set_config('tongke.actor', actor, false), set_config('tongke.scope', scope, false),
         set_config('tongke.own', own, false), set_config('tongke.clear', clear, false);
$$;
CREATE FUNCTION tongke_sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT current_setting('tongke.scope', true) IS NOT DISTINCT FROM '*' $$;
CREATE FUNCTION tongke_scope() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN coalesce(current_setting('tongke.scope', true), '') IN ('', '*') THEN '{}'::int[]
              ELSE string_to_array(current_setting('tongke.scope', true), ',')::int[] END $$;
CREATE FUNCTION tongke_own() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('tongke.own', true), '')::uuid $$;
-- True where the actor may read this kind of personal data (name, phone, id_number, address, email, birth).
CREATE FUNCTION tongke_clear(kind text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT kind = ANY (string_to_array(coalesce(current_setting('tongke.clear', true), ''), ',')) $$;
