"""The order of the tests: files that take long begin first, so that no process is left alone with one at the end."""

from __future__ import annotations

import pytest

SLOW_FIRST = ("tests/isolation/", "tests/running/", "tests/simulator/", "tests/journeys/", "tests/exchange/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slow ones in front; the order is the same in each process."""
    items.sort(key=lambda item: next((i for i, part in enumerate(SLOW_FIRST) if item.nodeid.startswith(part)), len(SLOW_FIRST)))
