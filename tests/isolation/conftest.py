"""What the matrix stands on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.isolation.planting import Planted, collect_ids, everything_role, plant


@pytest.fixture
def planted(db: None, as_owner: Callable[[], AbstractContextManager[Any]]) -> dict[int, Planted]:
    """Plant records in Hangzhou, Ningbo and Nanjing."""
    everything_role()
    found = {org_id: plant(org_id) for org_id in (3301, 3302, 3201)}
    with as_owner() as cursor:
        for one in found.values():
            collect_ids(one, cursor)
    return found


@pytest.fixture
def quiet() -> Iterator[None]:
    """Leave warnings out of the log: pages refused by the thousand take longer to write down than to ask for."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)
