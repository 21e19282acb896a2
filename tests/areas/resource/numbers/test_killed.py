"""Sellers killed in the middle, and the database's processes under them: what was confirmed stands, nothing is half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from tests.areas.resource.numbers import planted
from tests.house.source import ROOT
from tests.plugins.database import test_database
from tongke.config.runtime import embedded_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
SIZE, SELLERS, TURNS = 900, 3, 3
ROWS = "SELECT number::text, state::text, hold_id, assigned_to FROM resource_number"
# What must never be, whatever was killed when.
NEVER = {
    "a held number without its open hold": "SELECT count(*) FROM resource_number n WHERE n.state = 'held' AND NOT EXISTS ("
        "SELECT FROM resource_number_hold h WHERE h.id = n.hold_id AND h.number_id = n.id AND h.state = 'open')",
    "an open hold without its number": "SELECT count(*) FROM resource_number_hold h WHERE h.state = 'open' AND NOT EXISTS ("
        "SELECT FROM resource_number n WHERE n.id = h.number_id AND n.hold_id = h.id)",
    "two open holds": "SELECT count(*) FROM (SELECT FROM resource_number_hold WHERE state = 'open' GROUP BY number_id HAVING count(*) > 1) x",
    "a state that the history does not tell": "SELECT count(*) FROM resource_number n WHERE n.state <> ("
        "SELECT to_state FROM resource_number_move m WHERE m.number_id = n.id ORDER BY m.id DESC LIMIT 1)",
    "a move without its event": "SELECT count(*) FROM resource_number_move m WHERE m.verb = 'assign' AND NOT EXISTS ("
        "SELECT FROM kernel_outbox o WHERE o.subject_id = m.number_id AND o.name = 'resource.number_assigned.v1')",
    "a count that is not so": "SELECT count(*) FROM (SELECT state, count(*) AS n FROM resource_number GROUP BY 1) r FULL JOIN ("
        "SELECT state, sum(n) AS n FROM resource_number_tally GROUP BY 1 HAVING sum(n) <> 0) t USING (state) WHERE r.n IS DISTINCT FROM t.n",
}


@contextmanager
def sellers(pool: object, turn: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Run the sellers on this worker's database as the application."""
    environment = os.environ | {
        "TONGKE_DATABASE_URL": embedded_url("postgres", test_database()), "TONGKE_APP_DATABASE_URL": embedded_url("tongke_app", test_database()),
    }
    running = [
        subprocess.Popen([sys.executable, "-m", "tests.areas.resource.numbers.seller", f"s{turn}{n}", str(pool)], cwd=ROOT, env=environment, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for n in range(SELLERS)
    ]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.wait(60)


def sold_until_killed(pool: object, turn: int, owner: psycopg.Connection[Any]) -> list[list[str]]:
    """Let sellers sell, kill each in the middle (every second turn by its backend first), and return what they were told."""
    told: list[list[str]] = []
    with sellers(pool, turn) as running:
        for process in running:
            assert process.stdout is not None
            for line in process.stdout:
                told.append(line.split())
                if len(told) % 25 == 24:
                    break
        if turn % 2:
            owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tongke_app' AND datname = current_database() AND pid <> pg_backend_pid()")
        for process in running:
            process.send_signal(signal.SIGKILL)
            assert process.stdout is not None
            told += [line.split() for line in process.stdout if line.endswith("\n")]
    return told


def test_what_was_confirmed_stands_whatever_is_killed(owner_connection: psycopg.Connection[Any]) -> None:
    desk = planted.desk(SIZE, graded=False)
    told = [line for turn in range(TURNS) for line in sold_until_killed(desk.pool_id, turn, owner_connection)]
    rows = {number: (state, hold, line) for number, state, hold, line in owner_connection.execute(ROWS).fetchall()}
    assert len(rows) == SIZE
    assert len(told) > 50
    held = [words[1] for words in told if words[0] == "held"]
    assert len(held) == len(set(held)), "one number was given twice"
    final = {words[1]: words for words in told}
    for word, number, key in final.values():
        state, hold, line = rows[number]
        # The next step may have been done without its answer reaching anybody; never less than was confirmed.
        assert state in {"held": ("held", "assigned", "released", "cooling"), "assigned": ("assigned", "cooling"), "cooling": ("cooling",)}[word]
        assert word != "held" or state != "held" or str(hold) == key
        assert word != "assigned" or state != "assigned" or str(line) == key
    for what, statement in NEVER.items():
        assert owner_connection.execute(statement).fetchone() == (0,), what
