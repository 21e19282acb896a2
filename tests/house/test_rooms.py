"""Rooms: only the front door is entered, only services write, verbs say who and when."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.source import CHANNELS, PACKAGE, ROOMS, functions, imports, modules, named, tree

FRONT_DOOR = frozenset({"services", "queries", "events", "states", "permissions", "errors"})
QUERY_SETS = frozenset({"objects", "_base_manager", "_default_manager", "save_base"})
# A drawing surface and a workbook are saved too; they are no records.
NO_RECORDS = frozenset({"canvas", "book", "workbook", "image", "picture"})


def test_only_the_front_door_of_a_room_is_entered() -> None:
    """Outside a room, nobody imports its models, rules or policy."""
    breaches = []
    for path in modules():
        inside = path.relative_to(PACKAGE).parts
        home = inside[1] if inside[0] == "areas" and len(inside) > 2 else None
        for name, line in imports(path):
            parts = name.split(".")
            if parts[:2] == ["tongke", "areas"] and len(parts) > 3 and parts[2] in ROOMS and parts[2] != home and parts[3] not in FRONT_DOOR:
                breaches.append(f"{named(path)}:{line} {name}")
    assert not breaches, "\n".join(breaches)


def _writes(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute) and node.attr in QUERY_SETS:
        return True
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "save"):
        return False
    receiver = node.func.value
    return not node.args and not (isinstance(receiver, ast.Name) and receiver.id in NO_RECORDS)


def test_channels_never_touch_records() -> None:
    """Pages, API, command line and jobs call verbs and queries; they have no ``.objects`` and no ``.save``."""
    breaches = [
        f"{named(path)}:{node.lineno}"  # type: ignore[attr-defined]
        for path in modules(*CHANNELS) for node in ast.walk(tree(path)) if _writes(node)
    ]
    assert not breaches, "\n".join(breaches)


def _is_verb(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    calls = [d.func if isinstance(d, ast.Call) else d for d in function.decorator_list]
    return any(isinstance(d, ast.Name) and d.id == "verb" for d in calls)


def front_door(path: Path) -> set[str]:
    """Return the names that the room's services offer: what ``services/__init__`` lists, or all of ``services.py`` that is public."""
    package = path.parent / "__init__.py" if path.parent.name == "services" else path
    names = {
        word.value for node in tree(package).body if isinstance(node, ast.Assign) and isinstance(node.value, ast.List | ast.Tuple)
        for target in node.targets if isinstance(target, ast.Name) and target.id == "__all__"
        for word in node.value.elts if isinstance(word, ast.Constant)
    }
    return names or {n.name for n in tree(path).body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")}


def test_services_take_by_and_at_by_keyword_and_last() -> None:
    """What a room's front door offers takes ``by`` and ``at`` by keyword and last; every verb takes ``by``."""
    breaches = []
    for path in (p for room in ROOMS for p in modules(f"areas/{room}") if "services" in p.relative_to(PACKAGE).as_posix()):
        offered = front_door(path)
        for function in (n for n in tree(path).body if isinstance(n, ast.FunctionDef)):
            if function.name not in offered and not _is_verb(function):
                continue
            named_only = [a.arg for a in function.args.kwonlyargs]
            positional = {a.arg for a in (*function.args.posonlyargs, *function.args.args)} & {"by", "at"}
            wanted = [name for name in ("by", "at") if name in named_only]
            if positional or named_only[len(named_only) - len(wanted):] != wanted or (_is_verb(function) and "by" not in wanted):
                breaches.append(f"{named(path)}:{function.lineno} {function.name}")
    assert not breaches, "\n".join(breaches)


def test_areas_never_read_a_clock() -> None:
    """Time enters an area as ``at``: nothing there asks what time it is."""
    breaches = [
        f"{named(path)}:{node.lineno}" for path in modules("areas", "reactions") for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"now", "utcnow", "today", "localdate"}
    ]
    assert not breaches, "\n".join(breaches)


def test_every_room_tells_what_it_is() -> None:
    """Each room has its half page: nouns, verbs, and what must never be done there."""
    silent = [room for room in ROOMS if not (PACKAGE / "areas" / room / "README.md").exists()]
    assert not silent, f"README.md is missing in {silent}"


def test_functions_are_counted_somewhere() -> None:
    """The reader of the source sees functions at all: an empty reading would pass every test above."""
    assert sum(1 for path in modules("kernel") for _function in functions(path)) > 50
