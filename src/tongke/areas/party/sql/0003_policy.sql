-- The figures the room starts with; each is changed on the policy page, from a day on.
INSERT INTO party_policy (id, name, value, valid_from, reason, set_by)
SELECT tongke_uuid7(), name, value::jsonb, timestamptz '2000-01-01 00:00:00+00', 'First figures', 'system:migration' FROM (VALUES
  ('documents_per_person_max', '5'),
  ('records_per_document_max', '5'),
  ('image_bytes_max', '8388608'),
  ('image_pixels_max', '40000000'),
  ('verification_months_max', '36'),
  ('repair_below_percent', '80'),
  ('appeal_decision_days', '15'),
  ('blacklist_expiry_days', '{"debt": null, "fraud": null, "spam": 365, "identity_abuse": 1825, "authority": null, "own_wish": null}'),
  ('credit_override_days_max', '365'),
  ('credit_limit_max', '50000'),
  ('credit_points', '{"start": 500, "tenure_year": 20, "tenure_years_max": 10, "paid_on_time": 200, "arrears_month": -80,
     "arrears_months_max": 5, "fraud_case": -400, "deposit_yuan_per_point": 10, "deposit_max": 100}'),
  ('credit_bands', '[{"credit_class": "A", "from_score": 800, "credit_limit": "500.00"}, {"credit_class": "B", "from_score": 650, "credit_limit": "300.00"},
     {"credit_class": "C", "from_score": 450, "credit_limit": "100.00"}, {"credit_class": "D", "from_score": 250, "credit_limit": "0.00"},
     {"credit_class": "E", "from_score": 0, "credit_limit": "0.00"}]'),
  ('completeness_weights', '{"individual": {"name": 10, "birth_on": 5, "gender": 5, "document": 25, "document_current": 10,
     "document_verified": 10, "phone": 15, "address": 10, "email": 5, "consent": 5},
    "organization": {"name": 10, "document": 25, "document_current": 10, "document_verified": 10, "industry": 5, "phone": 15,
     "address": 10, "email": 5, "key_person": 5, "consent": 5}}')
) AS figures (name, value);

-- Every figure in force at one instant, as one object: what policy.PartyPolicy is read from.
CREATE FUNCTION party_policy_at(at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT jsonb_object_agg(name, value)::text FROM party_policy
  WHERE valid_from <= at AND (valid_until IS NULL OR at < valid_until)
$$;
