"""SIGKILL of the database in the middle of an import: resumed, every row is in exactly once and the sums agree."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.exchange.conftest import HEAD, PEOPLE
from tests.running.installation import MEND_SECONDS_MAX, START_SECONDS_MAX, Installation, held_in, wait_for

pytestmark = pytest.mark.fault
ROWS, FAULTY_EVERY = 15_000, 1_000
GOOD = ROWS - ROWS // FAULTY_EVERY
POSITION = "SELECT position FROM kernel_bulk_job"
# A transaction of the application that has written rows and not committed them: a chunk on its way.
WRITING = "SELECT 1 FROM pg_stat_activity WHERE usename = 'tongke_app' AND backend_xid IS NOT NULL AND query ~ '(INSERT INTO|COPY) .*(party|account|inventory)_'"
COUNTS = """
SELECT (SELECT count(*) FROM party_party), (SELECT count(*) FROM party_customer), (SELECT count(*) FROM account_billing_account),
       (SELECT count(*) FROM inventory_subscriber), (SELECT count(*) FROM inventory_payer), (SELECT count(*) FROM inventory_subscriber_role),
       (SELECT count(*) FROM party_source_key), (SELECT count(*) FROM kernel_bulk_reject)
"""
TOLD = "SELECT sum((payload->>'rows')::int) FROM kernel_outbox WHERE name = 'exchange.records_imported.v1'"


def is_faulty(number: int) -> bool:
    """One row in a thousand has no name."""
    return number % FAULTY_EVERY == FAULTY_EVERY - 1


def balance(number: int) -> Decimal:
    """What the row's account holds."""
    return Decimal(number % 50) + Decimal("0.25")


def start(installation: Installation, folder: Path, *more: str) -> subprocess.Popen[str]:
    """Start the import of the folder's file."""
    return subprocess.Popen(
        [sys.executable, "-m", "tongke.cli.main", "import", str(folder / "people.csv"), "--mapping", str(folder / "people.toml"), "--org", "3301",
         "--json", *more], env=installation.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def kill_database_in_a_chunk(installation: Installation, process: subprocess.Popen[str], *, after: int) -> None:
    """Kill the database once more than ``after`` rows are confirmed and the next chunk is being written; none of those is lost."""
    confirmed_rows = f"{POSITION} WHERE position > {after}"
    held_in(process, lambda: installation.rows(confirmed_rows) and installation.rows(WRITING), MEND_SECONDS_MAX, "rows are confirmed, a chunk is on its way")
    (confirmed,) = installation.values(POSITION)
    installation.kill_one("database")
    process.send_signal(signal.SIGCONT)
    _out, errors = process.communicate(timeout=START_SECONDS_MAX)
    assert process.returncode == 3, errors  # the database cannot be reached
    (kept,) = wait_for(lambda: installation.values(POSITION), MEND_SECONDS_MAX, "the database is back")
    assert kept >= confirmed > after
    assert kept < ROWS


def test_a_killed_database_costs_an_import_no_row(running: Installation, tmp_path: Path) -> None:
    """Killed in three of its chunks and resumed each time: the outcome is that of one undisturbed run."""
    (tmp_path / "people.toml").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "people.csv").write_text(HEAD + "".join(
        f"{n},{'' if is_faulty(n) else '王' + chr(0x4e00 + n % 2000)},139{n:08d},{balance(n)}\n" for n in range(ROWS)), encoding="utf-8")
    process = start(running, tmp_path)
    for after in (-1, 2_000, 6_000):
        kill_database_in_a_chunk(running, process, after=after)
        process = start(running, tmp_path, "--resume")
    out, errors = process.communicate(timeout=START_SECONDS_MAX)
    assert process.returncode == 2, errors
    told = json.loads(out)
    assert [told[name] for name in ("read", "created", "updated", "unchanged", "rejected")] == [ROWS, GOOD, 0, 0, ROWS - GOOD]
    lost = sum(map(balance, filter(is_faulty, range(ROWS))))
    loaded = sum(map(balance, range(ROWS))) - lost
    assert {name: Decimal(amount) for name, amount in told["sums"]["balance"].items()} == {
        "source": loaded + lost, "loaded": loaded, "rejected": lost, "difference": lost}
    assert running.rows(COUNTS) == [(GOOD, GOOD, GOOD, GOOD, GOOD, 2 * GOOD, 5 * GOOD, ROWS - GOOD)]
    assert running.values("SELECT sum(balance) FROM account_billing_account") == [loaded]
    assert running.values(TOLD) == [ROWS]
    audit = running.command("verify-audit")
    assert audit.returncode == 0, audit.stdout + audit.stderr
