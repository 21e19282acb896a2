-- Which of some numbers a line cannot be said to use, whoever has them, with the line that has each (nought: no line, but kept,
-- held, cooling, with another operator, or of an organisation out of sight). What its donor has back is no number of ours.
CREATE FUNCTION resource_numbers_taken(numbers text[]) RETURNS TABLE (number text, line uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT x.number::text, coalesce(x.assigned_to, '00000000-0000-0000-0000-000000000000') FROM unnest(numbers) w (number)
  JOIN resource_number x ON x.id = resource_number_id(w.number)
  WHERE x.state <> 'returned' AND (x.state <> 'free' OR NOT resource_in_scope(x.org_id))
$$;

-- Says of each of some numbers which line uses it; those that are in no block of ours are passed over. A number is taken
-- from the free ones, or from a line that is ``over``; returns how many were. What somebody else has refuses all of them.
CREATE FUNCTION resource_take_numbers(numbers text[], lines uuid[], over uuid[], actor_ text, at_ timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE done int; refused text;
BEGIN
  -- In one order, so that two who take at once do not wait for each other.
  PERFORM FROM resource_number x WHERE x.id IN (SELECT resource_number_id(w.number) FROM unnest(numbers) w (number)) ORDER BY x.id FOR UPDATE;
  -- A free number is held first: that it goes to nobody who has not held it stays a rule of the table for everybody.
  UPDATE resource_number n SET state = 'held', hold_id = w.line, held_until = at_ FROM unnest(numbers, lines) w (number, line)
    WHERE n.id = resource_number_id(w.number) AND n.state = 'free' AND resource_in_scope(n.org_id);
  WITH before AS (
    SELECT x.id, x.state, w.line FROM unnest(numbers, lines) w (number, line) JOIN resource_number x ON x.id = resource_number_id(w.number)
    WHERE resource_in_scope(x.org_id)
      AND ((x.state = 'held' AND x.hold_id = w.line) OR (x.state IN ('assigned', 'suspended') AND x.assigned_to = ANY (over) AND x.assigned_to <> w.line))
  ), taken AS (
    UPDATE resource_number n SET state = CASE b.state WHEN 'held' THEN 'assigned' ELSE b.state END, assigned_to = b.line, hold_id = NULL, held_until = NULL,
      order_ref = '', since = at_, changed_at = at_
    FROM before b WHERE n.id = b.id RETURNING n.id, n.org_id, n.pool_id, n.assigned_to, n.state, b.state AS was
  ), noted AS (
    INSERT INTO resource_number_move (number_id, at, org_id, pool_id, verb, from_state, to_state, assigned_to, actor)
    SELECT t.id, at_, t.org_id, t.pool_id, CASE t.was WHEN 'held' THEN 'take_over' ELSE 'pass_on' END, CASE t.was WHEN 'held' THEN 'free' ELSE t.was END,
      t.state, t.assigned_to, actor_ FROM taken t
  )
  SELECT count(*) INTO done FROM taken;
  SELECT x.number INTO refused FROM unnest(numbers, lines) w (number, line) JOIN resource_number x ON x.id = resource_number_id(w.number)
    WHERE x.state <> 'returned' AND x.assigned_to IS DISTINCT FROM w.line LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'number % is not free for this line', refused USING ERRCODE = '23514', CONSTRAINT = 'number_free_for_line';
  END IF;
  RETURN done;
END $$;
