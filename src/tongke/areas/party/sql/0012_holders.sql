-- The count of a document's holders is asked before one more is written: whoever asks about the same number at the same
-- time waits for the one who asked first, and then counts anew. Volatile, so that the count sees what was committed meanwhile.
CREATE OR REPLACE FUNCTION party_document_holders(number bytea, but_not uuid) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(encode(number, 'hex'), 20));
  RETURN (SELECT count(DISTINCT d.party_id) FROM party_identity_document d JOIN party_party p ON p.id = d.party_id
          WHERE d.number_index = number AND d.valid_until IS NULL AND p.merged_into_id IS NULL AND p.id IS DISTINCT FROM but_not);
END $$;
