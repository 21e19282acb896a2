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
from tongke.tmf.kit.mapping import Col, Const, Href, Listed, Many, Node, Obj, One, Pairs, Said, Sql

MATCHED_MAX = 200
MORE = "+"  # under which further items of an open list are kept


@dataclass(slots=True)
class Residue:
    """``kept`` goes beside the record, ``clashes`` are the paths where the record says otherwise."""

    kept: dict[str, Any] = field(default_factory=dict)
    clashes: list[str] = field(default_factory=list)


def residue(resource: Resource, sent: Mapping[str, Any], given: Mapping[str, Any], *, creating: bool = False, by: Actor) -> Residue:
    """Compare a document as sent with the document as the record gives it, without what is kept beside it."""
    found = Residue()
    on = _Comparing(found.clashes, by, creating)
    for name, value in sent.items():
        if name in resource.server_set:
            continue
        node = resource.attributes.get(name)
        if node is None:
            found.kept[name] = value
            continue
        rest = _beyond(value, given.get(name), node, resource.rows, name, on=on)
        if rest is not _NOTHING:
            found.kept[name] = rest
    return found


class _Nothing:
    """Nothing is left over."""


_NOTHING: Any = _Nothing()


@dataclass(frozen=True, slots=True)
class _Comparing:
    """Who compares, and the contradictions found so far; when ``creating``, what the record adds is no contradiction."""

    clashes: list[str]
    by: Actor
    creating: bool


def _is_free(node: Node | None, rows: Rows, by: Actor) -> bool:
    """Tell whether a value may leave otherwise than it came: masks, addresses, normalised and worked-out values."""
    if isinstance(node, Href | Sql):
        return True
    if isinstance(node, Col):
        column = rows.column(node.name)
        return node.loose or (bool(column.personal) and not by.may(f"party.see_{column.personal}"))
    return False


def _beyond(sent: Any, given: Any, node: Node | None, rows: Rows, path: str, *, on: _Comparing) -> Any:
    if isinstance(node, Pairs) and isinstance(sent, list):
        return _pairs_beyond(sent, given or [], node, path, on=on)
    if _is_kept(node, sent, given):
        return sent
    if _is_free(node, rows, on.by) or sent == given:
        return _NOTHING
    if isinstance(sent, dict) and isinstance(given, dict | None):
        return _object_beyond(sent, given or {}, node, rows, path, on=on)
    if isinstance(sent, list) and isinstance(given, list | None):
        return _list_beyond(sent, given or [], node, rows, path, on=on)
    on.clashes.append(path)
    return _NOTHING


def _is_kept(node: Node | None, sent: Any, given: Any) -> bool:
    """Tell whether the sender's own word is kept before anything is compared."""
    if isinstance(node, Said) or given is not None:
        return isinstance(node, Said)
    free = node is None or (isinstance(node, Const) and not isinstance(node.value, bool))
    return free or (sent is not None and isinstance(node, Col) and node.spare)


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
    if isinstance(node, Listed | Many) and node.open:
        return _open_list_beyond(sent, given, node, rows, path, on=on)
    if len(sent) != len(given) and not (on.creating and isinstance(node, Many) and len(sent) < len(given)):
        on.clashes.append(path)
        return _NOTHING
    kept = {}
    for place, (item, ours) in enumerate(_matched(sent, given, node, rows, on=on)):
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


def _matched(sent: list[Any], given: list[Any], node: Node | None, rows: Rows, *, on: _Comparing) -> list[tuple[Any, Any]]:
    """Pair items as sent with the record's: by id, else by what they say, else in order."""
    if not isinstance(node, Many) or len(sent) > MATCHED_MAX:
        return list(zip(sent, given, strict=False))
    left = list(given)
    pairs: dict[int, Any] = {}
    for place, item in enumerate(sent):
        ident = item.get("id") if isinstance(item, dict) else None
        ours = next((one for one in left if ident and isinstance(one, dict) and one.get("id") == ident), None)
        if ours is not None:
            pairs[place] = ours
            left.remove(ours)
    for place, item in enumerate(sent):
        if place not in pairs:
            ours = next((one for one in left if _fits(item, one, node, rows, on=on)), left[0])
            pairs[place] = ours
            left.remove(ours)
    return [(item, pairs[place]) for place, item in enumerate(sent)]


def _fits(item: Any, ours: Any, node: Many, rows: Rows, *, on: _Comparing) -> bool:
    """Tell whether the record's item says all that the sent one says, where it has a column for it."""
    if not isinstance(item, dict) or not isinstance(ours, dict):
        return False
    tried = _Comparing([], on.by, on.creating)
    _object_beyond(item, ours, node, rows, "", on=tried)
    return not tried.clashes and _speaks(item, ours, node.parts)


def _speaks(item: Mapping[str, Any], ours: Mapping[str, Any], parts: Mapping[str, Node]) -> bool:
    for name, part in parts.items():
        if isinstance(part, Obj) and isinstance(item.get(name), dict):
            if not _speaks(item[name], ours.get(name) or {}, part.parts):
                return False
        elif isinstance(part, Col) and part.loose and not part.spare and name != "id" and item.get(name) is not None and name not in ours:
            return False
    return True


def _pairs_beyond(sent: list[Any], given: list[Any], node: Pairs, path: str, *, on: _Comparing) -> Any:
    """Characteristics are told apart by their names; those that are always there need not be sent."""
    left = {str(one["name"]): one for one in given}
    kept: dict[str, Any] = {}
    for place, item in enumerate(sent):
        ours = left.pop(str(item.get("name")), None) if isinstance(item, dict) else None
        if ours is None or item.get("value") != ours["value"]:
            on.clashes.append(f"{path}[{place}]")
            continue
        rest = {name: value for name, value in item.items() if name not in {"name", "value"} and value != ours.get(name)}
        if rest:
            kept[str(ours["name"])] = rest
    if set(left) - set(node.fixed) - set(node.perhaps):
        on.clashes.append(path)
    return kept or _NOTHING


def _open_list_beyond(sent: list[Any], given: list[Any], node: Listed | Many, rows: Rows, path: str, *, on: _Comparing) -> Any:
    """Items that are ours (by id, else by name) are compared; further ones are kept. Ours are taken away by no patch."""
    left = list(given)
    kept: dict[str, Any] = {}
    more = []
    for place, item in enumerate(sent):
        ours = next((one for one in left if _same(item, one, node)), None)
        if ours is None:
            more.append(item)
            continue
        left.remove(ours)
        part = _fitting(node, ours) if isinstance(node, Listed) else node
        rest = _object_beyond(item, ours, part, rows, f"{path}[{place}]", on=on)
        if rest is not _NOTHING and ours.get("id"):
            kept[str(ours["id"])] = rest
        elif rest is not _NOTHING:
            on.clashes.append(f"{path}[{place}]")
    if left and not on.creating:
        on.clashes.append(path)
    if more:
        kept[MORE] = more
    return kept or _NOTHING


def _same(item: Any, ours: Mapping[str, Any], node: Listed | Many) -> bool:
    """Tell whether an item of an open list means one of ours: by id, else by name, else by what never changes in it."""
    if not isinstance(item, dict):
        return False
    mark = next((name for name in ("id", "name") if item.get(name) and ours.get(name)), None)
    if mark:
        return bool(item[mark] == ours[mark] and item.get("role", ours.get("role")) == ours.get("role"))
    marks = [name for name, part in (node if isinstance(node, Many) else _fitting(node, ours)).parts.items() if isinstance(part, Const) and not name.startswith("@") and name in item]
    return bool(marks) and all(item[name] == ours[name] for name in marks)


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
