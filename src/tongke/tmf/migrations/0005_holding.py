"""Kept documents found by what they refer to: containment uses no index under row-level security, so a function looks."""

from django.db import migrations

from tongke.kernel.schema import sql

HOLDING = """
CREATE INDEX tmf_document_holding ON tmf_document USING gin (content jsonb_path_ops);
CREATE FUNCTION tmf_documents_holding(wanted text, patterns jsonb[]) RETURNS SETOF uuid
LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = public, pg_temp AS $body$
  SELECT d.id FROM unnest(patterns) p(pattern) CROSS JOIN LATERAL (
    SELECT t.id, t.org_id FROM tmf_document t WHERE t.content @> p.pattern AND t.resource = wanted) d
  WHERE d.org_id = ANY (tongke_orgs_in_sight())
$body$;
"""


class Migration(migrations.Migration):
    dependencies = [("tmf", "0004_dialects"), ("party", "0004_search")]
    operations = [sql(HOLDING, "DROP FUNCTION tmf_documents_holding(text, jsonb[]); DROP INDEX tmf_document_holding;")]
