-- What the blacklist holds against a person and against given keys, in the whole operator: a debtor of one network
-- must not start anew in the next. Only the entries' own words leave, never another network's customer.
-- The person is followed through merges: entries on any record that became this one count, and on their documents.
CREATE FUNCTION party_blacklist_hits(party uuid, keys text[], at timestamptz)
RETURNS TABLE (id uuid, match text, cause text, effect text, level smallint, expires_at timestamptz, org_id int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE up AS (
    SELECT p.id, p.merged_into_id FROM party_party p WHERE p.id = party
    UNION SELECT p.id, p.merged_into_id FROM up JOIN party_party p ON p.id = up.merged_into_id
  ), family AS (
    SELECT up.id FROM up
    UNION SELECT p.id FROM family JOIN party_party p ON p.merged_into_id = family.id
  ), wanted AS (
    SELECT unnest(keys) AS key
    UNION SELECT family.id::text FROM family
    UNION SELECT encode(d.number_index, 'hex') FROM party_identity_document d JOIN family ON family.id = d.party_id WHERE d.valid_until IS NULL
  )
  SELECT b.id, b.match, b.cause, b.effect, b.level, b.expires_at, b.org_id
  FROM party_blacklist_entry b JOIN wanted ON wanted.key = b.match_key
  WHERE b.state IN ('active', 'appealed') AND b.valid_from <= at AND (b.expires_at IS NULL OR at < b.expires_at)
  ORDER BY b.level DESC, b.valid_from
$$;

-- Works the completeness of many parties out again by the same weights as the single verbs; gives how many changed.
CREATE FUNCTION party_settle_completeness(parties uuid[], weights jsonb, at timestamptz) RETURNS bigint LANGUAGE sql VOLATILE AS $$
  WITH scored AS (
    SELECT p.id, w.total, coalesce(w.lacking, 0) AS lacking, coalesce(w.missing, '[]'::jsonb) AS missing
    FROM party_party p
    CROSS JOIN LATERAL party_present_fields(p.id, at) AS present
    CROSS JOIN LATERAL (
      SELECT sum(weight) AS total, sum(weight) FILTER (WHERE NOT name = ANY (present)) AS lacking,
             jsonb_agg(name ORDER BY weight DESC, name COLLATE "C") FILTER (WHERE NOT name = ANY (present)) AS missing
      FROM (SELECT key AS name, value::int AS weight FROM jsonb_each_text(weights->(p.kind))) f) w
    WHERE p.id = ANY (parties)
  ), changed AS (
    UPDATE party_party p SET completeness = CASE WHEN s.total > 0 THEN 100 * (s.total - s.lacking) / s.total ELSE 100 END,
                             missing = CASE WHEN s.total > 0 THEN s.missing ELSE '[]'::jsonb END
    FROM scored s
    WHERE p.id = s.id AND (p.completeness, p.missing) IS DISTINCT FROM
      (CASE WHEN s.total > 0 THEN (100 * (s.total - s.lacking) / s.total)::smallint ELSE 100::smallint END,
       CASE WHEN s.total > 0 THEN s.missing ELSE '[]'::jsonb END)
    RETURNING 1
  )
  SELECT count(*) FROM changed
$$;
