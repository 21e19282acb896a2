-- Versions stand: from approval on the database refuses to change what was approved (T6).
CREATE FUNCTION catalogue_is_draft(state text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT state IN ('in_study', 'in_design', 'in_test') $$;

-- On versioned rows: a row that is no draft keeps its content; its state, the end of its sale and when it changed may move.
-- Arguments: further columns that may move. The begin of its sale may be set until it is launched.
CREATE FUNCTION catalogue_version_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free text[] := ARRAY['state', 'valid_until', 'changed_at'] || TG_ARGV;
BEGIN
  IF catalogue_is_draft(OLD.state) THEN RETURN coalesce(NEW, OLD); END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'version % of % stands and cannot be deleted', OLD.version, OLD.code USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.state = 'active' THEN free := free || 'valid_from'::text; END IF;
  IF to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free THEN
    RAISE EXCEPTION 'version % of % stands and cannot be changed', OLD.version, OLD.code USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

-- On the rows that belong to a version: arguments are the parent's table and the column that names it.
CREATE FUNCTION catalogue_part_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held text; parent uuid; row_ jsonb := to_jsonb(coalesce(NEW, OLD));
BEGIN
  parent := (row_ ->> TG_ARGV[1])::uuid;
  IF TG_ARGV[0] = 'catalogue_price' THEN
    SELECT o.state INTO held FROM catalogue_price p JOIN catalogue_offering o ON o.id = p.offering_id WHERE p.id = parent;
  ELSE
    EXECUTE format('SELECT state FROM %I WHERE id = $1', TG_ARGV[0]) INTO held USING parent;
  END IF;
  IF held IS NOT NULL AND NOT catalogue_is_draft(held) THEN
    RAISE EXCEPTION 'the version that this row of % belongs to stands and cannot be changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;

-- One number that moves with every change of the catalogue: what is compiled from it is kept under that number.
CREATE TABLE catalogue_revision (id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1), number bigint NOT NULL);
INSERT INTO catalogue_revision (number) VALUES (1);
REVOKE INSERT, UPDATE, DELETE ON catalogue_revision FROM tongke_app;
CREATE FUNCTION catalogue_moved_on() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN UPDATE catalogue_revision SET number = number + 1; RETURN NULL; END $$;

CREATE FUNCTION catalogue_guard(target text, parent text DEFAULT '', parent_column text DEFAULT '', free text DEFAULT '') RETURNS void LANGUAGE plpgsql AS $$
DECLARE columns text;
BEGIN
  IF parent <> '' THEN
    EXECUTE format('CREATE TRIGGER part_stands BEFORE INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION catalogue_part_stands(%L, %L)',
                   target, parent, parent_column);
  ELSE
    EXECUTE format('CREATE TRIGGER version_stands BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION catalogue_version_stands(%L)', target, free);
  END IF;
  SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
   WHERE attrelid = target::regclass AND attnum > 0 AND NOT attisdropped AND attname <> free;
  EXECUTE format('CREATE TRIGGER moved_on AFTER INSERT OR DELETE OR UPDATE OF %s ON %I FOR EACH STATEMENT EXECUTE FUNCTION catalogue_moved_on()', columns, target);
END $$;
SELECT catalogue_guard('catalogue_specification');
SELECT catalogue_guard('catalogue_characteristic', 'catalogue_specification', 'specification_id');
SELECT catalogue_guard('catalogue_specification_relation', 'catalogue_specification', 'specification_id');
SELECT catalogue_guard('catalogue_offering');
SELECT catalogue_guard('catalogue_bundle_part', 'catalogue_offering', 'offering_id');
SELECT catalogue_guard('catalogue_allowance', 'catalogue_offering', 'offering_id');
SELECT catalogue_guard('catalogue_term', 'catalogue_offering', 'offering_id');
SELECT catalogue_guard('catalogue_price', 'catalogue_offering', 'offering_id');
SELECT catalogue_guard('catalogue_price_tier', 'catalogue_price', 'price_id');
SELECT catalogue_guard('catalogue_price_list');
SELECT catalogue_guard('catalogue_price_list_entry', 'catalogue_price_list', 'price_list_id');
SELECT catalogue_guard('catalogue_rule');
SELECT catalogue_guard('catalogue_promotion', free => 'used');
CREATE TRIGGER moved_on AFTER INSERT OR DELETE OR UPDATE ON catalogue_tax_rate FOR EACH STATEMENT EXECUTE FUNCTION catalogue_moved_on();
CREATE TRIGGER moved_on AFTER INSERT OR DELETE OR UPDATE ON catalogue_category FOR EACH STATEMENT EXECUTE FUNCTION catalogue_moved_on();
CREATE TRIGGER moved_on AFTER INSERT OR DELETE OR UPDATE ON catalogue_category_member FOR EACH STATEMENT EXECUTE FUNCTION catalogue_moved_on();
