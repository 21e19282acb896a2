DROP FUNCTION ordering_facts(uuid, uuid, uuid, date, timestamptz);
DROP FUNCTION ordering_phone_entries(text[], timestamptz);
DROP INDEX blacklist_by_shown;
DROP FUNCTION ordering_in_flight(uuid);
