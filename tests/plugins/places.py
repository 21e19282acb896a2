"""Folders for whole installations, outside pytest's own: a database server under another account must be able to enter.

pytest closes its folder to others each time a session starts, also under the feet of one that runs.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def made() -> Iterator[Path]:
    """Give an empty folder and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="tongke-test-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def place() -> Iterator[Path]:
    """Give one test an empty folder."""
    with made() as folder:
        yield folder


@pytest.fixture(scope="module")
def shared_place() -> Iterator[Path]:
    """Give the tests of one file an empty folder together."""
    with made() as folder:
        yield folder
