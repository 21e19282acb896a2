-- Figures of points that have begun stand: lots were made and redeemed by them. Those that are planned may be planned otherwise.
CREATE FUNCTION account_figures_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the figures of points of % since % have begun and stand', OLD.org_id, OLD.valid_from USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER figures_stand BEFORE UPDATE ON account_points_policy FOR EACH ROW
  WHEN (OLD.valid_from < now() AND OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION account_figures_stand();
REVOKE DELETE ON account_points_policy FROM tongke_app;
