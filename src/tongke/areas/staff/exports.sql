CREATE VIEW export_org WITH (security_invoker = true) AS
  SELECT id AS org_id, kind, parent_id, path, name_zh, name_en FROM staff_org;
