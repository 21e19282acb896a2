-- Writes finished rows of new customers with the events that tell of them, one statement a table, in one round trip.
-- The caller's scope holds: nothing here steps over it. The customer comes first: whoever sees only the customers they
-- keep sees the other rows through it.
DROP FUNCTION party_write_customers(jsonb);
CREATE FUNCTION party_write_customers(facts jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO party_customer SELECT * FROM jsonb_populate_recordset(NULL::party_customer, facts->'customers');
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
  INSERT INTO kernel_outbox SELECT * FROM jsonb_populate_recordset(NULL::kernel_outbox, facts->'events');
END $$;
