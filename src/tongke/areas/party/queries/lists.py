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

    def conditions(self) -> tuple[str, dict[str, Any]]:
        """Return the condition over ``c`` and its values; always begins with AND."""
        parts: list[str] = []
        values: dict[str, Any] = {}
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


# Sort → (the sorted expression, whether its index is on the party).
SORTS: dict[str, tuple[str, bool]] = {
    "created_at": ("c.created_at", False), "value": ("coalesce(c.value_score, 0)", False),
    "name_key": ("p.name_key", True), "completeness": ("p.completeness", True),
}
ORGS = "SELECT unnest(tongke_orgs_in_sight()) AS org"
COLUMNS = """
SELECT k.id, k.customer_no, k.org_id, g.name_zh, g.name_en, k.kind, tongke_mask_name(k.name, k.kind = 'organization' OR tongke_clear('name')),
  k.state, k.segment, k.level, k.since_on, k.created_at, k.completeness, coalesce(k.value_score, 0), s.name_zh, s.name_en,
  (SELECT tongke_mask_phone(m.value, tongke_clear('phone')) FROM party_contact_medium m
   WHERE m.party_id = k.party_id AND m.kind IN ('mobile', 'phone') AND m.valid_until IS NULL ORDER BY m.preferred DESC, m.id LIMIT 1),
  k.name_key
FROM ({keys}) k LEFT JOIN staff_org g ON g.id = k.org_id LEFT JOIN staff_staff s ON s.id = k.manager_id
ORDER BY k.sort_key {direction}, k.{tie} {direction}
"""
PICKED = """c.id, c.customer_no, c.org_id, c.state, c.segment, c.level, c.since_on, c.created_at, c.value_score, c.manager_id, c.party_id,
  p.kind, p.name, p.name_key, p.completeness"""


def _walk(sort: str, beyond: str, where: str, direction: str) -> str:
    """Along the sort's index, organisation by organisation, until a screen is full."""
    expression, on_party = SORTS[sort]
    driver, other = ("party_party p", "party_customer c ON c.party_id = p.id") if on_party else ("party_customer c", "party_party p ON p.id = c.party_id")
    key, org = ("p.id", "p.org_id") if on_party else ("c.id", "c.org_id")
    return (
        f"SELECT x.* FROM orgs o CROSS JOIN LATERAL (SELECT {PICKED}, {expression} AS sort_key FROM {driver} JOIN {other}"
        f" WHERE {org} = o.org{beyond}{where} ORDER BY {expression} {direction}, {key} {direction} LIMIT %(limit)s) x"
        f" ORDER BY x.sort_key {direction}, x.{'party_id' if on_party else 'id'} {direction} LIMIT %(limit)s"
    )


def _few(sort: str, beyond: str, where: str, direction: str) -> str:
    """Everything that matches, sorted: right where little matches."""
    expression, on_party = SORTS[sort]
    key = "c.party_id" if on_party else "c.id"
    return (
        f"SELECT {PICKED}, {expression} AS sort_key FROM party_customer c JOIN party_party p ON p.id = c.party_id"
        f" WHERE c.org_id = ANY (ARRAY(SELECT org FROM orgs)){beyond}{where} ORDER BY {expression} {direction}, {key} {direction} LIMIT %(limit)s"
    )


def _orgs(wanted: CustomerFilter, values: dict[str, Any]) -> str:
    if not wanted.orgs:
        return f"WITH orgs AS MATERIALIZED ({ORGS}) "
    values["orgs"] = list(wanted.orgs)
    return f"WITH orgs AS MATERIALIZED (SELECT org FROM ({ORGS}) v WHERE org = ANY (%(orgs)s)) "


def customer_count(wanted: CustomerFilter, *, by: Actor) -> int:
    """Count the customers that match, at most one above ``FEW``."""
    by.require("party.view")
    where, values = wanted.conditions()
    head = _orgs(wanted, values)
    source = "party_customer c" if wanted.manager_id else "orgs o CROSS JOIN LATERAL"
    inner = f"SELECT 1 FROM party_customer c WHERE c.org_id = o.org{where} LIMIT {FEW + 1}"
    rows = (
        f"SELECT 1 FROM {source} WHERE c.org_id = ANY (ARRAY(SELECT org FROM orgs)){where} LIMIT {FEW + 1}"
        if wanted.manager_id else f"SELECT 1 FROM {source} ({inner}) x LIMIT {FEW + 1}"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{head}SELECT count(*) FROM ({rows}) n", values)
        return int(cursor.fetchone()[0])


def customer_lines(
    wanted: CustomerFilter, *, sort: str = "created_at", falling: bool = True, after: tuple[Any, UUID] | None = None, limit: int = 50,
    count: int | None = None, by: Actor,
) -> list[CustomerLine]:
    """Return up to ``limit`` lines beyond ``after`` (sort value and id of the last line seen), in order.

    ``count`` is what ``customer_count`` found, where the caller knows it: it decides which way round is quicker.
    """
    by.require("party.view")
    sort = sort if sort in SORTS else "created_at"
    where, values = wanted.conditions()
    head = _orgs(wanted, values)
    expression, on_party = SORTS[sort]
    direction = "DESC" if falling else "ASC"
    beyond = ""
    if after is not None:
        key = "(SELECT k.party_id FROM party_customer k WHERE k.id = %(after_id)s)" if on_party else "%(after_id)s::uuid"
        beyond = f" AND ({expression}, {'p.id' if on_party else 'c.id'}) {'<' if falling else '>'} (%(after_value)s, {key})"
        values |= {"after_value": after[0], "after_id": after[1]}
    few = by.own_rows_of is not None or wanted.manager_id is not None or (count is not None and count <= FEW)
    keys = (_few if few else _walk)(sort, beyond, where, direction)
    with connection.cursor() as cursor:
        cursor.execute(head + COLUMNS.format(keys=keys, direction=direction, tie="party_id" if on_party else "id"), values | {"limit": limit})
        return [CustomerLine(*row) for row in cursor.fetchall()]
