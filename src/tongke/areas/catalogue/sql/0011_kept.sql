-- A tax rate that has begun stands: bills were made by it. Its names may be mended, and its end moves until it has come.
CREATE FUNCTION catalogue_rate_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the tax rate of % since % has begun and stands', OLD.category, OLD.valid_from USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER rate_stands BEFORE UPDATE ON catalogue_tax_rate FOR EACH ROW
  WHEN ((OLD.valid_from <= now()
         AND (OLD.id, OLD.category, OLD.percent, OLD.valid_from) IS DISTINCT FROM (NEW.id, NEW.category, NEW.percent, NEW.valid_from))
        OR (OLD.valid_until <= now() AND OLD.valid_until IS DISTINCT FROM NEW.valid_until))
  EXECUTE FUNCTION catalogue_rate_stands();
REVOKE DELETE ON catalogue_tax_rate FROM tongke_app;

-- A share of a promotion is held, held on and given back by the functions that count it (0005 to 0009), never by hand: whoever is
-- bound to a scope uses one that is held, and hands one to another customer or organisation with everything else of theirs.
REVOKE INSERT, UPDATE, DELETE ON catalogue_promotion_grant FROM tongke_app;
GRANT UPDATE (state, expires_at, changed_at, customer_id, org_id) ON catalogue_promotion_grant TO tongke_app;
CREATE FUNCTION catalogue_share_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the share % is counted: it is not moved from % to % by hand', OLD.key, OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER share_stands BEFORE UPDATE ON catalogue_promotion_grant FOR EACH ROW
  WHEN (row_security_active('catalogue_promotion_grant')
        AND ((OLD.state <> NEW.state AND (OLD.state, NEW.state) <> ('held', 'used'))
             OR (OLD.expires_at IS DISTINCT FROM NEW.expires_at AND NEW.state <> 'used')))
  EXECUTE FUNCTION catalogue_share_stands();

CREATE FUNCTION catalogue_counter_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the shares of % v% are counted as they are held and given back, not by hand', OLD.code, OLD.version USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER counter_stands BEFORE UPDATE OF used ON catalogue_promotion FOR EACH ROW
  WHEN (row_security_active('catalogue_promotion') AND OLD.used <> NEW.used) EXECUTE FUNCTION catalogue_counter_stands();

-- What a share gave is written while the share is held, and stands once it is used; only the customer and the organisation move.
REVOKE DELETE ON catalogue_benefit_given FROM tongke_app;
CREATE FUNCTION catalogue_benefit_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.grant_id <> OLD.grant_id
     OR (SELECT g.state FROM catalogue_promotion_grant g WHERE g.id = NEW.grant_id) IS DISTINCT FROM 'held' THEN
    RAISE EXCEPTION 'what the share % gave stands', NEW.grant_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER benefit_given BEFORE INSERT ON catalogue_benefit_given FOR EACH ROW EXECUTE FUNCTION catalogue_benefit_stands();
CREATE TRIGGER benefit_stands BEFORE UPDATE ON catalogue_benefit_given FOR EACH ROW
  WHEN ((OLD.id, OLD.grant_id, OLD.product_id, OLD.kind, OLD.amount, OLD.currency, OLD.prestore_amount, OLD.points, OLD.contract_from, OLD.contract_until, OLD.given_at)
        IS DISTINCT FROM
        (NEW.id, NEW.grant_id, NEW.product_id, NEW.kind, NEW.amount, NEW.currency, NEW.prestore_amount, NEW.points, NEW.contract_from, NEW.contract_until, NEW.given_at))
  EXECUTE FUNCTION catalogue_benefit_stands();
