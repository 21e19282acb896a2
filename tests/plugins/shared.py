"""The shared data folder: real telecom files that are too large, or not ours, to keep in the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.house.source import ROOT


def shared_folder() -> Path | None:
    """Return ``TONGKE_SHARED`` or ``../shared`` beside the repository, where it exists."""
    folder = Path(os.environ.get("TONGKE_SHARED") or ROOT.parent / "shared")
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder ``data`` of the shared folder; skips, and says so, where it is absent."""
    folder = shared_folder()
    if folder is None or not (folder / "data").is_dir():
        pytest.skip("the shared data folder is absent: set TONGKE_SHARED or put it beside the repository as ../shared")
    return folder / "data"
