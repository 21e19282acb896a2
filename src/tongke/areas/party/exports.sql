-- One row a customer in force or gone; absorbed ones are counted with their survivor.
CREATE VIEW export_customer WITH (security_invoker = true) AS
  SELECT c.id AS customer_id, c.org_id, c.segment, c.level, c.state, c.credit_class, c.credit_limit, c.manager_id,
         c.since_on, c.left_on, c.risk_score, c.value_score
  FROM party_customer c WHERE c.state <> 'merged';
-- One row a party, without anything that names it.
CREATE VIEW export_party WITH (security_invoker = true) AS
  SELECT p.id AS party_id, p.org_id, p.kind, p.state, p.completeness, p.verified_on FROM party_party p WHERE p.merged_into_id IS NULL;
CREATE VIEW export_blacklist WITH (security_invoker = true) AS
  SELECT b.id AS entry_id, b.org_id, b.match, b.cause, b.effect, b.level, b.state, b.valid_from, b.expires_at FROM party_blacklist_entry b;
