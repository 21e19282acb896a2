CREATE VIEW export_line WITH (security_invoker = true) AS
  SELECT s.id AS subscriber_id, s.org_id, s.customer_id, s.kind, s.state, s.activated_on, s.ended_on, s.end_reason FROM inventory_subscriber s;
CREATE VIEW export_product WITH (security_invoker = true) AS
  SELECT d.id AS product_id, d.org_id, d.customer_id, d.subscriber_id, o.code AS offering, o.version, o.kind, d.state, d.monthly_fee,
         d.started_on, d.ended_on, d.contract_until
  FROM inventory_product d JOIN catalogue_offering o ON o.id = d.offering_id;
CREATE VIEW export_usage WITH (security_invoker = true) AS
  SELECT u.month_at, u.subscriber_id, u.org_id, u.voice_seconds, u.voice_calls, u.sms_count, u.data_bytes, u.roaming_bytes, u.peers,
         u.faults, u.charged FROM inventory_usage_month u;
