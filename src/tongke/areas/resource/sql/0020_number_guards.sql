-- Cooling is never cut short by moving its end either; only the statement that ends it takes the date away.
CREATE FUNCTION resource_number_refuses_cut() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the cooling of number % is not cut short', OLD.number USING ERRCODE = '23514', CONSTRAINT = 'number_cooling_over';
END $$;
CREATE TRIGGER cooling_stays BEFORE UPDATE OF cooling_until ON resource_number FOR EACH ROW
  WHEN (OLD.state = 'cooling' AND NEW.state = 'cooling' AND NEW.cooling_until IS DISTINCT FROM OLD.cooling_until
        AND (NEW.cooling_until IS NULL OR NEW.cooling_until < OLD.cooling_until))
  EXECUTE FUNCTION resource_number_refuses_cut();
-- These write for the verbs above them, past row-level security, and ask nobody's scope: only those verbs may call them.
REVOKE EXECUTE ON FUNCTION resource_note_move, resource_end_expired FROM PUBLIC;
