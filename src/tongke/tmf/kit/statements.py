"""The statements of a resource: one document, a page of a list, a count. Made once and kept by the text that asks."""

from __future__ import annotations

from functools import cache
from typing import Any

from tongke.tmf.kit.declared import Api, Resource
from tongke.tmf.kit.filtering import Clause
from tongke.tmf.kit.mapping import Href, built, literal
from tongke.tmf.kit.sorting import Order


def href_path(api: Api, resource: Resource) -> str:
    """Return the path of a resource's documents below ``/tmf-api/``."""
    return f"{api.base}/{api.version}/{resource.name}"


@cache
def document_sql(api: Api, resource: Resource) -> str:
    """Return the expression of the whole document over the aliases of the resource's rows."""
    rows = resource.rows
    if resource.kept:
        own = f"jsonb_build_object('id', {rows.key}, 'href', {Href(href_path(api, resource)).sql(rows)})"
        more = f" || jsonb_strip_nulls({built(resource.attributes, rows)})" if resource.attributes else ""
        return f"(t.content{more} || {own})"
    parts = {"id": resource.attributes.get("id"), "href": resource.attributes.get("href") or Href(href_path(api, resource))} | dict(resource.attributes)
    ours = f"jsonb_strip_nulls({built({name: part for name, part in parts.items() if part is not None}, rows)})"
    kept = f"(SELECT {resource.dialect}({_kept_shown(resource)}) FROM tmf_extension x WHERE x.resource = {literal(resource.stored_as)} AND x.record_id = {rows.key})"
    return f"tmf_merge({ours}, {kept})"


def _kept_shown(resource: Resource) -> str:
    """Return what is kept beside a record, without the personal data that the actor on the connection may not see."""
    shown = "x.content"
    for kind in sorted(set(resource.personal.values())):
        names = ",".join(name for name, held in resource.personal.items() if held == kind)
        shown = f"CASE WHEN tongke_clear({literal(kind)}) THEN {shown} ELSE {shown} - {literal('{' + names + '}')}::text[] END"
    return shown


def narrowed(resource: Resource, clauses: list[Clause]) -> Clause:
    """Return the conditions joined with those that always hold; ``true`` where there are none."""
    always = [part for part in (resource.rows.where, resource.where) if part]
    if resource.kept:
        always.append(f"t.resource = {literal(resource.stored_as)}")
    parts = always + [sql for sql, _values in clauses]
    return " AND ".join(parts) or "true", [value for _sql, values in clauses for value in values]


@cache
def one_sql(api: Api, resource: Resource) -> str:
    """Return the statement of one document by its id: its text and the digest that is its ETag."""
    where, _values = narrowed(resource, [])
    return (f"SELECT d.doc::text, md5(d.doc::text), d.org, d.customer FROM (SELECT {document_sql(api, resource)} AS doc, {resource.rows.org} AS org,"
            f" {customer_sql(resource)} AS customer FROM {resource.rows.source} WHERE {resource.rows.key} = %s AND {where} OFFSET 0) d")


def customer_sql(resource: Resource) -> str:
    """Return the expression of the customer whose data the document shows; null where it is nobody's."""
    return resource.rows.column(resource.customer).sql if resource.customer else "NULL::uuid"


@cache
def some_sql(api: Api, resource: Resource) -> str:
    """Return the statement of several documents by id."""
    where, _values = narrowed(resource, [])
    return f"SELECT {resource.rows.key}, {document_sql(api, resource)}::text FROM {resource.rows.source} WHERE {resource.rows.key} = ANY (%s) AND {where}"


@cache
def page_sql(api: Api, resource: Resource) -> str:
    """Return the statement of a page, given its ids in order: the documents as one text, the customers, the organisations."""
    rows = resource.rows
    # The fence makes the planner take the ids one by one: each document is a handful of look-ups by key.
    return (
        f"SELECT coalesce(string_agg(d.doc::text, ',' ORDER BY d.place), ''), count(*),"
        f" array_agg(d.customer ORDER BY d.place), array_agg(d.org ORDER BY d.place) FROM (SELECT w.place, {document_sql(api, resource)} AS doc,"
        f" {customer_sql(resource)} AS customer, {rows.org} AS org FROM unnest(%s::uuid[]) WITH ORDINALITY w(id, place)"
        f" JOIN {rows.source} ON {rows.key} = w.id OFFSET 0) d"
    )


def sorted_ids(resource: Resource, clauses: list[Clause], order: tuple[Order, ...], *, offset: int, limit: int) -> Clause:
    """Return the statement of a page's ids where all that match are read and sorted."""
    where, values = narrowed(resource, clauses)
    rows = resource.rows
    by = "".join(f"{one.sql} {one.direction}, " for one in order)
    return (
        f"SELECT array_agg(f.id) FROM (SELECT {rows.key} AS id FROM {rows.needed(where, by)} WHERE {where}"
        f" ORDER BY {by}{rows.key} LIMIT %s OFFSET %s) f"
    ), [*values, limit, offset]


def walked_ids(resource: Resource, clauses: list[Clause], order: Order, *, offset: int, limit: int, orgs: list[int]) -> Clause:
    """Return the statement of a page's ids where each organisation in sight is walked along the order's index until the
    page is full, so that the size of the table does not matter; row-level security still sees every row.

    To be run between ``BEGIN_WALK`` and ``END_WALK``.
    """
    where, values = narrowed(resource, clauses)
    rows, walk = resource.rows, resource.rows.walks[order.walk]
    way, back = ("DESC", "ASC") if order.falling else ("ASC", "DESC")
    tie = back if walk.opposed else way
    return (
        f"SELECT array_agg(f.id) FROM (SELECT y.id FROM unnest(%s::int[]) o(org) CROSS JOIN LATERAL ("
        f"SELECT {rows.key} AS id, {walk.sql} AS sorted, {walk.tie} AS tie FROM {rows.needed(where, walk.sql, walk.org, walk.tie)}"
        f" WHERE {walk.org} = o.org AND {where}"
        f" ORDER BY {walk.sql} {way}, {walk.tie} {tie} LIMIT %s) y ORDER BY y.sorted {way}, y.tie {tie} LIMIT %s OFFSET %s) f"
    ), [orgs, *values, offset + limit, limit, offset]


# The planner, who cannot see how many rows row-level security leaves, would else read and sort a whole organisation
# for one page; and planning anew for every page would take longer than the page.
WALKING = ("enable_sort", "enable_hashjoin", "enable_mergejoin", "enable_seqscan", "enable_bitmapscan", "enable_material", "enable_memoize")
_SWITCHES = ", ".join(f"set_config('{name}', '{{way}}', true)" for name in WALKING)
BEGIN_WALK = f"SELECT {_SWITCHES.format(way='off')}"
END_WALK = f"SELECT {_SWITCHES.format(way='on')}"
# Statements whose plan does not depend on the values are planned once a connection; to plan one takes longer than to run it.
PLAN_ONCE = "set_config('plan_cache_mode', 'force_generic_plan', true)"
PLAN_EACH = "SELECT set_config('plan_cache_mode', 'auto', true)"


def count_sql(resource: Resource, clauses: list[Clause], *, most: int | None) -> Clause:
    """Return the statement that counts what matches, at most one above ``most``."""
    where, values = narrowed(resource, clauses)
    source = resource.rows.needed(where)
    if most is None:
        return f"SELECT count(*) FROM {source} WHERE {where}", values
    return f"SELECT count(*) FROM (SELECT FROM {source} WHERE {where} LIMIT {most + 1}) n", values


def tally_sql(resource: Resource, clauses: list[Clause], orgs: list[int]) -> tuple[str, list[Any]]:
    """Return the statement that reads the count from the running tally; only where every condition is on a tallied column."""
    where = " AND ".join(["t.org_id = ANY (%s)", *([resource.tally_where] if resource.tally_where else [])] + [sql for sql, _values in clauses])
    return f"SELECT coalesce(sum(t.n), 0)::bigint FROM {resource.rows.tally} t WHERE {where}", [orgs, *(v for _s, values in clauses for v in values)]
