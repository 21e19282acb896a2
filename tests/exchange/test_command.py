"""What the command makes of the files it is given."""

from __future__ import annotations

import pytest

from tongke.cli.importing import originals


@pytest.mark.parametrize(("given", "loaded"), [
    (["a.csv", "a.rejects.csv", "b.csv"], ["a.csv", "b.csv"]),
    (["/x/a.rejects.csv", "/x/a.csv"], ["/x/a.csv"]),
    (["a.rejects.csv"], ["a.rejects.csv"]),
    (["a.rejects.csv", "b.csv"], ["a.rejects.csv", "b.csv"]),
    (["customers=a.csv"], ["customers=a.csv"]),
])
def test_rejects_beside_their_originals_are_left_out(given: list[str], loaded: list[str]) -> None:
    assert originals(given) == loaded
