-- How many other parties in the whole operator hold a document of this number now. Only the count leaves:
-- a clerk may not see the other networks' rows, but the cap on one person's records counts them all.
CREATE FUNCTION party_document_holders(number bytea, but_not uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(DISTINCT d.party_id) FROM party_identity_document d JOIN party_party p ON p.id = d.party_id
  WHERE d.number_index = number AND d.valid_until IS NULL AND p.merged_into_id IS NULL AND p.id IS DISTINCT FROM but_not
$$;

-- The fields of completeness that a party has, by the names that the policy weighs.
CREATE FUNCTION party_present_fields(party uuid, at timestamptz) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT array_remove(ARRAY[
    CASE WHEN p.name <> '' THEN 'name' END,
    CASE WHEN p.birth_on IS NOT NULL THEN 'birth_on' END,
    CASE WHEN p.gender <> '' THEN 'gender' END,
    CASE WHEN p.industry <> '' THEN 'industry' END,
    CASE WHEN p.occupation <> '' THEN 'occupation' END,
    CASE WHEN d.held THEN 'document' END,
    CASE WHEN d.is_current THEN 'document_current' END,
    CASE WHEN d.is_verified THEN 'document_verified' END,
    CASE WHEN m.has_phone THEN 'phone' END,
    CASE WHEN m.has_email THEN 'email' END,
    CASE WHEN EXISTS (SELECT FROM party_postal_address a WHERE a.party_id = p.id AND a.valid_until IS NULL) THEN 'address' END,
    CASE WHEN EXISTS (SELECT FROM party_consent c WHERE c.party_id = p.id AND c.valid_until IS NULL) THEN 'consent' END,
    CASE WHEN EXISTS (SELECT FROM party_relation r WHERE r.parent_id = p.id AND r.tree = 'key_person' AND r.valid_until IS NULL) THEN 'key_person' END
  ], NULL)
  FROM party_party p
  LEFT JOIN LATERAL (
    SELECT count(*) > 0 AS held, coalesce(bool_or(expires_on IS NULL OR expires_on > (at AT TIME ZONE 'UTC')::date), false) AS is_current,
           coalesce(bool_or(verified_at IS NOT NULL), false) AS is_verified
    FROM party_identity_document d WHERE d.party_id = p.id AND d.valid_until IS NULL) d ON true
  LEFT JOIN LATERAL (
    SELECT coalesce(bool_or(kind IN ('mobile', 'phone')), false) AS has_phone, coalesce(bool_or(kind = 'email'), false) AS has_email
    FROM party_contact_medium m WHERE m.party_id = p.id AND m.valid_until IS NULL) m ON true
  WHERE p.id = party
$$;

-- Writes finished rows of new customers, one statement a table whether it is one customer or thousands, and
-- gives the printed numbers in the order of the rows. The caller's scope holds: nothing here steps over it.
-- The customer comes first: whoever sees only the customers they keep sees the other rows through it.
CREATE FUNCTION party_write_customers(facts jsonb) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  numbers text[];
BEGIN
  WITH numbered AS (
    SELECT j.row || jsonb_build_object('customer_no', coalesce(nullif(j.row->>'customer_no', ''), (facts->>'series') || (
             SELECT lpad(n::text, greatest(8, length(n::text)), '0') FROM (SELECT nextval('number_cu') n WHERE j.ordinal IS NOT NULL) s))) AS row, j.ordinal
    FROM jsonb_array_elements(facts->'customers') WITH ORDINALITY AS j (row, ordinal)
  ), written AS (
    INSERT INTO party_customer SELECT r.* FROM numbered, jsonb_populate_record(NULL::party_customer, numbered.row) r
    RETURNING id
  )
  SELECT array_agg(n.row->>'customer_no' ORDER BY n.ordinal) INTO numbers FROM numbered n;
  INSERT INTO party_party SELECT * FROM jsonb_populate_recordset(NULL::party_party, facts->'parties');
  IF jsonb_array_length(facts->'documents') > 0 THEN
    INSERT INTO party_identity_document SELECT * FROM jsonb_populate_recordset(NULL::party_identity_document, facts->'documents');
  END IF;
  IF jsonb_array_length(facts->'media') > 0 THEN
    INSERT INTO party_contact_medium SELECT * FROM jsonb_populate_recordset(NULL::party_contact_medium, facts->'media');
  END IF;
  IF jsonb_array_length(facts->'addresses') > 0 THEN
    INSERT INTO party_postal_address SELECT * FROM jsonb_populate_recordset(NULL::party_postal_address, facts->'addresses');
  END IF;
  IF jsonb_array_length(facts->'consents') > 0 THEN
    INSERT INTO party_consent SELECT * FROM jsonb_populate_recordset(NULL::party_consent, facts->'consents');
  END IF;
  RETURN numbers;
END $$;
