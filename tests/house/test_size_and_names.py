"""Small functions, small files, honest names."""

from __future__ import annotations

from tests.house.source import PACKAGE, functions, modules, named

LINES_A_FUNCTION = 50
LINES_A_FILE = 400
EMPTY_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"})


def test_no_function_is_longer_than_fifty_lines() -> None:
    """What does not fit is two things."""
    long = [
        f"{named(path)}:{f.lineno} {f.name} ({f.end_lineno - f.lineno + 1})"
        for path in modules() for f in functions(path) if f.end_lineno and f.end_lineno - f.lineno + 1 > LINES_A_FUNCTION
    ]
    assert not long, "\n".join(long)


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    """A longer file is split by noun into a folder of the same name."""
    long = [f"{named(path)} ({n})" for path in modules() if (n := len(path.read_text(encoding="utf-8").splitlines())) > LINES_A_FILE]
    assert not long, "\n".join(long)


def test_no_name_says_nothing() -> None:
    """No ``utils``, ``helpers``, ``common``, ``manager``; no ``handle_*``."""
    modules_ = [named(p) for p in modules() if EMPTY_NAMES & {part.removesuffix(".py") for part in p.relative_to(PACKAGE).parts}]
    handlers = [f"{named(p)}:{f.lineno} {f.name}" for p in modules() for f in functions(p) if f.name.startswith("handle_")]
    assert not modules_ + handlers, "\n".join(modules_ + handlers)
