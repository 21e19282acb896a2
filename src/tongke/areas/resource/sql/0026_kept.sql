-- Things of the network are never deleted by the application: they end in a state of their own, and their moves stay readable.
REVOKE DELETE ON resource_number, resource_number_hold, resource_number_commitment, resource_number_block, resource_number_range, resource_number_pool,
  resource_stock_item, resource_stock_place, resource_stock_transfer, resource_stock_count, resource_site, resource_equipment, resource_port, resource_access,
  resource_place, resource_reservation FROM tongke_app;

-- What a fine number was sold for stands as it was frozen (T4); only its end is written later.
CREATE FUNCTION resource_commitment_refuses_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the terms under which number % was sold do not change', OLD.number USING ERRCODE = '23514', CONSTRAINT = 'number_commitment_frozen';
END $$;
CREATE TRIGGER commitment_frozen BEFORE UPDATE ON resource_number_commitment FOR EACH ROW
  WHEN ((OLD.number_id, OLD.number, OLD.assigned_to, OLD.schedule_id, OLD.grade, OLD.prestore, OLD.monthly_floor, OLD.currency, OLD.term_months,
         OLD.floor_while_suspended, OLD.penalty_percent, OLD.exempt_after_term, OLD.starts_on, OLD.ends_on)
    IS DISTINCT FROM
        (NEW.number_id, NEW.number, NEW.assigned_to, NEW.schedule_id, NEW.grade, NEW.prestore, NEW.monthly_floor, NEW.currency, NEW.term_months,
         NEW.floor_while_suspended, NEW.penalty_percent, NEW.exempt_after_term, NEW.starts_on, NEW.ends_on))
  EXECUTE FUNCTION resource_commitment_refuses_change();
