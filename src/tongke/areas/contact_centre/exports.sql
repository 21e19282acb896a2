CREATE VIEW export_interaction WITH (security_invoker = true) AS
  SELECT i.id AS interaction_id, i.occurred_at, i.org_id, i.customer_id, i.subscriber_id, i.channel, i.direction, i.kind, i.staff_id,
         i.duration_seconds FROM contact_centre_interaction i;
