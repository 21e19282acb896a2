"""What the matrix stands on."""

from __future__ import annotations

from collections.abc import Callable
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
