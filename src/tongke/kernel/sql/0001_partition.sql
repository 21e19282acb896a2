CREATE FUNCTION tongke_ensure_month(parent text, month timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  first timestamptz := date_trunc('month', month);
  part text := parent || to_char(first, '_YYYYMM');
  by_column text;
  moved bigint;
BEGIN
  IF to_regclass(part) IS NOT NULL THEN RETURN; END IF;
  IF NOT EXISTS (SELECT FROM pg_partitioned_table p WHERE p.partrelid = to_regclass(parent)) THEN
    RAISE EXCEPTION '% is not a partitioned table', parent;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('tongke_partition'), hashtext(part));
  IF to_regclass(part) IS NOT NULL THEN RETURN; END IF;
  SELECT a.attname INTO by_column FROM pg_partitioned_table p
    JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
    WHERE p.partrelid = to_regclass(parent);
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, parent);
  -- Rows that came before their month had a partition wait in the default one: move them first.
  EXECUTE format('WITH gone AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *) INSERT INTO %I SELECT * FROM gone',
    parent || '_default', by_column, first, by_column, first + interval '1 month', part);
  GET DIAGNOSTICS moved = ROW_COUNT;
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
    parent, part, first, first + interval '1 month');
  -- Reached by its own name, a partition would not know its parent's policy: nobody but the owner reaches it.
  EXECUTE format('REVOKE ALL ON %I FROM tongke_app', part);
END $$;
