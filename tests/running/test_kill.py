"""SIGKILL in the middle of a burst of writes: nothing confirmed is missing, nothing is doubled."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.house.source import ROOT
from tests.running.installation import MEND_SECONDS_MAX, Installation, wait_for

pytestmark = pytest.mark.fault
WRITERS = 3
OPEN = "SELECT count(*) FROM kernel_reaction_run WHERE state <> 'done'"
JOBS = "SELECT DISTINCT (status, attempts, worker_id) FROM procrastinate_jobs WHERE task_name = 'tongke.react' AND status <> 'succeeded'"
LAY_ORGS = """
from tongke.areas.staff import services
from tongke.kernel.actor import system_actor
from tongke.kernel.clock import now
import django
django.setup()
for org_id, kind, parent_id in ((1, "group", None), (33, "province", 1), (3301, "local_network", 33)):
    services.create_org(org_id=org_id, kind=kind, parent_id=parent_id, name_zh=str(org_id), name_en=str(org_id), by=system_actor("test"), at=now())
"""


@pytest.fixture
def running(place: Path) -> Iterator[Installation]:
    """Give an installation that is up, with one local network."""
    installation = Installation(place / "data")
    installation.up("--no-demo")
    try:
        lines = LAY_ORGS.replace("import django\ndjango.setup()\n", "")
        subprocess.run([sys.executable, "-c", f"import django\ndjango.setup()\n{lines}"], env=environment(installation), check=True, timeout=60)
        yield installation
    finally:
        installation.down()


def environment(installation: Installation) -> dict[str, str]:
    """Return the environment of a program beside the installation."""
    return installation.environment | {"DJANGO_SETTINGS_MODULE": "tongke.config.settings", "PYTHONPATH": str(ROOT)}


def owner(installation: Installation) -> psycopg.Connection[Any]:
    """Connect as owner to the installation's server."""
    return psycopg.connect(f"host={installation.data / 'pg'} user=postgres dbname=tongke", autocommit=True)


def values(installation: Installation, statement: str) -> list[Any]:
    """Return the first column of what ``statement`` gives; empty while the server is away."""
    try:
        with owner(installation) as connection:
            return [row[0] for row in connection.execute(statement)]
    except psycopg.OperationalError:
        return []


def payments(installation: Installation) -> int:
    """Return how many payments are recorded; zero while the server is away."""
    return sum(values(installation, "SELECT count(*) FROM account_payment"))


def kill_everything_once(installation: Installation) -> None:
    """Kill worker, web and database, one after the other, each in the middle of writing."""
    for name in ("worker", "database", "web", "database"):
        before = payments(installation)
        wait_for(lambda before=before: payments(installation) > before + 20, MEND_SECONDS_MAX, "writing goes on")
        pid = installation.postmaster() if name == "database" else installation.children()[name]
        assert pid is not None
        installation.kill(pid)
        wait_for(lambda: installation.health().get("database", {}).get("ok"), MEND_SECONDS_MAX, f"the pages answer after {name} was killed")


def test_nothing_confirmed_is_missing_and_nothing_is_doubled(running: Installation) -> None:
    """Payments in a burst, every process killed: each confirmed one is there once, its event once, its reaction done once."""
    writers = [
        subprocess.Popen([sys.executable, "-m", "tests.running.burst_writer", str(n)], env=environment(running), cwd=ROOT, text=True,
                         stdout=subprocess.PIPE)
        for n in range(WRITERS)
    ]
    try:
        kill_everything_once(running)
    finally:
        for writer in writers:
            writer.terminate()
        confirmed = [line for writer in writers for line in writer.communicate(timeout=60)[0].split()]
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    wait_for(lambda: running.health().get("status") == "ok", MEND_SECONDS_MAX, "all is well again")
    wait_for(lambda: values(running, OPEN) == [0], MEND_SECONDS_MAX, f"every reaction is done: {values(running, JOBS)}")
    recorded = values(running, "SELECT payment_no FROM account_payment")
    assert len(confirmed) > 80
    assert set(confirmed) - set(recorded) == set(), "a confirmed payment is missing"
    assert len(recorded) == len(set(recorded)) <= len(confirmed) + WRITERS
    assert values(running, "SELECT sum(balance)::int FROM account_billing_account") == [len(recorded)]
    told = values(running, "SELECT payload->>'payment_no' FROM kernel_outbox WHERE name = 'account.payment_recorded.v1'")
    assert sorted(told) == sorted(recorded)
    assert values(running, "SELECT count(*) FROM kernel_reaction_run") == [len(recorded)]
    audit = running.command("verify-audit")
    assert audit.returncode == 0, audit.stdout + audit.stderr
