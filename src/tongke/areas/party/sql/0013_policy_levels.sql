-- Figures on which money or protection hangs hold everywhere as the group set them, until the group permits otherwise.
UPDATE party_policy SET may_override = false WHERE name IN ('credit_limit_max', 'credit_points', 'credit_bands',
  'credit_override_days_max', 'records_per_document_max', 'image_bytes_max', 'image_pixels_max');

-- Every figure in force at one instant for an organisation, as one object: what policy.PartyPolicy is read from.
-- Of the figures set along the organisation's path the highest that permits no other holds, else the lowest.
-- An unknown organisation, or none, has the group's figures. PL/pgSQL, for it keeps its plan: each new customer asks.
CREATE FUNCTION party_policy_at(at timestamptz, org int) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE levels int[] := ARRAY[1] || coalesce(
  (SELECT array_remove(string_to_array(trim(BOTH '/' FROM o.path), '/')::int[], 1) FROM staff_org o WHERE o.id = org), '{}');
BEGIN
  RETURN (SELECT jsonb_object_agg(name, value)::text FROM (
    SELECT DISTINCT ON (p.name) p.name, p.value
    FROM party_policy p CROSS JOIN LATERAL array_position(levels, p.org_id) AS depth
    WHERE p.org_id = ANY (levels) AND p.valid_from <= at AND (p.valid_until IS NULL OR at < p.valid_until)
    ORDER BY p.name, p.may_override, CASE WHEN p.may_override THEN -depth ELSE depth END) AS chosen);
END $$;

-- The group's figures.
CREATE OR REPLACE FUNCTION party_policy_at(at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT party_policy_at(at, 1)
$$;
