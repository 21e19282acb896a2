"""The worker knows every task that anybody defers, and what is periodic has its hour."""

from __future__ import annotations

import ast

from procrastinate.contrib.django import app

from tests.house.source import PACKAGE, tree


def declared() -> set[str]:
    """Return the names of all tasks that the jobs declare in their source."""
    found = set()
    for path in (PACKAGE / "jobs").glob("*.py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "task":
                found |= {word.value.value for word in node.keywords if word.arg == "name" and isinstance(word.value, ast.Constant)}
    return found


def test_the_worker_knows_every_task() -> None:
    """A task that only the deferring process has read would wait for ever."""
    app.perform_import_paths()
    assert len(declared()) > 5
    assert declared() - set(app.tasks) == set()
