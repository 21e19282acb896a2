CREATE VIEW export_account WITH (security_invoker = true) AS
  SELECT a.id AS account_id, a.org_id, a.customer_id, a.state, a.payment_kind, a.payment_method, a.balance, a.owed, a.currency, a.opened_on
  FROM account_billing_account a;
CREATE VIEW export_bill WITH (security_invoker = true) AS
  SELECT b.id AS bill_id, b.org_id, b.account_id, b.state, b.period_from, b.issued_on, b.due_on, b.total, b.paid, b.currency FROM account_bill b;
CREATE VIEW export_payment WITH (security_invoker = true) AS
  SELECT y.id AS payment_id, y.org_id, y.account_id, y.state, y.method, y.channel, y.amount, y.currency, y.paid_at FROM account_payment y;
