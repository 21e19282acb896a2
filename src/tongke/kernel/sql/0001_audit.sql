-- The trail: rows with before and after, and one link per statement. 64 chains, chosen by the
-- connection, so that writers on different connections never wait for each other's commit.
CREATE TABLE kernel_audit_head (
  chain smallint PRIMARY KEY, seq bigint NOT NULL, hash bytea NOT NULL, at timestamptz NOT NULL
) WITH (fillfactor = 20);
INSERT INTO kernel_audit_head SELECT c, 0, sha256(convert_to('tongke chain ' || c, 'UTF8')), now() FROM generate_series(0, 63) c;

CREATE TABLE kernel_audit_row (
  at timestamptz NOT NULL, chain smallint NOT NULL, seq bigint NOT NULL, ordinal int NOT NULL,
  actor text NOT NULL, table_name text COLLATE "C" NOT NULL, op char(1) NOT NULL, row_id text COLLATE "C" NOT NULL,
  org_id int, before jsonb, after jsonb,
  PRIMARY KEY (at, chain, seq, ordinal)
) PARTITION BY RANGE (at);
CREATE TABLE kernel_audit_row_default PARTITION OF kernel_audit_row DEFAULT;
CREATE INDEX kernel_audit_row_subject ON kernel_audit_row (row_id, at);
CREATE TABLE kernel_audit_link (
  at timestamptz NOT NULL, chain smallint NOT NULL, seq bigint NOT NULL, txid bigint NOT NULL,
  table_name text NOT NULL, op char(1) NOT NULL, rows int NOT NULL,
  digest bytea NOT NULL, prev bytea NOT NULL, hash bytea NOT NULL,
  PRIMARY KEY (at, chain, seq)
) PARTITION BY RANGE (at);
CREATE TABLE kernel_audit_link_default PARTITION OF kernel_audit_link DEFAULT;
SELECT tongke_ensure_month(t, date_trunc('month', now()) + make_interval(months => m))
FROM unnest(ARRAY['kernel_audit_row', 'kernel_audit_link']) t, generate_series(-1, 3) m;

-- What a row's hash is taken over; the verifier uses the very same function.
CREATE FUNCTION tongke_audit_text(at timestamptz, actor text, table_name text, op text, row_id text, org_id int, before jsonb, after jsonb)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT concat_ws(E'\x1f', (extract(epoch FROM at) * 1000000)::bigint::text, actor, table_name, op, row_id,
    coalesce(org_id::text, '-'), coalesce(before::text, '-'), coalesce(after::text, '-'))
$$;

CREATE FUNCTION tongke_audit_take_chain() RETURNS kernel_audit_head
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  head kernel_audit_head;
  mine smallint := coalesce(nullif(current_setting('tongke.chain', true), '')::smallint, (pg_backend_pid() % 64)::smallint);
BEGIN
  -- A free chain, one's own first: nobody waits for another's commit (and so no deadlock over chains).
  SELECT * INTO head FROM kernel_audit_head WHERE chain = mine FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    SELECT * INTO head FROM kernel_audit_head LIMIT 1 FOR UPDATE SKIP LOCKED;
  END IF;
  IF NOT FOUND THEN
    SELECT * INTO head FROM kernel_audit_head WHERE chain = mine FOR UPDATE;
  END IF;
  PERFORM set_config('tongke.chain', head.chain::text, true);
  RETURN head;
END $$;

CREATE FUNCTION tongke_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  head kernel_audit_head := tongke_audit_take_chain();
  -- Never earlier than the link before it, whatever the machine's clock does.
  stamp timestamptz := greatest(clock_timestamp(), head.at + interval '1 microsecond');
  who text := coalesce(nullif(current_setting('tongke.actor', true), ''), session_user);
  letter char(1) := left(TG_OP, 1);
  n int;
  dig bytea;
  link bytea;
BEGIN
  IF TG_OP = 'INSERT' THEN
    WITH ins AS (
      INSERT INTO kernel_audit_row
      SELECT stamp, head.chain, head.seq + 1, row_number() OVER (), who, TG_TABLE_NAME, letter,
             coalesce(j->>TG_ARGV[0], ''), (j->>'org_id')::int, NULL, j
      FROM (SELECT to_jsonb(t) - 'password' AS j FROM new_rows t) s RETURNING *)
    SELECT count(*), sha256(convert_to(string_agg(tongke_audit_text(at, actor, table_name, op, row_id, org_id, before, after), E'\x1e' ORDER BY ordinal), 'UTF8'))
      INTO n, dig FROM ins;
  ELSIF TG_OP = 'DELETE' THEN
    WITH ins AS (
      INSERT INTO kernel_audit_row
      SELECT stamp, head.chain, head.seq + 1, row_number() OVER (), who, TG_TABLE_NAME, letter,
             coalesce(j->>TG_ARGV[0], ''), (j->>'org_id')::int, j, NULL
      FROM (SELECT to_jsonb(t) - 'password' AS j FROM old_rows t) s RETURNING *)
    SELECT count(*), sha256(convert_to(string_agg(tongke_audit_text(at, actor, table_name, op, row_id, org_id, before, after), E'\x1e' ORDER BY ordinal), 'UTF8'))
      INTO n, dig FROM ins;
  ELSE
    WITH ins AS (
      INSERT INTO kernel_audit_row
      SELECT stamp, head.chain, head.seq + 1, row_number() OVER (), who, TG_TABLE_NAME, letter,
             coalesce(n.j->>TG_ARGV[0], ''), (n.j->>'org_id')::int, o.j, n.j
      FROM (SELECT to_jsonb(t) - 'password' AS j, row_number() OVER () AS r FROM old_rows t) o
      JOIN (SELECT to_jsonb(t) - 'password' AS j, row_number() OVER () AS r FROM new_rows t) n USING (r)
      WHERE o.j IS DISTINCT FROM n.j RETURNING *)
    SELECT count(*), sha256(convert_to(string_agg(tongke_audit_text(at, actor, table_name, op, row_id, org_id, before, after), E'\x1e' ORDER BY ordinal), 'UTF8'))
      INTO n, dig FROM ins;
  END IF;
  IF n = 0 THEN RETURN NULL; END IF;
  link := sha256(head.hash || convert_to(concat_ws(E'\x1f', head.chain, head.seq + 1, (extract(epoch FROM stamp) * 1000000)::bigint, TG_TABLE_NAME, letter, n), 'UTF8') || dig);
  INSERT INTO kernel_audit_link VALUES (stamp, head.chain, head.seq + 1, txid_current(), TG_TABLE_NAME, letter, n, dig, head.hash, link);
  UPDATE kernel_audit_head SET seq = head.seq + 1, hash = link, at = stamp WHERE chain = head.chain;
  RETURN NULL;
END $$;

-- key: the primary key's column where it is not called id.
CREATE FUNCTION tongke_audit_table(target text, key text DEFAULT 'id') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER audit_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tongke_audit(%L)', target, key);
  EXECUTE format('CREATE TRIGGER audit_update AFTER UPDATE ON %I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tongke_audit(%L)', target, key);
  EXECUTE format('CREATE TRIGGER audit_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION tongke_audit(%L)', target, key);
END $$;
CREATE FUNCTION tongke_unaudit_table(target text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('DROP TRIGGER audit_insert ON %I', target);
  EXECUTE format('DROP TRIGGER audit_update ON %I', target);
  EXECUTE format('DROP TRIGGER audit_delete ON %I', target);
END $$;

-- The application may read the trail (within its scope) but has no way to write it by hand.
REVOKE INSERT, UPDATE, DELETE ON kernel_audit_row, kernel_audit_link, kernel_audit_head FROM tongke_app;
REVOKE ALL ON kernel_audit_row_default, kernel_audit_link_default FROM tongke_app;
ALTER TABLE kernel_audit_row ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope_of_actor ON kernel_audit_row FOR SELECT
  USING ((SELECT tongke_sees_all()) OR org_id = ANY ((SELECT tongke_scope())::int[]));
