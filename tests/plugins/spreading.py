"""How the tests are spread over the processes: a file stays together, the slowest begin first, the slowest of all are spread one by one.

So no process is left alone with a long test at the end, and what several files stand on is laid out by the first
of them while the others are still busy with something else.
"""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadFileScheduling

# Files whose tests share nothing and take long: each test is a unit of its own.
ONE_BY_ONE = ("tests/isolation/test_matrix.py", "tests/simulator/test_demo.py")
# The first two lay out an installation and the demo operator for those that come later.
SLOW_FIRST = (
    "tests/running/test_kill.py", "tests/journeys/test_clerk.py", "tests/isolation/test_matrix.py", "tests/running/test_up.py", "tests/simulator/test_demo.py",
    "tests/web/kit/test_browser.py", "tests/isolation/", "tests/running/", "tests/journeys/", "tests/simulator/", "tests/exchange/", "tests/web/",
)


class BySlowness(LoadFileScheduling):
    """Gives out whole files in the order of the tests, and some files test by test."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return nodeid if file in ONE_BY_ONE else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> BySlowness | None:
    """Spread as told above where files are to stay together; any other ``--dist`` is left as it is."""
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # by the number of their tests, long files of one test would come last
    return BySlowness(config, log)  # type: ignore[arg-type]  # xdist's own producer


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slow ones in front; the order is the same in each process."""
    items.sort(key=lambda item: next((i for i, part in enumerate(SLOW_FIRST) if item.nodeid.startswith(part)), len(SLOW_FIRST)))
