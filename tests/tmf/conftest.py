"""Every document that leaves in a wrong shape fails the test that asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests.plugins.shared import shared_folder
from tests.tmf import thing
from tongke.tmf.kit import checking


@pytest.fixture(autouse=True)
def strict_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold every document that leaves against its shape."""
    monkeypatch.setattr(checking, "strict", True)


@pytest.fixture(scope="session")
def official_files() -> Path:
    """Give the folder of the official files; skips, and says so, where it is absent."""
    folder = shared_folder()
    if folder is None or not (folder / "tmf").is_dir():
        pytest.skip("the official files are absent: set TONGKE_SHARED or put the shared folder beside the repository as ../shared")
    return folder / "tmf"


@pytest.fixture(scope="module")
def module_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let the tests of one file share rows that none of them changes; all are undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def shelf(module_rows: None) -> thing.Shelf:
    """Give a client and five things that differ in every attribute, in rising order, where no other test puts any."""
    client = thing.caller(org_id=3201)
    with override_settings(ROOT_URLCONF="tests.tmf.thing"):
        return client, thing.row_of(client)
