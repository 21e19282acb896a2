"""Puts one function for each resource into the database after every `migrate`: token, permission, scope, document and
the trace of the look in one statement, for the reads that are answered before Django's handler (``tongke.tmf.hot``).

They are made from declarations, so they belong to no migration. A digest of their text is kept as a comment on one.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import connections

from tongke.tmf.kit.declared import Api, Resource
from tongke.tmf.kit.mapping import literal
from tongke.tmf.kit.registry import all_resources
from tongke.tmf.kit.statements import customer_sql, document_sql, narrowed

MARK = "tmf_installed()"
HOT = """
CREATE OR REPLACE FUNCTION {name}(hash text, at timestamptz, address inet, wanted uuid, purpose text, OUT doc text, OUT etag text)
LANGUAGE plpgsql VOLATILE AS $body$
DECLARE
  me record;
  of_customer uuid;
BEGIN
  me := tongke_token_stand(hash, at, true, address);
  IF me.client_id IS NULL OR NOT {view} = ANY (me.permissions) THEN RETURN; END IF;
  SELECT d.doc::text, d.customer INTO doc, of_customer FROM (SELECT {document} AS doc, {customer} AS customer FROM {source}
    WHERE {key} = wanted AND {where} OFFSET 0) d;
  IF doc IS NULL THEN RETURN; END IF;
  etag := md5(doc);
  {look}
END $body$;
"""
LOOK = """
  IF of_customer IS NOT NULL THEN
    IF me.clear = '' THEN PERFORM set_config('synchronous_commit', 'off', true); END IF;
    INSERT INTO staff_look (at, staff_id, actor, org_id, kind, customer_id, purpose, clear, detail)
    VALUES (clock_timestamp(), NULL, me.username, me.base_org_id, 'get', of_customer, purpose, me.clear, {detail});
  END IF;
"""


def function_name(api: Api, resource: Resource) -> str:
    """Return the name of a resource's function."""
    return f"tmf_hot_{api.number}_{api.version}_{resource.name.lower()}"


def function_sql(api: Api, resource: Resource) -> str:
    """Return the definition of a resource's function."""
    where, _values = narrowed(resource, [])
    look = LOOK.format(detail=literal(f'{{"resource": "{resource.name}"}}')) if resource.customer else ""
    return HOT.format(
        name=function_name(api, resource), view=literal(resource.view), document=document_sql(api, resource), customer=customer_sql(resource),
        source=resource.rows.source, key=resource.rows.key, where=where, look=look,
    )


def install_functions(*, using: str = "default", **_signal: Any) -> None:
    """Create or replace the functions if their text changed; runs as the owner, after `migrate`."""
    parts = [function_sql(api, resource) for api, resource in all_resources() if not resource.within]
    text = "".join(parts)
    digest = hashlib.sha256(text.encode()).hexdigest()
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT coalesce(obj_description(to_regprocedure('{MARK}'), 'pg_proc'), '')")
        if cursor.fetchone()[0] == digest:
            return
        # The rooms' tables may be younger than a function that is replaced on the way: bodies are checked at first use.
        cursor.execute("SET check_function_bodies = off")
        cursor.execute("SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE 'tmf\\_hot\\_%'")
        for (gone,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {gone}")
        for part in parts:
            # The driver's placeholders are doubled percent signs in what declarations make.
            cursor.execute(part.replace("%%", "%"))
        cursor.execute(f"CREATE OR REPLACE FUNCTION {MARK} RETURNS void LANGUAGE sql AS ''")
        cursor.execute(f"COMMENT ON FUNCTION {MARK} IS '{digest}'")
        cursor.execute("RESET check_function_bodies")
