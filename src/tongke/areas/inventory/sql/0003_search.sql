-- Lines by the end of their number: see the same for contact media in the party room.
CREATE INDEX subscriber_by_org_tail ON inventory_subscriber (org_id, (left(reverse(service_number), 8)) COLLATE "C");
CREATE INDEX subscriber_by_org_number ON inventory_subscriber (org_id, service_number);
CREATE FUNCTION inventory_lines_by_tail(lo text, hi text, row_limit int) RETURNS SETOF uuid
LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
  SELECT x.id FROM unnest(tongke_orgs_in_sight()) o(org) CROSS JOIN LATERAL (
    SELECT s.id FROM inventory_subscriber s
    WHERE s.org_id = o.org AND left(reverse(s.service_number), 8) COLLATE "C" >= lo AND left(reverse(s.service_number), 8) COLLATE "C" < hi
    ORDER BY left(reverse(s.service_number), 8) COLLATE "C" LIMIT row_limit) x
$$;
