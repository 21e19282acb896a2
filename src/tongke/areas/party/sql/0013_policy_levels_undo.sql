-- One set of figures for the whole operator again.
CREATE OR REPLACE FUNCTION party_policy_at(at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT jsonb_object_agg(name, value)::text FROM party_policy
  WHERE valid_from <= at AND (valid_until IS NULL OR at < valid_until)
$$;
DROP FUNCTION party_policy_at(timestamptz, int);
