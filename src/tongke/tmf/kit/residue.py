"""What a document says beyond our columns: found by comparing what came with what the record gives back.

What the record does not hold is kept beside it and given back; what it holds otherwise is a contradiction that the
sender must hear of. So nothing sent is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tongke.kernel.actor import Actor
from tongke.kernel.rows import Rows
from tongke.tmf.kit.declared import Resource
from tongke.tmf.kit.mapping import Col, Const, Href, Listed, Many, Node, Obj, One, Sql


@dataclass(slots=True)
class Residue:
    """``kept`` goes beside the record, ``clashes`` are the paths where the record says otherwise."""

    kept: dict[str, Any] = field(default_factory=dict)
    clashes: list[str] = field(default_factory=list)


def residue(resource: Resource, sent: Mapping[str, Any], given: Mapping[str, Any], *, by: Actor) -> Residue:
    """Compare a document as sent with the document as the record gives it."""
    found = Residue()
    for name, value in sent.items():
        if name in resource.server_set:
            continue
        node = resource.attributes.get(name)
        if node is None:
            found.kept[name] = value
            continue
        rest = _beyond(value, given.get(name), node, resource.rows, name, on=_Comparing(found.clashes, by))
        if rest is not _NOTHING:
            found.kept[name] = rest
    return found


class _Nothing:
    """Nothing is left over."""


_NOTHING: Any = _Nothing()


@dataclass(frozen=True, slots=True)
class _Comparing:
    """Who compares, and the contradictions found so far."""

    clashes: list[str]
    by: Actor


def _is_free(node: Node | None, rows: Rows, by: Actor) -> bool:
    """Tell whether a value may leave otherwise than it came: masks, addresses, normalised and worked-out values."""
    if isinstance(node, Href | Sql):
        return True
    if isinstance(node, Col):
        column = rows.column(node.name)
        return node.loose or (bool(column.personal) and not by.may(f"party.see_{column.personal}"))
    return False


def _beyond(sent: Any, given: Any, node: Node | None, rows: Rows, path: str, *, on: _Comparing) -> Any:
    if _is_free(node, rows, on.by) or sent == given:
        return _NOTHING
    if isinstance(sent, dict) and isinstance(given, dict | None):
        return _object_beyond(sent, given or {}, node, rows, path, on=on)
    if isinstance(sent, list) and isinstance(given, list | None):
        return _list_beyond(sent, given or [], node, rows, path, on=on)
    if node is None and given is None:
        return sent
    if isinstance(node, Const) and not isinstance(node.value, bool) and given is None:
        return sent
    on.clashes.append(path)
    return _NOTHING


def _object_beyond(sent: dict[str, Any], given: dict[str, Any], node: Node | None, rows: Rows, path: str, *, on: _Comparing) -> Any:
    parts, inner = _parts(node, rows)
    kept = {}
    for name, value in sent.items():
        part = parts.get(name)
        if part is None and name not in given:
            kept[name] = value
            continue
        rest = _beyond(value, given.get(name), part, inner, f"{path}.{name}", on=on)
        if rest is not _NOTHING:
            kept[name] = rest
    return kept or _NOTHING


def _list_beyond(sent: list[Any], given: list[Any], node: Node | None, rows: Rows, path: str, *, on: _Comparing) -> Any:
    """Items are told apart by their ids; a list of another length than the record's holds what was not taken."""
    if len(sent) != len(given):
        on.clashes.append(path)
        return _NOTHING
    kept = {}
    for place, (item, ours) in enumerate(zip(sent, given, strict=True)):
        if isinstance(node, Many | Listed) and isinstance(item, dict) and isinstance(ours, dict):
            rest = _object_beyond(item, ours, node if isinstance(node, Many) else _fitting(node, ours), rows, f"{path}[{place}]", on=on)
            if rest is not _NOTHING:
                if not ours.get("id"):
                    on.clashes.append(f"{path}[{place}]")
                else:
                    kept[str(ours["id"])] = rest
        elif item != ours:
            on.clashes.append(f"{path}[{place}]")
    return kept or _NOTHING


def _fitting(node: Listed, ours: Mapping[str, Any]) -> Obj:
    """Return the object of a fixed list that an item was made by: the one with the same constants."""
    for item in node.items:
        if all(ours.get(name) == part.value for name, part in item.parts.items() if isinstance(part, Const)):
            return item
    return node.items[0]


def _parts(node: Node | None, rows: Rows) -> tuple[Mapping[str, Node], Rows]:
    if isinstance(node, Many | One):
        return node.parts, node.rows
    if isinstance(node, Obj):
        return node.parts, rows
    return {}, rows
