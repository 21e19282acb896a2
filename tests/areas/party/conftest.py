"""The organisations that every test of the party room stands on."""

from __future__ import annotations

import pytest

from tests.factories.staff import tree


@pytest.fixture
def orgs(db: None) -> None:
    """Plant the demo operator's tree."""
    tree()
