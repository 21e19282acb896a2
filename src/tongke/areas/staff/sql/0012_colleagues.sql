-- Colleagues, posts, rights and the tree under row-level security: one sees one's own branch and the way up to the
-- root (who approves, who is above), and writes in the own branch only. Names alone reach further, through functions
-- that hand out nothing else: history, approvals and lists name people and places of the whole operator.

-- The uppermost organisations of the actor's scope, as paths. One for nearly everybody.
CREATE FUNCTION tongke_tops() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH mine AS MATERIALIZED (SELECT tongke_scope() AS ids)
  SELECT coalesce(array_agg(o.path::text), '{}') FROM mine JOIN staff_org o ON o.id = ANY (mine.ids)
  WHERE o.parent_id IS NULL OR NOT o.parent_id = ANY (mine.ids)
$$;
-- Whether an organisation lies in the actor's branch, units too.
CREATE FUNCTION tongke_in_branch(path text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT tongke_sees_all() OR EXISTS (SELECT FROM unnest(tongke_tops()) AS t(top) WHERE starts_with(path COLLATE "C", t.top COLLATE "C"))
$$;

ALTER TABLE staff_org ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON staff_org FOR SELECT USING ((SELECT tongke_sees_all()) OR EXISTS (
  SELECT FROM unnest((SELECT tongke_tops())) AS t(top)
  WHERE starts_with(path, t.top COLLATE "C") OR starts_with(t.top COLLATE "C", path)));
CREATE POLICY make ON staff_org FOR INSERT WITH CHECK (tongke_in_branch(path));
CREATE POLICY change ON staff_org FOR UPDATE USING (tongke_in_branch(path)) WITH CHECK (tongke_in_branch(path));

-- The policies below look at the tree through its own policy.
ALTER TABLE staff_staff ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON staff_staff FOR SELECT USING ((SELECT tongke_sees_all())
  OR id = (SELECT tongke_staff_id()) OR EXISTS (SELECT FROM staff_org o WHERE o.id = org_id));
CREATE POLICY make ON staff_staff FOR INSERT WITH CHECK ((SELECT tongke_sees_all())
  OR EXISTS (SELECT FROM staff_org o WHERE o.id = org_id AND tongke_in_branch(o.path)));
CREATE POLICY change ON staff_staff FOR UPDATE USING ((SELECT tongke_sees_all())
  OR id = (SELECT tongke_staff_id())
  OR EXISTS (SELECT FROM staff_org o WHERE o.id = org_id AND tongke_in_branch(o.path)));

ALTER TABLE staff_post ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON staff_post FOR SELECT USING ((SELECT tongke_sees_all())
  OR staff_id = (SELECT tongke_staff_id()) OR EXISTS (SELECT FROM staff_org o WHERE o.id = org_id));
CREATE POLICY make ON staff_post FOR INSERT WITH CHECK ((SELECT tongke_sees_all())
  OR EXISTS (SELECT FROM staff_org o WHERE o.id = org_id AND tongke_in_branch(o.path)));
CREATE POLICY change ON staff_post FOR UPDATE USING ((SELECT tongke_sees_all())
  OR EXISTS (SELECT FROM staff_org o WHERE o.id = org_id AND tongke_in_branch(o.path)));

ALTER TABLE staff_post_right ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON staff_post_right FOR SELECT USING ((SELECT tongke_sees_all())
  OR staff_id = (SELECT tongke_staff_id()) OR EXISTS (SELECT FROM staff_org o WHERE o.id = base_org_id));

-- Names of the whole tree, in its order: every page writes them, and scopes are worked out from them.
CREATE FUNCTION tongke_org_labels() RETURNS TABLE (id int, kind text, parent_id int, path text, name_zh text, name_en text, zone text, active boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT o.id, o.kind, o.parent_id, o.path, o.name_zh, o.name_en, o.zone, o.active FROM staff_org o ORDER BY o.path
$$;
-- What kind an open organisation is of; NULL for a closed or unknown one. Rules say more than "not found" with it.
CREATE FUNCTION tongke_org_kind(wanted int) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT o.kind FROM staff_org o WHERE o.id = wanted AND o.active
$$;
-- A colleague's names by key; NULL for an unknown one.
CREATE FUNCTION tongke_colleague(wanted uuid) RETURNS jsonb LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT jsonb_build_object('id', s.id, 'username', s.username, 'zh', s.name_zh, 'en', s.name_en) FROM staff_staff s WHERE s.id = wanted
$$;

-- The number of the tree's present state, by which processes know that the names they keep are old. A row and not the
-- sequence alone: what another transaction has not committed, or took back, must not look like a new state.
CREATE TABLE staff_org_tree (one boolean PRIMARY KEY DEFAULT true CHECK (one), version bigint NOT NULL);
INSERT INTO staff_org_tree (version) VALUES (nextval('staff_org_version'));
REVOKE INSERT, UPDATE, DELETE ON staff_org_tree FROM tongke_app;
CREATE OR REPLACE FUNCTION tongke_rights_of_orgs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE staff_org_tree SET version = nextval('staff_org_version');
  PERFORM tongke_rights_refresh(NULL);
  RETURN NULL;
END $$;
