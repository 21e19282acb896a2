-- As before, without one line where it is named: whoever takes that line over is asked what else runs under the document.
DROP FUNCTION inventory_lines_on_document(uuid);
CREATE FUNCTION inventory_lines_on_document(party uuid, but_not uuid DEFAULT NULL) RETURNS TABLE (kind text, lines bigint)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 4 SET search_path = public, pg_temp AS $$
  WITH bearers AS (
    SELECT party AS id
    UNION SELECT other.party_id FROM party_identity_document mine JOIN party_identity_document other ON other.number_index = mine.number_index
    WHERE mine.party_id = party AND mine.valid_until IS NULL AND other.valid_until IS NULL
  )
  SELECT s.kind::text, count(DISTINCT s.id) FROM bearers b
  JOIN inventory_subscriber_role r ON r.party_id = b.id AND r.role = 'legal_owner' AND r.valid_until IS NULL
  JOIN inventory_subscriber s ON s.id = r.subscriber_id
  WHERE s.state NOT IN ('terminated', 'aborted', 'cancelled') AND s.id IS DISTINCT FROM but_not GROUP BY s.kind
$$;
