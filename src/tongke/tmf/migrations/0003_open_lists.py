"""Open lists: items of the sender's stand behind ours; what was kept for items that are gone shows no more."""

from django.db import migrations

from tongke.kernel.schema import sql

MERGE = """
CREATE OR REPLACE FUNCTION tmf_merge(ours jsonb, kept jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
DECLARE
  made jsonb;
BEGIN
  IF kept IS NULL OR kept = '{}' THEN RETURN ours; END IF;
  IF ours IS NULL THEN
    -- Kept beside the items of a list that is empty now.
    IF jsonb_typeof(kept) = 'object' AND NOT EXISTS (
      SELECT FROM jsonb_object_keys(kept) k(key) WHERE key <> '+' AND key !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$')
    THEN RETURN kept -> '+'; END IF;
    RETURN kept;
  END IF;
  IF jsonb_typeof(ours) = 'object' AND jsonb_typeof(kept) = 'object' THEN
    SELECT jsonb_object_agg(key, value) INTO made
      FROM (SELECT key, tmf_merge(ours -> key, kept -> key) AS value FROM (SELECT jsonb_object_keys(ours) UNION SELECT jsonb_object_keys(kept)) k(key)) m
      WHERE value IS NOT NULL;
    RETURN coalesce(made, '{}');
  END IF;
  IF jsonb_typeof(ours) = 'array' AND jsonb_typeof(kept) = 'object' THEN
    SELECT jsonb_agg(CASE WHEN jsonb_typeof(item) = 'object' AND kept ? coalesce(item ->> 'id', '') THEN tmf_merge(item, kept -> (item ->> 'id'))
      ELSE item END ORDER BY place) INTO made FROM jsonb_array_elements(ours) WITH ORDINALITY e(item, place);
    RETURN coalesce(made, ours) || coalesce(kept -> '+', '[]');
  END IF;
  RETURN ours;
END $body$;
"""


class Migration(migrations.Migration):
    dependencies = [("tmf", "0002_hub")]
    operations = [sql(MERGE)]
