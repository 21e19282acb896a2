"""Related parties in the forms of the fourth and the fifth versions: what one of them kept, the other reads."""

from django.db import migrations

from tongke.kernel.schema import sql

# {id, name, role, @referredType} and {role, partyOrPartyRole: {id, name, @referredType}, @type}.
FORMS = """
CREATE FUNCTION tmf_related_v4(kept jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
  SELECT CASE WHEN jsonb_typeof(kept -> 'relatedParty') = 'array' THEN jsonb_set(kept, '{relatedParty}', (
    SELECT coalesce(jsonb_agg(CASE WHEN jsonb_typeof(item -> 'partyOrPartyRole') = 'object'
      THEN (item -> 'partyOrPartyRole') - '@type' || (item - 'partyOrPartyRole') ELSE item END ORDER BY place), '[]')
    FROM jsonb_array_elements(kept -> 'relatedParty') WITH ORDINALITY e(item, place))) ELSE kept END
$body$;
CREATE FUNCTION tmf_related_v5(kept jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
  SELECT CASE WHEN jsonb_typeof(kept -> 'relatedParty') = 'array' THEN jsonb_set(kept, '{relatedParty}', (
    SELECT coalesce(jsonb_agg(CASE WHEN jsonb_typeof(item) = 'object' AND NOT item ? 'partyOrPartyRole'
      THEN jsonb_strip_nulls(jsonb_build_object('@type', 'RelatedPartyOrPartyRole', 'role', item -> 'role',
        'partyOrPartyRole', jsonb_build_object('@type', 'PartyRef') || (item - '{role,@type}'::text[]))) ELSE item END ORDER BY place), '[]')
    FROM jsonb_array_elements(kept -> 'relatedParty') WITH ORDINALITY e(item, place))) ELSE kept END
$body$;
"""


class Migration(migrations.Migration):
    dependencies = [("tmf", "0003_open_lists")]
    operations = [sql(FORMS, "DROP FUNCTION tmf_related_v4(jsonb); DROP FUNCTION tmf_related_v5(jsonb);")]
