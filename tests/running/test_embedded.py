"""The embedded server is known by its files, not by a number that another may have by now."""

from __future__ import annotations

from pathlib import Path

import pytest

from tongke.config import embedded


def test_the_number_of_another_server_is_not_ours(django_db_setup: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pid file that a crash left behind names a server of another data directory: ours does not run."""
    other = embedded.running()
    assert other is not None
    monkeypatch.setenv("TONGKE_DATA", str(tmp_path))
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg" / "postmaster.pid").write_text(f"{other.pid}\n{tmp_path / 'pg'}\n")
    assert embedded.running() is None
