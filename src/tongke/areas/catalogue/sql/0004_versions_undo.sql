DO $$
DECLARE found record;
BEGIN
  FOR found IN SELECT tgname, tgrelid::regclass AS target FROM pg_trigger
    WHERE tgrelid::regclass::text LIKE 'catalogue\_%' AND tgname IN ('part_stands', 'version_stands', 'moved_on')
  LOOP EXECUTE format('DROP TRIGGER %I ON %s', found.tgname, found.target); END LOOP;
END $$;
DROP FUNCTION catalogue_guard(text, text, text, text);
DROP FUNCTION catalogue_moved_on();
DROP TABLE catalogue_revision;
DROP FUNCTION catalogue_part_stands();
DROP FUNCTION catalogue_version_stands();
DROP FUNCTION catalogue_is_draft(text);
