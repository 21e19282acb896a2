-- As in 0007, and: the end that a version had by itself may be kept beside the one that the next version gives it.
CREATE OR REPLACE FUNCTION catalogue_version_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free text[] := ARRAY['state', 'valid_until', 'own_until', 'changed_at'] || TG_ARGV;
BEGIN
  IF catalogue_is_draft(OLD.state) THEN RETURN coalesce(NEW, OLD); END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'version % of % stands and cannot be deleted', OLD.version, OLD.code USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.state = 'active' THEN free := free || 'valid_from'::text; END IF;
  IF catalogue_is_draft(NEW.state) OR to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free THEN
    RAISE EXCEPTION 'version % of % stands and cannot be changed', OLD.version, OLD.code USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
