-- Which of some numbers are recorded already, by whatever organisation: they are given once in the whole house, and who is
-- refused one is told which. Nothing else of the item is told.
CREATE FUNCTION resource_stock_taken(which text, kinds text[], numbers text[]) RETURNS TABLE (given text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF which = 'serial' THEN
    RETURN QUERY SELECT i.serial::text FROM unnest(kinds, numbers) w(kind, number) JOIN resource_stock_item i ON i.serial = w.number COLLATE "C" AND i.serial_kind = w.kind;
  ELSIF which = 'imsi' THEN
    RETURN QUERY SELECT i.imsi::text FROM resource_stock_item i WHERE i.imsi = ANY (numbers) AND i.imsi <> '';
  ELSIF which = 'mac' THEN
    RETURN QUERY SELECT i.mac::text FROM resource_stock_item i WHERE i.mac = ANY (numbers) AND i.mac <> '';
  END IF;
END $$;
