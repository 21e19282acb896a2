"""The ground under the tests: the application's role, row-level security, and the way up to the owner."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import psycopg
import pytest
from django.db import connection

Owner = Callable[[], AbstractContextManager[Any]]


def scalar(statement: str) -> Any:
    """Return the one value that ``statement`` gives on the test's connection."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_tests_run_as_the_application_role(as_owner: Owner) -> None:
    """Row-level security binds the tests; ``as_owner`` steps up and down inside one transaction."""
    assert scalar("SELECT current_user") == "tongke_app"
    assert scalar("SELECT NOT rolbypassrls AND NOT rolsuper FROM pg_roles WHERE rolname = current_user")
    with as_owner():
        assert scalar("SELECT current_user") == "postgres"
    assert scalar("SELECT current_user") == "tongke_app"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_number", [1, 2])
def test_a_committed_row_is_gone_for_the_next_test(round_number: int, owner_connection: psycopg.Connection[Any]) -> None:
    """What one transactional test commits, the next does not see; the migrated rows are still there."""
    found = owner_connection.execute("SELECT count(*) FROM kernel_number_series").fetchone()
    assert found == (0,)
    owner_connection.execute("INSERT INTO kernel_number_series (series, period, last) VALUES ('T', '26', %s)", [round_number])
    assert scalar("SELECT count(*) FROM kernel_number_series") == 1
    assert scalar("SELECT count(*) FROM kernel_audit_head") == 64
