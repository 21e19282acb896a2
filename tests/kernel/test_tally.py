"""Running counts equal what a count of the table gives, whatever was written and however it is folded."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from tests.factories.party import NOON, TESTER, clerk, draft
from tests.factories.staff import tree
from tongke.areas.party import services
from tongke.kernel.actor import acting
from tongke.kernel.tally import fold_tallies, recounting

COLUMNS = "org_id, state, segment, level"
TALLY = f"SELECT {COLUMNS}, sum(n)::bigint FROM party_customer_tally GROUP BY {COLUMNS} HAVING sum(n) <> 0 ORDER BY 1, 2, 3, 4"
TABLE = f"SELECT {COLUMNS}, count(*) FROM party_customer GROUP BY {COLUMNS} ORDER BY 1, 2, 3, 4"


def rows(statement: str) -> list[tuple[Any, ...]]:
    """Return what the statement gives to the actor who stands on the connection."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def made(count: int, **more: Any) -> list[services.NewCustomer]:
    """Record customers in Hangzhou."""
    tree()
    return [services.create_customer(replace(draft(), org_id=3301, **more), by=TESTER, at=NOON) for _ in range(count)]


@pytest.mark.django_db
def test_the_tally_follows_every_change() -> None:
    """Created, graded, left: after each the tally is what a count gives."""
    with acting(TESTER):
        before = {row[:4]: row[4] for row in rows(TABLE)}
        new = made(4)
        assert rows(TALLY) == rows(TABLE)
        services.set_level(new[0].customer_id, level="gold", by=TESTER, at=NOON)
        services.close_customer(new[1].customer_id, reason="moved away", by=TESTER, at=NOON)
        assert rows(TALLY) == rows(TABLE)
        after = {row[:4]: row[4] for row in rows(TALLY)}
        gold = (3301, "active", "residential", "gold")
        assert after[gold] == before.get(gold, 0) + 1


@pytest.mark.django_db
def test_folding_changes_no_count_and_leaves_one_row_each() -> None:
    """Folded, the tally says the same in fewer rows."""
    with acting(TESTER):
        made(3)
        told = rows(TALLY)
        fold_tallies()
        assert rows(TALLY) == told
        assert rows("SELECT count(*) FROM party_customer_tally")[0][0] == rows(
            "SELECT count(DISTINCT (org_id, state, segment, level, closed)) FROM party_customer_tally")[0][0]


@pytest.mark.django_db
def test_who_sees_one_network_counts_that_network() -> None:
    """Row-level security holds for the tally as for the rows."""
    made(2)
    with acting(clerk(org_id=3302)):
        assert all(row[0] == 3302 for row in rows(TALLY))
    with acting(clerk(org_id=3301)):
        assert {row[0] for row in rows(TALLY)} == {3301}


@pytest.mark.django_db
def test_a_load_without_triggers_is_counted_anew(as_owner: Callable[[], AbstractContextManager[Any]]) -> None:
    """Counting anew mends a tally that was gone by."""
    with acting(TESTER):
        made(2)
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("UPDATE party_customer_tally SET n = n + 7")
            for statement in recounting():
                cursor.execute(statement)
        assert rows(TALLY) == rows(TABLE)


@pytest.mark.django_db
def test_the_application_cannot_write_the_tally() -> None:
    """Only the triggers write it."""
    with acting(TESTER), connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, 'party_customer_tally', 'INSERT, UPDATE, DELETE')")
        assert cursor.fetchone() == (False,)
