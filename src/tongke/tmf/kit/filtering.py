"""From conditions to SQL: a path is followed down the tree of nodes to a column, a constant or what is kept as JSON.

Values are always parameters. What the actor may not read bare is compared as it is shown, with one exception: who
knows a whole value already may ask for exactly it, as in the search box.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from tongke.kernel.actor import Actor
from tongke.kernel.rows import Rows
from tongke.tmf.kit.asking import VALUE_LENGTH_MAX, Condition
from tongke.tmf.kit.declared import Resource
from tongke.tmf.kit.errors import UnfitQuery, UnknownAttribute
from tongke.tmf.kit.mapping import Col, Const, Href, Listed, Many, Node, Obj, One, Pairs, Said, Sql, json_path, literal
from tongke.tmf.kit.schema import kind_of

SIGNS = {"eq": "=", "ne": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "regex": "~"}
MILLISECOND = timedelta(milliseconds=1)
REGEX_LENGTH_MAX = 200
# What makes a pattern explode: groups that repeat and are themselves repeated, and references back.
REGEX_COSTLY = re.compile(r"\\[1-9]|\)[*+{][^)]*\)[*+{]|[*+}]\)[*+{]")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a path ends. ``within`` are the lists passed on the way, outermost first, each with the rows around it.

    ``others`` are the further ends of a path through a list of fixed objects: one of them fitting is enough.
    """

    node: Node | None
    rows: Rows
    within: tuple[tuple[Many | One, Rows], ...] = ()
    json: tuple[str, ...] = ()
    kind: str = "text"
    others: tuple[Target, ...] = ()


Clause = tuple[str, list[Any]]


def target(resource: Resource, path: tuple[str, ...]) -> Target:
    """Follow a path from the document. Raises ``UnknownAttribute`` where no schema and no column knows it."""
    kind = kind_of(resource.document, path)
    # The id of a document that is kept whole stands in a column beside it.
    node = resource.attributes.get(path[0]) or (Col("id") if resource.kept and path == ("id",) else None)
    if kind is None and (node is None or kind_of(resource.document, path[:1]) is None):
        raise UnknownAttribute(resource=resource.name, name=".".join(path))
    found = () if node is None else _below(node, path[1:], resource.rows)
    if not found and kind is None:
        raise UnknownAttribute(resource=resource.name, name=".".join(path))
    if not found:
        return Target(None, resource.rows, json=path, kind=kind or "text")
    return replace(found[0], others=found[1:])


def _below(node: Node, rest: tuple[str, ...], rows: Rows, within: tuple[tuple[Many | One, Rows], ...] = ()) -> tuple[Target, ...]:
    """Follow the rest of a path from a node to its ends; none where the tree has no such branch."""
    if isinstance(node, Obj | Many | One):
        below = node.parts.get(rest[0] if rest else "")
        inner, around = (rows, within) if isinstance(node, Obj) else (node.rows, (*within, (node, rows)))
        return () if below is None else _below(below, rest[1:], inner, around)
    if isinstance(node, Listed):
        return tuple(end for item in node.items for end in _below(item, rest, rows, within))
    if isinstance(node, Pairs):
        return (Target(node, rows, within, json=rest, kind="any"),) if rest else ()
    if rest and not (isinstance(node, Col) and rows.column(node.name).kind == "json"):
        return ()
    return (Target(node, rows, within, json=rest, kind=_kind(node, rows)),)


def _kind(node: Node, rows: Rows) -> str:
    if isinstance(node, Col):
        return rows.column(node.name).kind
    if isinstance(node, Const) and isinstance(node.value, bool):
        return "boolean"
    return "text"


def condition(resource: Resource, asked: Condition, *, by: Actor) -> Clause:
    """Return the SQL of one condition and its values."""
    for value in asked.values:
        if len(value) > VALUE_LENGTH_MAX:
            raise UnfitQuery(name=".".join(asked.path), value=f"{value[:40]}…")
    if asked.path == ("href",) and asked.operator in {"eq", "ne"}:
        # An address ends with the id, by which an index finds the document.
        asked = Condition(("id",), asked.operator, tuple(value.rstrip("/").rsplit("/", 1)[-1] for value in asked.values))
    found = target(resource, asked.path)
    name = ".".join(asked.path)
    seek = resource.seeks.get(name)
    if seek is not None and asked.operator == "eq":
        return seek(asked.values)
    if asked.operator == "regex":
        _check_patterns(name, asked.values)
    if found.node is None:
        hidden = resource.personal.get(asked.path[0])
        if hidden and asked.operator not in {"eq", "ne"} and not by.may(f"party.see_{hidden}"):
            raise UnfitQuery(name=name, value=asked.operator)
        return _kept(resource, asked, found, name)
    if asked.operator == "ne" and (found.within or found.others):
        # Not one of the list's items equals the value.
        equal, values = condition(resource, Condition(asked.path, "eq", asked.values), by=by)
        return f"NOT coalesce({equal}, false)", values
    ends = [_at_end(end, asked, name, by=by) for end in (replace(found, others=()), *found.others)]
    return f"({' OR '.join(sql for sql, _values in ends)})", [value for _sql, values in ends for value in values]


def _at_end(found: Target, asked: Condition, name: str, *, by: Actor) -> Clause:
    """Compare at one end of a path, inside the lists that were passed on the way."""
    parts, values = _comparison(found, asked, name, by=by)
    for tie, outer in reversed(found.within):
        parts = f"EXISTS (SELECT FROM {tie.rows.source} WHERE {tie.joined(outer)} AND {parts})"
    return parts, values


def _check_patterns(name: str, patterns: Sequence[str]) -> None:
    for pattern in patterns:
        if len(pattern) > REGEX_LENGTH_MAX or REGEX_COSTLY.search(pattern):
            raise UnfitQuery(name=name, value=pattern[:60])


def _comparison(found: Target, asked: Condition, name: str, *, by: Actor) -> Clause:
    node, rows = found.node, found.rows
    if isinstance(node, Col):
        return _by_column(node, found, asked, name, by=by)
    if isinstance(node, Pairs):
        return _json_clause(node.sql(rows), found.json, "any", asked, name)
    assert isinstance(node, Const | Sql | Href | Said)  # noqa: S101 - the only leaves there are
    if found.kind == "boolean":
        return _typed(node.sql(rows), "boolean", asked, name)
    return _text_clause(f"({node.sql(rows)})::text", asked)


def _by_column(node: Col, found: Target, asked: Condition, name: str, *, by: Actor) -> Clause:
    column = found.rows.column(node.name)
    hidden = bool(column.personal) and not by.may(f"party.see_{column.personal}")
    if column.kind == "json":
        return _json_clause(column.sql, found.json, "any", asked, name)
    bare = column.sql if not hidden or asked.operator in {"eq", "ne"} else column.outward
    if hidden and bare == column.outward and column.shown and column.kind == "day":
        return _text_clause(bare, asked)
    if node.values and asked.operator in {"eq", "ne"}:
        words = tuple(word for value in asked.values for word in node.ours(value))
        return _text_clause(bare, Condition(asked.path, asked.operator, words))
    return _text_clause(node.translated(bare), asked) if node.values else _typed(bare, column.kind, asked, name)


def _typed(sql: str, kind: str, asked: Condition, name: str) -> Clause:
    """Compare an expression of a kind with the literals, read as that kind."""
    if kind in {"integer", "number"}:
        return _ordered(sql, asked, [_number(value, name) for value in asked.values], name)
    if kind == "instant":
        return _instants(sql, asked, name)
    if kind == "day":
        return _ordered(sql, asked, [_instant(value, name).date() for value in asked.values], name)
    if kind == "boolean":
        return _ordered(sql, asked, [_boolean(value, name) for value in asked.values], name)
    if kind == "uuid":
        return _keys(sql, asked)
    return _text_clause(sql, asked)


def _ordered(sql: str, asked: Condition, values: list[Any], name: str) -> Clause:
    if asked.operator == "regex":
        return _text_clause(f"({sql})::text", asked)
    return _any(sql, asked.operator, values, name)


def _any(sql: str, operator: str, values: list[Any], name: str) -> Clause:
    del name
    joint = " AND " if operator == "ne" else " OR "
    clauses = joint.join(f"{sql} {'IS DISTINCT FROM' if operator == 'ne' else SIGNS[operator]} %s" for _value in values)
    return f"({clauses})", values


def _text_clause(sql: str, asked: Condition) -> Clause:
    if asked.operator == "eq":
        return f"{sql} = ANY (%s::text[])", [list(asked.values)]
    if asked.operator == "ne":
        return f"({sql} IS NULL OR {sql} <> ALL (%s::text[]))", [list(asked.values)]
    return "(" + " OR ".join(f'({sql}) COLLATE "C" {SIGNS[asked.operator]} %s' for _value in asked.values) + ")", list(asked.values)


def _keys(sql: str, asked: Condition) -> Clause:
    """Compare ids: what is no id of ours equals none, but is no mistake of the question."""
    if asked.operator not in {"eq", "ne"}:
        return _text_clause(f"({sql})::text", asked)
    known = []
    for value in asked.values:
        try:
            known.append(UUID(value))
        except ValueError:
            continue
    if asked.operator == "eq":
        return f"{sql} = ANY (%s::uuid[])", [known]
    return f"({sql} IS NULL OR {sql} <> ALL (%s::uuid[]))", [known]


def _instants(sql: str, asked: Condition, name: str) -> Clause:
    """Compare instants by the millisecond, which is what the documents show."""
    if asked.operator == "regex":
        return _text_clause(f"({sql})::text", asked)
    clauses, values = [], []
    for text in asked.values:
        at = _instant(text, name)
        after = at + MILLISECOND
        clause, needed = {
            "eq": (f"({sql} >= %s AND {sql} < %s)", [at, after]), "ne": (f"({sql} IS NULL OR {sql} < %s OR {sql} >= %s)", [at, after]),
            "gt": (f"{sql} >= %s", [after]), "gte": (f"{sql} >= %s", [at]), "lt": (f"{sql} < %s", [at]), "lte": (f"{sql} < %s", [after]),
        }[asked.operator]
        clauses.append(clause)
        values += needed
    return "(" + (" AND " if asked.operator == "ne" else " OR ").join(clauses) + ")", values


def _kept(resource: Resource, asked: Condition, found: Target, name: str) -> Clause:
    """Compare an attribute that is kept as JSON, beside the record or as the whole document."""
    if resource.kept:
        return _json_clause("t.content", found.json, found.kind, asked, name)
    inner, values = _json_clause("x.content", found.json, found.kind, asked, name)
    where = f"x.resource = {literal(resource.stored_as)} AND x.record_id = {resource.rows.key}"
    if asked.operator == "ne":
        equal, values = _json_clause("x.content", found.json, found.kind, Condition(asked.path, "eq", asked.values), name)
        return f"NOT EXISTS (SELECT FROM tmf_extension x WHERE {where} AND {equal})", values
    return f"EXISTS (SELECT FROM tmf_extension x WHERE {where} AND {inner})", values


def _json_clause(source: str, path: tuple[str, ...], kind: str, asked: Condition, name: str) -> Clause:
    if kind == "object":
        raise UnfitQuery(name=name, value=asked.values[0][:60])
    operator = "eq" if asked.operator == "ne" else asked.operator
    inner = Condition(asked.path, operator, asked.values)
    if kind == "number":
        clause, values = _typed("(CASE WHEN jsonb_typeof(j.v) = 'number' THEN (j.v #>> '{}')::numeric END)", "number", inner, name)
    elif kind == "boolean":
        clause, values = _typed("(CASE WHEN jsonb_typeof(j.v) = 'boolean' THEN (j.v #>> '{}')::boolean END)", "boolean", inner, name)
    elif kind == "instant" and operator != "regex":
        # Kept instants stand in one form, so that their order as text is their order in time.
        texts = tuple(_instant(value, name).isoformat(timespec="milliseconds").replace("+00:00", "Z") for value in asked.values)
        clause, values = _text_clause("(j.v #>> '{}')", Condition(asked.path, operator, texts))
    else:
        clause, values = _text_clause("(j.v #>> '{}')", inner)
    exists = f"EXISTS (SELECT FROM jsonb_path_query({source}, {literal(json_path(path))}) j(v) WHERE {clause})"
    return (f"NOT {exists}" if asked.operator == "ne" else exists), values


def _number(value: str, name: str) -> Decimal:
    try:
        found = Decimal(value)
    except InvalidOperation:
        raise UnfitQuery(name=name, value=value[:60]) from None
    if not found.is_finite() or abs(found.adjusted()) > 100:
        raise UnfitQuery(name=name, value=value[:60])
    return found


def _boolean(value: str, name: str) -> bool:
    if value not in {"true", "false"}:
        raise UnfitQuery(name=name, value=value[:60])
    return value == "true"


def _instant(value: str, name: str) -> datetime:
    try:
        # A plus that was not encoded has become a blank.
        found = datetime.fromisoformat(value.strip().replace(" ", "+"))
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        _beyond = found + MILLISECOND
    except (ValueError, OverflowError):
        raise UnfitQuery(name=name, value=value[:60]) from None
    return found
