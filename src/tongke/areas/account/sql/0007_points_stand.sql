-- The ledger of points: a move stands as it was made, a lot keeps what it was earned as, and its moves sum to what is left in it.
-- Only the organisation moves, along with the customer.
CREATE FUNCTION account_points_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a booking of points stands as it was made (% of %)', lower(TG_OP), TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER move_stands BEFORE UPDATE ON account_points_move FOR EACH ROW
  WHEN ((OLD.id, OLD.lot_id, OLD.account_id, OLD.kind, OLD.points, OLD.key, OLD.reason, OLD.booked_by, OLD.booked_at)
        IS DISTINCT FROM (NEW.id, NEW.lot_id, NEW.account_id, NEW.kind, NEW.points, NEW.key, NEW.reason, NEW.booked_by, NEW.booked_at))
  EXECUTE FUNCTION account_points_stand();
CREATE TRIGGER move_stays BEFORE DELETE ON account_points_move FOR EACH ROW EXECUTE FUNCTION account_points_stand();
CREATE TRIGGER lot_stands BEFORE UPDATE ON account_points_lot FOR EACH ROW
  WHEN ((OLD.id, OLD.origin_id, OLD.key, OLD.source, OLD.reference, OLD.earned, OLD.earned_at, OLD.expires_on)
        IS DISTINCT FROM (NEW.id, NEW.origin_id, NEW.key, NEW.source, NEW.reference, NEW.earned, NEW.earned_at, NEW.expires_on)
        OR (OLD.cancelled_at IS NOT NULL AND OLD.cancelled_at IS DISTINCT FROM NEW.cancelled_at))
  EXECUTE FUNCTION account_points_stand();
CREATE TRIGGER lot_stays BEFORE DELETE ON account_points_lot FOR EACH ROW EXECUTE FUNCTION account_points_stand();
REVOKE DELETE ON account_points_lot, account_points_move FROM tongke_app;
REVOKE UPDATE ON account_points_move FROM tongke_app;
GRANT UPDATE (org_id) ON account_points_move TO tongke_app;

-- Looked at when the transaction ends, whoever wrote and whatever he may see. Argument: the column that names the lot.
CREATE FUNCTION account_points_add_up() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE lot uuid := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid; left_ integer; moved bigint;
BEGIN
  SELECT l.rest, coalesce((SELECT sum(m.points) FROM account_points_move m WHERE m.lot_id = l.id), 0) INTO left_, moved
    FROM account_points_lot l WHERE l.id = lot;
  IF left_ IS DISTINCT FROM moved THEN
    RAISE EXCEPTION 'the moves of lot % sum to %, % are left in it', lot, moved, left_ USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER lot_adds_up AFTER INSERT OR UPDATE OF rest ON account_points_lot DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION account_points_add_up('id');
CREATE CONSTRAINT TRIGGER move_adds_up AFTER INSERT ON account_points_move DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION account_points_add_up('lot_id');
