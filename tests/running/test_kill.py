"""SIGKILL in the middle of a burst of writes: nothing confirmed is missing, nothing is doubled."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.house.source import ROOT
from tests.running.installation import MEND_SECONDS_MAX, Installation, wait_for

pytestmark = pytest.mark.fault
WRITERS = 3
OPEN = "SELECT count(*) FROM kernel_reaction_run WHERE state <> 'done'"
JOBS = "SELECT DISTINCT (status, attempts, worker_id) FROM procrastinate_jobs WHERE task_name = 'tongke.react' AND status <> 'succeeded'"


def payments(installation: Installation) -> int:
    """Return how many payments are recorded; zero while the server is away."""
    return sum(installation.values("SELECT count(*) FROM account_payment"))


def kill_everything_once(installation: Installation) -> None:
    """Kill worker, web and database, one after the other, each in the middle of writing."""
    for name in ("worker", "database", "web", "database"):
        before = payments(installation)
        wait_for(lambda before=before: payments(installation) > before + 20, MEND_SECONDS_MAX, "writing goes on")
        installation.kill_one(name)
        wait_for(lambda: installation.health().get("database", {}).get("ok"), MEND_SECONDS_MAX, f"the pages answer after {name} was killed")


def test_nothing_confirmed_is_missing_and_nothing_is_doubled(running: Installation) -> None:
    """Payments in a burst, every process killed: each confirmed one is there once, its event once, its reaction done once."""
    writers = [
        subprocess.Popen([sys.executable, "-m", "tests.running.burst_writer", str(n)], env=running.program_environment, cwd=ROOT, text=True,
                         stdout=subprocess.PIPE)
        for n in range(WRITERS)
    ]
    try:
        kill_everything_once(running)
    finally:
        for writer in writers:
            writer.terminate()
        confirmed = [line for writer in writers for line in writer.communicate(timeout=MEND_SECONDS_MAX)[0].split()]
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    wait_for(lambda: running.health().get("status") == "ok", MEND_SECONDS_MAX, "all is well again")
    wait_for(lambda: running.values(OPEN) == [0], MEND_SECONDS_MAX, f"every reaction is done: {running.values(JOBS)}")
    recorded = running.values("SELECT payment_no FROM account_payment")
    assert len(confirmed) > 80
    assert set(confirmed) - set(recorded) == set(), "a confirmed payment is missing"
    assert len(recorded) == len(set(recorded)) <= len(confirmed) + WRITERS
    assert running.values("SELECT sum(balance)::int FROM account_billing_account") == [len(recorded)]
    told = running.values("SELECT payload->>'payment_no' FROM kernel_outbox WHERE name = 'account.payment_recorded.v1'")
    assert sorted(told) == sorted(recorded)
    # Whoever reacts to a payment, each has reacted to each once.
    done = running.rows("SELECT reaction, count(*), count(DISTINCT event_id) FROM kernel_reaction_run GROUP BY reaction")
    assert {(runs, events) for _reaction, runs, events in done} == {(len(recorded), len(recorded))}
    audit = running.command("verify-audit")
    assert audit.returncode == 0, audit.stdout + audit.stderr
