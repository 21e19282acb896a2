"""The list of customers, one screen at a time: as fast at a million customers as at ten thousand.

Every order is walked along an index that begins with the organisation, one short range for each organisation in
sight, merged at the end. Filters that leave few customers are the other way round: those few are read and sorted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.kernel.actor import Actor

FEW = 1000
"""Up to so many matching customers are read and sorted in memory; the list's count stops one above."""


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """One line of the list; personal data masked for the actor on the connection."""

    id: UUID
    customer_no: str
    org_id: int
    org_zh: str
    org_en: str
    kind: str
    name: str
    state: str
    segment: str
    level: str
    since_on: date
    created_at: datetime
    completeness: int
    value: Decimal
    manager_zh: str | None
    manager_en: str | None
    phone: str | None
    name_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFilter:
    """What narrows the list: organisations, states, segments, levels, a manager, a span of days (half-open)."""

    orgs: Sequence[int] = ()
    states: Sequence[str] = ()
    segments: Sequence[str] = ()
    levels: Sequence[str] = ()
    manager_id: UUID | None = None
    since: tuple[date | None, date | None] = field(default=(None, None))

    def conditions(self, *, own: UUID | None) -> tuple[str, dict[str, Any]]:
        """Return the condition over ``c`` and its values; each part begins with AND. ``own`` narrows to one keeper's customers."""
        parts: list[str] = []
        values: dict[str, Any] = {}
        if own is not None:
            parts.append("c.manager_id = %(own)s")
            values["own"] = own
        for column, wanted in (("state", self.states), ("segment", self.segments), ("level", self.levels)):
            if wanted:
                parts.append(f"c.{column} = ANY (%({column})s::text[])")
                values[column] = list(wanted)
        if self.manager_id is not None:
            parts.append("c.manager_id = %(manager)s")
            values["manager"] = self.manager_id
        for name, operator, day in (("since_from", ">=", self.since[0]), ("since_to", "<", self.since[1])):
            if day is not None:
                parts.append(f"c.since_on {operator} %({name})s")
                values[name] = day
        return "".join(f" AND {part}" for part in parts), values


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of the list: what is sorted by, its type, and whether its index is on the party."""

    expression: str
    type: str
    on_party: bool

    @property
    def key(self) -> str:
        """The tie-breaker within the index."""
        return "p.id" if self.on_party else "c.id"


SORTS: dict[str, Sort] = {
    "created_at": Sort("c.created_at", "timestamptz", on_party=False), "value": Sort("coalesce(c.value_score, 0)", "numeric", on_party=False),
    "name_key": Sort("p.name_key", "text", on_party=True), "completeness": Sort("p.completeness", "smallint", on_party=True),
}
_FILTERS = """ AND (states IS NULL OR c.state = ANY (states)) AND (segments IS NULL OR c.segment = ANY (segments))
 AND (levels IS NULL OR c.level = ANY (levels)) AND (since_from IS NULL OR c.since_on >= since_from) AND (since_to IS NULL OR c.since_on < since_to)"""


def _walk_query(sort: Sort, direction: str, beyond: str) -> str:
    """Along the sort's index, organisation by organisation, until a screen is full."""
    driver, other, org = ("party_party p", "party_customer c ON c.party_id = p.id", "p.org_id") if sort.on_party else (
        "party_customer c", "party_party p ON p.id = c.party_id", "c.org_id")
    return (
        f"SELECT x.id FROM unnest(orgs) o(org) CROSS JOIN LATERAL (SELECT c.id, {sort.expression} AS sort_key, {sort.key} AS tie"
        f" FROM {driver} JOIN {other} WHERE {org} = o.org{beyond}{_FILTERS}"
        f" ORDER BY {sort.expression} {direction}, {sort.key} {direction} LIMIT row_limit) x ORDER BY x.sort_key {direction}, x.tie {direction} LIMIT row_limit"
    )


def functions_sql() -> str:
    """Return the definitions of ``party_walk_<sort>_<direction>``, put in place after every `migrate`.

    Their plans are told to keep to the index's order: the planner, who cannot see how many rows row-level security
    leaves, would else read and sort a whole organisation for fifty rows.
    """
    out = []
    for name, sort in SORTS.items():
        for word, direction, operator in (("up", "ASC", ">"), ("down", "DESC", "<")):
            beyond = f" AND ({sort.expression}, {sort.key}) {operator} (after_value, after_key)"
            out.append(f"""
CREATE OR REPLACE FUNCTION party_walk_{name}_{word}(orgs int[], states text[], segments text[], levels text[], since_from date, since_to date,
  after_value {sort.type}, after_key uuid, row_limit int) RETURNS SETOF uuid LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_sort = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
SET enable_bitmapscan = off SET enable_material = off SET enable_memoize = off AS $body$
BEGIN
  IF after_value IS NULL THEN
    RETURN QUERY {_walk_query(sort, direction, "")};
  ELSE
    RETURN QUERY {_walk_query(sort, direction, beyond)};
  END IF;
END $body$;""")
    return "\n".join(out)


WALK = """party_walk_{name}_{word}(%(orgs)s, %(states)s, %(segments)s, %(levels)s, %(since_from)s, %(since_to)s,
 %(after_value)s::{type}, {after_key}, %(limit)s)"""
# Few rows: all that match, then sorted. The fence keeps the planner from walking an order for them.
FEW_ROWS = """(WITH found AS MATERIALIZED (SELECT c.* FROM party_customer c WHERE c.org_id = ANY (%(orgs)s){where})
 SELECT c.id FROM found c JOIN party_party p ON p.id = c.party_id WHERE true{beyond} ORDER BY {expression} {direction}, {key} {direction} LIMIT %(limit)s)"""
LINES = """
SELECT c.id, c.customer_no, c.org_id, g.name_zh, g.name_en, p.kind, tongke_mask_name(p.name, p.kind = 'organization' OR tongke_clear('name')),
  c.state, c.segment, c.level, c.since_on, c.created_at, p.completeness, coalesce(c.value_score, 0), s.name_zh, s.name_en,
  (SELECT tongke_mask_phone(m.value, tongke_clear('phone')) FROM party_contact_medium m
   WHERE m.party_id = c.party_id AND m.kind IN ('mobile', 'phone') AND m.valid_until IS NULL ORDER BY m.preferred DESC, m.id LIMIT 1),
  p.name_key
FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY w(id, place) JOIN party_customer c ON c.id = w.id JOIN party_party p ON p.id = c.party_id
LEFT JOIN staff_org g ON g.id = c.org_id LEFT JOIN staff_staff s ON s.id = c.manager_id ORDER BY w.place
"""


def _orgs(wanted: CustomerFilter, cursor: Any) -> list[int]:
    """The organisations looked through: those in sight, narrowed by the filter."""
    cursor.execute("SELECT tongke_orgs_in_sight()")
    seen = cursor.fetchone()[0] or []
    return [org for org in seen if not wanted.orgs or org in wanted.orgs]


def customer_count(wanted: CustomerFilter, *, by: Actor) -> int:
    """Count the customers that match, at most one above ``FEW``."""
    by.require("party.view")
    where, values = wanted.conditions(own=by.own_rows_of)
    with connection.cursor() as cursor:
        values["orgs"] = _orgs(wanted, cursor)
        cursor.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM unnest(%(orgs)s::int[]) o(org) CROSS JOIN LATERAL"
            f" (SELECT 1 FROM party_customer c WHERE c.org_id = o.org{where} LIMIT {FEW + 1}) x LIMIT {FEW + 1}) n", values)
        return int(cursor.fetchone()[0])


def customer_lines(
    wanted: CustomerFilter, *, sort: str = "created_at", falling: bool = True, after: tuple[Any, UUID] | None = None, limit: int = 50,
    count: int | None = None, by: Actor,
) -> list[CustomerLine]:
    """Return up to ``limit`` lines beyond ``after`` (sort value and id of the last line seen), in order.

    ``count`` is what ``customer_count`` found, where the caller knows it: it decides which way round is quicker.
    """
    by.require("party.view")
    name = sort if sort in SORTS else "created_at"
    few = by.own_rows_of is not None or wanted.manager_id is not None or (count is not None and count <= FEW)
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"orgs": _orgs(wanted, cursor), "limit": limit}
        keys, more = (_few if few else _walk)(wanted, name, after, falling=falling, by=by)
        cursor.execute(f"SELECT array_agg(id) FROM {keys} k(id)", values | more)
        ids = cursor.fetchone()[0]
        cursor.execute(LINES, {"ids": ids or []})
        return [CustomerLine(*row) for row in cursor.fetchall()]


def _after_key(sort: Sort, after: tuple[Any, UUID] | None) -> str:
    if after is None:
        return "NULL"
    return "(SELECT k.party_id FROM party_customer k WHERE k.id = %(after_id)s)" if sort.on_party else "%(after_id)s"


def _walk(wanted: CustomerFilter, name: str, after: tuple[Any, UUID] | None, *, falling: bool, by: Actor) -> tuple[str, dict[str, Any]]:
    del by
    sort = SORTS[name]
    value, key = after or (None, None)
    words = WALK.format(name=name, word="down" if falling else "up", type=sort.type, after_key=_after_key(sort, after))
    return words, {
        "states": list(wanted.states) or None, "segments": list(wanted.segments) or None, "levels": list(wanted.levels) or None,
        "since_from": wanted.since[0], "since_to": wanted.since[1], "after_value": value, "after_id": key,
    }


def _few(wanted: CustomerFilter, name: str, after: tuple[Any, UUID] | None, *, falling: bool, by: Actor) -> tuple[str, dict[str, Any]]:
    sort = SORTS[name]
    where, values = wanted.conditions(own=by.own_rows_of)
    beyond = ""
    if after is not None:
        beyond = f" AND ({sort.expression}, {sort.key}) {'<' if falling else '>'} (%(after_value)s::{sort.type}, {_after_key(sort, after)})"
        values |= {"after_value": after[0], "after_id": after[1]}
    direction = "DESC" if falling else "ASC"
    return FEW_ROWS.format(where=where, beyond=beyond, expression=sort.expression, key=sort.key, direction=direction), values
