-- A number's id follows from the number: its digits, read as hexadecimal, fill the last fifteen places of a UUID of
-- version 8. So what has only the one knows the other, and ids run in the order of the numbers.
CREATE FUNCTION resource_number_id(number text) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT ('0000000000008000' || '8' || lpad(substr(number, 2), 15, '0'))::uuid
$$;
CREATE FUNCTION resource_number_of(id uuid) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT '+' || ltrim(right(replace(id::text, '-', ''), 15), '0')
$$;

ALTER TABLE resource_number ALTER COLUMN spread SET DEFAULT (random() * 2147483647)::int;
ALTER TABLE resource_number ADD CONSTRAINT number_is_e164 CHECK (number ~ '^\+[1-9][0-9]{6,14}$');
ALTER TABLE resource_number ADD CONSTRAINT number_id_follows CHECK (id = resource_number_id(number));
-- A number belongs to its pool's organisation, always.
ALTER TABLE resource_number ADD CONSTRAINT number_in_pool_of_org FOREIGN KEY (pool_id, org_id) REFERENCES resource_number_pool (id, org_id);
ALTER TABLE resource_number_allotment ADD CONSTRAINT allotment_in_pool_of_org FOREIGN KEY (pool_id, org_id) REFERENCES resource_number_pool (id, org_id);

-- Only free numbers are looked for: what leaves the free ones costs these indexes nothing.
CREATE INDEX number_free_by_spread ON resource_number (pool_id, grade, spread) WHERE state = 'free';
CREATE INDEX number_free_by_head ON resource_number (pool_id, number) WHERE state = 'free';
CREATE INDEX number_free_by_tail ON resource_number (pool_id, (reverse(number)) COLLATE "C") WHERE state = 'free';
CREATE INDEX number_held ON resource_number (pool_id, held_until) WHERE state = 'held';
CREATE INDEX number_cooling ON resource_number (cooling_until) WHERE state = 'cooling';
CREATE INDEX number_assigned_to ON resource_number (assigned_to) WHERE assigned_to IS NOT NULL;

-- Nothing overlaps while both are in force. A level is a range of one, so that core PostgreSQL's GiST takes it.
ALTER TABLE resource_number_block ADD CONSTRAINT number_block_apart
  EXCLUDE USING gist (int8range(first, last, '[]') WITH &&, tstzrange(valid_from, valid_until) WITH &&);
ALTER TABLE resource_number_range ADD CONSTRAINT number_range_apart
  EXCLUDE USING gist (int4range(level, level, '[]') WITH &&, int8range(first, last, '[]') WITH &&, tstzrange(valid_from, valid_until) WITH &&);
ALTER TABLE resource_number_allotment ADD CONSTRAINT number_allotment_apart
  EXCLUDE USING gist (int8range(first, last, '[]') WITH &&, tstzrange(valid_from, valid_until) WITH &&);

-- A range lies within its parent (or block) and goes to an organisation of theirs.
CREATE FUNCTION resource_range_fits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE giver record;
BEGIN
  IF NEW.parent_id IS NULL THEN
    SELECT b.org_id, b.first, b.last, b.id AS block_id INTO giver FROM resource_number_block b WHERE b.id = NEW.block_id;
  ELSE
    SELECT r.org_id, r.first, r.last, r.block_id INTO giver FROM resource_number_range r WHERE r.id = NEW.parent_id;
  END IF;
  IF NEW.first < giver.first OR NEW.last > giver.last OR NEW.block_id <> giver.block_id THEN
    RAISE EXCEPTION 'a range lies within what it is given from' USING ERRCODE = '23514', CONSTRAINT = 'number_range_within';
  END IF;
  IF NOT EXISTS (SELECT FROM staff_org o JOIN staff_org g ON o.path ^@ g.path WHERE o.id = NEW.org_id AND g.id = giver.org_id) THEN
    RAISE EXCEPTION 'a range goes down the operator''s tree' USING ERRCODE = '23514', CONSTRAINT = 'number_range_downwards';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER range_fits BEFORE INSERT OR UPDATE OF org_id, block_id, parent_id, first, last ON resource_number_range
  FOR EACH ROW EXECUTE FUNCTION resource_range_fits();

-- Which moves there are (the same as states.NUMBER), whoever writes; and cooling is never cut short.
CREATE FUNCTION resource_number_may_go(from_state text, to_state text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT from_state || '>' || to_state IN (
    'free>held', 'held>free', 'held>assigned', 'assigned>suspended', 'suspended>assigned', 'assigned>released', 'suspended>released',
    'released>cooling', 'released>assigned', 'cooling>assigned', 'cooling>free', 'free>reserved', 'reserved>free', 'free>blocked',
    'reserved>blocked', 'blocked>free', 'free>faulty', 'reserved>faulty', 'blocked>faulty', 'faulty>free', 'assigned>ported_out',
    'suspended>ported_out', 'ported_out>cooling', 'returned>assigned', 'assigned>returned', 'suspended>returned')
$$;
CREATE FUNCTION resource_number_refuses_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'number % does not go from % to %', OLD.number, OLD.state, NEW.state USING ERRCODE = '23514',
    CONSTRAINT = CASE WHEN OLD.state = 'cooling' AND NEW.state = 'free' THEN 'number_cooling_over' ELSE 'number_move_known' END;
END $$;
CREATE TRIGGER move_is_known BEFORE UPDATE OF state ON resource_number FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND NOT resource_number_may_go(OLD.state, NEW.state)) EXECUTE FUNCTION resource_number_refuses_move();
CREATE TRIGGER cooling_is_over BEFORE UPDATE ON resource_number FOR EACH ROW
  WHEN (OLD.state = 'cooling' AND NEW.state = 'free' AND NEW.changed_at < OLD.cooling_until) EXECUTE FUNCTION resource_number_refuses_move();

-- What was released stays as it is: customers hold it.
CREATE FUNCTION resource_schedule_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE of_schedule int := CASE WHEN TG_OP = 'INSERT' THEN NEW.schedule_id ELSE OLD.schedule_id END;
BEGIN
  IF EXISTS (SELECT FROM resource_grade_schedule s WHERE s.id = of_schedule AND s.state <> 'draft') THEN
    RAISE EXCEPTION 'a released version of the grades does not change' USING ERRCODE = '23514', CONSTRAINT = 'grade_schedule_stays';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER schedule_stays BEFORE INSERT OR UPDATE OR DELETE ON resource_grade FOR EACH ROW EXECUTE FUNCTION resource_schedule_stays();
CREATE TRIGGER schedule_stays BEFORE INSERT OR UPDATE OR DELETE ON resource_grade_rule FOR EACH ROW EXECUTE FUNCTION resource_schedule_stays();

-- The figures the room starts with; each is changed on a page, from a day on.
INSERT INTO resource_policy (id, org_id, name, value, valid_from, reason, set_by)
SELECT tongke_uuid7(), 1, name, value::jsonb, timestamptz '2000-01-01 00:00:00+00', 'First figures', 'system:migration' FROM (VALUES
  ('number_hold_minutes', '30'),
  ('number_hold_extensions_max', '2'),
  ('number_holds_per_clerk_max', '20'),
  ('number_holds_per_person_max', '5'),
  ('number_cooling_days', '90'),
  ('number_takeup_days', '14')
) AS figures (name, value);
