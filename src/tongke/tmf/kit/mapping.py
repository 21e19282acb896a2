"""How a document is made of columns: a tree of nodes that knows its SQL, so that one declaration reads, filters and sorts.

The tree's leaves are columns that a room offers (``kernel.rows``), constants and addresses; its branches are objects
and lists of rows that hang on a column. What is absent in the database is absent in the document.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.conf import settings

from tongke.kernel.rows import Column, Rows

INSTANT = """to_char({sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""
DAY = """to_char({sql}, 'YYYY-MM-DD"T00:00:00.000Z"')"""
PAIRS_MAX = 40
CHARACTERISTIC = """CASE jsonb_typeof(e.value) WHEN 'number' THEN 'NumberCharacteristic' WHEN 'boolean' THEN 'BooleanCharacteristic'
 WHEN 'string' THEN 'StringCharacteristic' WHEN 'array' THEN 'ObjectArrayCharacteristic' ELSE 'ObjectCharacteristic' END"""


def literal(value: Any) -> str:
    """Return a constant of ours as an SQL literal; percent signs survive the driver's placeholders."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return "'" + str(value).replace("'", "''").replace("%", "%%") + "'"


def api_root() -> str:
    """Return what stands before ``/tmf-api`` in every href: the public address where one is set, else nothing."""
    return str(settings.PUBLIC_URL).rstrip("/")


class Node(Protocol):
    """A part of a document."""

    def sql(self, rows: Rows) -> str:
        """Return the expression of this part over the aliases of ``rows``."""


def written(column: Column, sql: str) -> str:
    """Return ``sql`` of the column's kind as the document writes it."""
    if column.kind == "instant":
        return INSTANT.format(sql=sql)
    if column.kind == "day":
        return DAY.format(sql=sql)
    return sql


@dataclass(frozen=True, slots=True)
class Col:
    """A column's value. ``values`` gives the official word for each of ours; ``loose`` says that what comes in may be
    written otherwise than what goes out (a phone number), so that a difference is no contradiction. ``spare`` says that
    what comes in where the column is empty is kept beside the record.
    """

    name: str
    values: Mapping[str, str] | None = None
    loose: bool = False
    spare: bool = False

    def sql(self, rows: Rows) -> str:
        """Return the column's value in the official words."""
        column = rows.column(self.name)
        return self.translated(written(column, column.outward))

    def translated(self, sql: str) -> str:
        """Return ``sql`` with our words turned into the official ones; a word without one stays."""
        if not self.values:
            return sql
        cases = " ".join(f"WHEN {literal(ours)} THEN {literal(theirs)}" for ours, theirs in self.values.items())
        return f"CASE {sql} {cases} ELSE {sql} END"

    def ours(self, theirs: str) -> list[str]:
        """Return the words of ours that leave as ``theirs``."""
        known = self.values or {}
        found = [mine for mine, word in known.items() if word == theirs]
        return found or ([] if theirs in known else [theirs])


@dataclass(frozen=True, slots=True)
class Const:
    """The same in every document."""

    value: Any

    def sql(self, rows: Rows) -> str:
        """Return the constant."""
        del rows
        return literal(self.value)


@dataclass(frozen=True, slots=True)
class Sql:
    """A value worked out of a column by the database: ``{column}`` stands for the column's outward expression."""

    name: str
    template: str

    def sql(self, rows: Rows) -> str:
        """Return the template filled."""
        return self.template.replace("{column}", rows.column(self.name).outward)


@dataclass(frozen=True, slots=True)
class Said:
    """What the sender said, kept beside the record; where nothing was said, the value of another part.

    ``store`` is the resource's word (``Resource.stored_as``), ``path`` the attribute's own dotted path. With ``only``, a
    condition over the aliases of the rows, the sender's word counts no longer than that holds.
    """

    store: str
    path: str
    otherwise: Node
    only: str = ""

    def sql(self, rows: Rows) -> str:
        """Return the word kept, else the other part's value, as text."""
        place = literal("{" + self.path.replace(".", ",") + "}")
        kept = f"SELECT xs.content #>> {place} FROM tmf_extension xs WHERE xs.resource = {literal(self.store)} AND xs.record_id = {rows.key}"
        said = f"CASE WHEN {self.only} THEN ({kept}) END" if self.only else f"({kept})"
        return f"coalesce({said}, ({self.otherwise.sql(rows)})::text)"


@dataclass(frozen=True, slots=True)
class Href:
    """The address of a document: the path below the API's root, ``{id}`` for the id in the column ``name``.

    With ``by`` the path depends on another column's value.
    """

    path: str | Mapping[str, str]
    name: str = "id"
    by: str = ""

    def sql(self, rows: Rows) -> str:
        """Return the address, or nothing where the id is absent."""
        ident = rows.column(self.name).sql
        if isinstance(self.path, str):
            return f"{literal(api_root() + '/tmf-api/' + self.path + '/')} || {ident}"
        cases = " ".join(f"WHEN {literal(value)} THEN {literal(api_root() + '/tmf-api/' + path + '/')}" for value, path in self.path.items())
        return f"(CASE {rows.column(self.by).sql} {cases} END) || {ident}"


@dataclass(frozen=True, slots=True)
class Obj:
    """An object. It is absent where all its parts but the constants are."""

    parts: Mapping[str, Node]

    def sql(self, rows: Rows) -> str:
        """Return the object with absent parts left out."""
        real = [name for name, part in self.parts.items() if not isinstance(part, Const)]
        made = built(self.parts, rows)
        if not real:
            return made
        known = " AND ".join(f"({self.parts[name].sql(rows)}) IS NULL" for name in real)
        return f"CASE WHEN {known} THEN NULL ELSE {made} END"


@dataclass(frozen=True, slots=True)
class Many:
    """A list: one object for each row of ``rows`` whose column ``on[0]`` equals our column ``on[1]``.

    Where it is ``open``, further items of the sender's are kept beside the record and stand behind ours.
    """

    rows: Rows
    on: tuple[str, str]
    parts: Mapping[str, Node] = field(default_factory=dict)
    order: str = ""
    only: str = ""
    open: bool = False

    def joined(self, outer: Rows) -> str:
        """Return the condition that ties the list to its document."""
        tie = f"{self.rows.column(self.on[0]).sql} = {outer.column(self.on[1]).sql}"
        return " AND ".join(part for part in (tie, self.rows.where, self.only) if part)

    def sql(self, rows: Rows) -> str:
        """Return the list, absent where it is empty."""
        order = self.order or self.rows.key
        item = next(iter(self.parts.values())).sql(self.rows) if set(self.parts) == {""} else f"jsonb_strip_nulls({built(self.parts, self.rows)})"
        return f"(SELECT jsonb_agg({item} ORDER BY {order}) FROM {self.rows.source} WHERE {self.joined(rows)})"


@dataclass(frozen=True, slots=True)
class One:
    """An object of the one row of ``rows`` that hangs on our column."""

    rows: Rows
    on: tuple[str, str]
    parts: Mapping[str, Node] = field(default_factory=dict)
    order: str = ""
    only: str = ""

    def joined(self, outer: Rows) -> str:
        """Return the condition that ties the row to its document."""
        tie = f"{self.rows.column(self.on[0]).sql} = {outer.column(self.on[1]).sql}"
        return " AND ".join(part for part in (tie, self.rows.where, self.only) if part)

    def sql(self, rows: Rows) -> str:
        """Return the object, absent where there is no row."""
        return (f"(SELECT jsonb_strip_nulls({built(self.parts, self.rows)}) FROM {self.rows.source} WHERE {self.joined(rows)}"
                f" ORDER BY {self.order or self.rows.key} LIMIT 1)")


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of the given objects, those left out that are absent.

    Where it is ``open``, further items of the sender's are kept beside the record and stand behind ours.
    """

    items: tuple[Obj, ...]
    open: bool = False

    def sql(self, rows: Rows) -> str:
        """Return the list, absent where nothing of it is there."""
        items = ", ".join(f"({item.sql(rows)})" for item in self.items)
        return f"(SELECT jsonb_agg(jsonb_strip_nulls(item)) FROM unnest(ARRAY[{items}]::jsonb[]) item WHERE item IS NOT NULL)"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Characteristics: the columns ``fixed`` by official name, and every member of the object in the column ``name``.

    Each is an item with name and value; the fixed ones are always there, whatever a sender lists, and so are those of
    ``perhaps`` wherever their column holds anything. Where they are ``typed``, each says its class by the kind of its
    value, as the fifth versions ask.
    """

    name: str
    fixed: Mapping[str, Col] = field(default_factory=dict)
    perhaps: Mapping[str, Col] = field(default_factory=dict)
    typed: bool = False

    def sql(self, rows: Rows) -> str:
        """Return the list, absent where it is empty."""
        own = rows.column(self.name).outward
        of_text, of_any = (", '@type', 'StringCharacteristic'", f", '@type', {CHARACTERISTIC}") if self.typed else ("", "")
        items = ", ".join(f"jsonb_build_object('id', {literal(name)}, 'name', {literal(name)}, 'value', {part.sql(rows)}{of_text})"
                          for name, part in self.fixed.items())
        more = (f"(SELECT jsonb_agg(jsonb_build_object('id', e.key, 'name', e.key, 'value', e.value{of_any}) ORDER BY e.key)"
                f" FROM jsonb_each({own}) e)")
        if self.perhaps:
            maybe = " || ".join(
                f"(CASE WHEN ({part.sql(rows)}) IS NULL THEN '[]' ELSE jsonb_build_array(jsonb_build_object('id', {literal(name)}, 'name', {literal(name)},"
                f" 'value', {part.sql(rows)})) END)" for name, part in self.perhaps.items())
            return f"nullif(jsonb_build_array({items}) || {maybe} || coalesce({more}, '[]'), '[]')"
        if not items:
            return f"(CASE WHEN {own} <> '{{}}' THEN {more} END)"
        return f"(jsonb_build_array({items}) || CASE WHEN {own} = '{{}}' THEN '[]' ELSE {more} END)"


def built(parts: Mapping[str, Node], rows: Rows) -> str:
    """Return the object of named parts, absent ones as null."""
    pairs = [f"{literal(name)}, {part.sql(rows)}" for name, part in parts.items()]
    chunks = [pairs[n : n + PAIRS_MAX] for n in range(0, len(pairs), PAIRS_MAX)] or [[]]
    return " || ".join(f"jsonb_build_object({', '.join(chunk)})" for chunk in chunks)


def json_path(names: tuple[str, ...]) -> str:
    """Return the jsonpath that reaches an attribute through objects and lists alike; names come from schemas of ours."""
    return "$" + "".join(f".{json.dumps(name)}[*]" for name in names)
