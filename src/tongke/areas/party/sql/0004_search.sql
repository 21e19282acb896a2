-- 尾号: ends of phone numbers, read backwards, so that they are a range too. Row-level security keeps such an
-- expression from using an index, so this one function steps over it: it looks through the actor's organisations
-- only and gives nothing but keys, whose rows are then read under row-level security as ever.
CREATE INDEX medium_by_org_tail ON party_contact_medium (org_id, (left(reverse(value), 8)) COLLATE "C") WHERE kind IN ('mobile', 'phone');
CREATE FUNCTION tongke_orgs_in_sight() RETURNS int[] LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN tongke_sees_all() THEN (SELECT array_agg(id) FROM staff_org WHERE kind <> 'unit') ELSE tongke_scope() END
$$;
CREATE FUNCTION party_media_by_tail(lo text, hi text, row_limit int) RETURNS SETOF uuid
LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
  SELECT x.id FROM unnest(tongke_orgs_in_sight()) o(org) CROSS JOIN LATERAL (
    SELECT m.id FROM party_contact_medium m
    WHERE m.org_id = o.org AND m.kind IN ('mobile', 'phone')
      AND left(reverse(m.value), 8) COLLATE "C" >= lo AND left(reverse(m.value), 8) COLLATE "C" < hi
    ORDER BY left(reverse(m.value), 8) COLLATE "C" LIMIT row_limit) x
$$;

CREATE INDEX medium_by_org_value ON party_contact_medium (org_id, value);

-- Every search by range begins with the organisation: a small scope never walks the rows of a large one.
CREATE INDEX party_by_org_pinyin ON party_party (org_id, pinyin_full, id);
CREATE INDEX party_by_org_initials ON party_party (org_id, pinyin_initials, id);
CREATE INDEX address_by_org_street ON party_postal_address (org_id, street_key);
CREATE INDEX address_by_org_place ON party_postal_address (org_id, place_key);

-- The register of street and community names in use, one row for every character where the name may be entered:
-- "contains" over a million addresses becomes a range over some thousand names.
CREATE TABLE party_place_name (
  org_id int NOT NULL, suffix text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, PRIMARY KEY (org_id, suffix, name)
);
ALTER TABLE party_place_name ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope_of_actor ON party_place_name FOR SELECT
  USING ((SELECT tongke_sees_all()) OR org_id = ANY ((SELECT tongke_scope())::int[]));
REVOKE INSERT, UPDATE, DELETE ON party_place_name FROM tongke_app;

-- 文三路398号万塘公寓3幢 with 万塘公寓3幢 from the place on: the names are 文三路 and 万塘公寓.
CREATE FUNCTION tongke_place_names(street_key text, place_key text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT DISTINCT substring(part FROM '^[0-9]*[^0-9]{2,40}')
  FROM (VALUES (CASE WHEN place_key <> '' AND right(street_key, length(place_key)) = place_key
                     THEN left(street_key, length(street_key) - length(place_key)) ELSE street_key END), (place_key)) v(part)
  WHERE part ~ '^[0-9]*[^0-9]{2}'
$$;

CREATE FUNCTION tongke_register_places() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO party_place_name (org_id, suffix, name)
  SELECT f.org_id, substr(f.name, k), f.name
  FROM (SELECT DISTINCT a.org_id, n.name FROM new_rows a, tongke_place_names(a.street_key, a.place_key) n(name)
        WHERE NOT EXISTS (SELECT FROM party_place_name h WHERE h.org_id = a.org_id AND h.suffix = n.name AND h.name = n.name)
        ORDER BY 1, 2) f, generate_series(1, greatest(length(f.name) - 1, 1)) k
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER places_of_new AFTER INSERT ON party_postal_address
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tongke_register_places();
CREATE TRIGGER places_of_changed AFTER UPDATE ON party_postal_address
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tongke_register_places();

-- Enters the names of every address at once: for rows that were loaded with triggers off.
CREATE FUNCTION party_register_places() RETURNS bigint LANGUAGE sql SET search_path = public, pg_temp AS $$
  WITH found AS (
    SELECT DISTINCT a.org_id, n.name FROM party_postal_address a, tongke_place_names(a.street_key, a.place_key) n(name)
  ), entered AS (
    INSERT INTO party_place_name (org_id, suffix, name)
    SELECT f.org_id, substr(f.name, k), f.name FROM found f, generate_series(1, greatest(length(f.name) - 1, 1)) k
    ON CONFLICT DO NOTHING RETURNING 1
  )
  SELECT count(*) FROM entered
$$;
