"""What the catalogue's pages call things."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import translation

from tests.factories.accounts import NOON
from tongke.web.catalogue.words import shown_state


@pytest.mark.parametrize(("state", "days", "said", "tone"), [
    ("launched", -1, "On sale", "good"), ("launched", 3, "On sale from", "warn"), ("active", 3, "Approved", "warn"), ("retired", -9, "Retired from sale", "off"),
])
def test_what_is_launched_ahead_of_its_day_says_from_when(state: str, days: int, said: str, tone: str) -> None:
    version = SimpleNamespace(state=state, valid_from=NOON + timedelta(days=days))
    with translation.override("en"):
        words, shown = shown_state(version, NOON)
        assert str(words).startswith(said)
    assert shown == tone
    assert ("2026" in str(words)) is (said == "On sale from")
