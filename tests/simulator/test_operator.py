"""The command that makes a whole operator: every part once, the same command again changes nothing."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection

from tongke.cli.main import run
from tongke.kernel import audit
from tongke.kernel.actor import Actor, acting, system_actor
from tongke.simulator.operator import make_operator

Owner = psycopg.Connection[Any]


@pytest.mark.django_db(transaction=True)
def test_the_command_makes_every_part(owner_connection: Owner, capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers and network without customers; then nothing more; each local network sees its own; the trail verifies."""
    command = ["simulate", "--customers", "0", "--numbers", "75000", "--premises", "400"]
    assert run(command) == 0
    assert "rows in" in capsys.readouterr().out
    assert run(command) == 0
    assert "nothing was changed" in capsys.readouterr().out
    counts = {
        table: owner_connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
        for table in ("resource_number", "resource_stock_item", "resource_place", "resource_port", "party_customer")
    }
    assert counts["resource_number"] == (80_000,)
    assert counts["party_customer"] == (0,)
    assert all(found != (0,) for table, found in counts.items() if table != "party_customer")
    for table in ("resource_number", "resource_stock_item", "resource_port"):
        with acting(Actor(name="desk", org_id=3301, scope=(3301,))), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*), count(*) FILTER (WHERE org_id <> 3301) FROM {table}")
            own, foreign = cursor.fetchone()
        assert own > 0
        assert foreign == 0
    with acting(system_actor("test")):
        assert not list(audit.verify().findings)


@pytest.mark.django_db(transaction=True)
def test_parts_are_watched_by_their_names(owner_connection: Owner) -> None:
    """Each part tells how far it is; the parts together are as large as the rows that they wrote."""
    told: dict[str, list[tuple[int, int, int]]] = {}

    def watch(part: str) -> Any:
        return lambda *now: told.setdefault(part, []).append(now)

    made = make_operator(customers=60, months=1, seed=5, premises=300, workers=1, watch=watch)
    assert set(told) == {"customers", "numbers", "premises", "stock"}
    assert all(steps[-1][0] == steps[-1][1] for steps in told.values())
    assert set(made.seconds) == {"customers", "numbers", "stock", "premises"}
    jobs = owner_connection.execute("SELECT sum(created) FROM kernel_bulk_job WHERE kind LIKE 'simulate%'").fetchone()
    assert jobs == (made.rows,)
