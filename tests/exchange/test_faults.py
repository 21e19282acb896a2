"""Killed at any moment and started again: nothing lost, nothing doubled. Two imports of one file do not meet."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections

from tests.exchange.conftest import HEAD, PEOPLE
from tests.factories.staff import TESTER, tree
from tests.plugins.database import test_database
from tests.running.installation import held_in, wait_for
from tongke.areas.party.models import Party, SourceKey
from tongke.config.runtime import embedded_url
from tongke.exchange.errors import ImportRunning, NothingToResume
from tongke.exchange.mapping import load_mapping
from tongke.exchange.services import run_import, start_import
from tongke.kernel import clock
from tongke.kernel.actor import acting
from tongke.kernel.bulk import held_lock
from tongke.kernel.models import BulkJob

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
ROWS = 12_000
WAIT_SECONDS_MAX = 600
SESSIONS = "SELECT FROM pg_stat_activity WHERE usename = 'tongke_app' AND datname = current_database()"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Write a file of many people, one in a thousand faulty, and its mapping."""
    tree()
    data, mapping = tmp_path / "people.csv", tmp_path / "people.toml"
    data.write_text(HEAD + "".join(
        f"{n},{'' if n % 1000 == 999 else '王' + chr(0x4e00 + n % 2000)},139{n:08d},{n % 50}.25\n" for n in range(ROWS)), encoding="utf-8")
    mapping.write_text(PEOPLE, encoding="utf-8")
    return data, mapping


def command(files: tuple[Path, Path], tmp_path: Path, *more: str) -> subprocess.Popen[str]:
    """Start ``tongke import`` in a process of its own on this worker's database."""
    environment = os.environ | {
        "TONGKE_DATABASE_URL": embedded_url("postgres", test_database()), "TONGKE_APP_DATABASE_URL": embedded_url("tongke_app", test_database()),
        "TONGKE_EXCHANGE": str(tmp_path / "exchange"), "LANG": "C.UTF-8",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tongke.cli.main", "import", str(files[0]), "--mapping", str(files[1]), "--org", "3301", "--json", *more],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def position(owner: psycopg.Connection[Any]) -> int:
    """How far the newest import is."""
    row = owner.execute("SELECT position FROM kernel_bulk_job ORDER BY created_at DESC LIMIT 1").fetchone()
    return int(row[0]) if row else -1


def is_writing(owner: psycopg.Connection[Any]) -> bool:
    """Whether the import has written rows that it has not committed."""
    return bool(owner.execute(f"{SESSIONS} AND backend_xid IS NOT NULL").fetchall())


COUNTS = """
SELECT (SELECT count(*) FROM party_party), (SELECT count(*) FROM party_customer), (SELECT count(*) FROM account_billing_account),
       (SELECT count(*) FROM inventory_subscriber), (SELECT count(*) FROM inventory_payer), (SELECT count(*) FROM inventory_subscriber_role),
       (SELECT count(*) FROM party_source_key), (SELECT sum(balance) FROM account_billing_account)
"""


def test_killed_and_resumed(files: tuple[Path, Path], tmp_path: Path, owner_connection: psycopg.Connection[Any]) -> None:
    """SIGKILL between and inside chunks, then ``--resume``: the outcome is that of one undisturbed run."""
    process = command(files, tmp_path)
    for rows, inside in ((0, False), (5_000, True)):
        held_in(process, lambda rows=rows, inside=inside: position(owner_connection) >= rows and (not inside or is_writing(owner_connection)),
                WAIT_SECONDS_MAX, "the import is on its way")
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=WAIT_SECONDS_MAX)
        # What a killed process had open is undone as soon as the server sees it gone.
        wait_for(lambda: not owner_connection.execute(SESSIONS).fetchall(), WAIT_SECONDS_MAX, "its session is gone")
        process = command(files, tmp_path, "--resume")
    out, errors = process.communicate(timeout=WAIT_SECONDS_MAX)
    assert process.returncode == 2, errors
    told = json.loads(out)
    good = ROWS - ROWS // 1000
    assert (told["read"], told["created"], told["updated"], told["unchanged"], told["rejected"]) == (ROWS, good, 0, 0, ROWS // 1000)
    # The balance of rejected rows is the whole difference.
    assert float(told["sums"]["balance"]["difference"]) == sum(n % 50 + 0.25 for n in range(ROWS) if n % 1000 == 999)
    row = owner_connection.execute(COUNTS).fetchone()
    assert row is not None
    assert row[:7] == (good, good, good, good, good, 2 * good, 5 * good)
    assert owner_connection.execute("SELECT count(*) FROM kernel_bulk_reject").fetchone() == (ROWS // 1000,)


def test_two_imports_of_one_file_do_not_meet(files: tuple[Path, Path], tmp_path: Path, settings: Any) -> None:
    """While one holds the file, another says so and changes nothing; afterwards it may."""
    settings.EXCHANGE_FOLDER = tmp_path / "exchange"
    loaded = load_mapping(files[1])
    job = start_import(files=[files[0]], mapping=loaded, org_id=3301, by=TESTER, at=clock.now())
    with held_lock(fingerprint_of(job)), pytest.raises(ImportRunning):
        run_import(job_id=job, by=TESTER, clock=clock.now)
    assert run_import(job_id=job, by=TESTER, clock=clock.now).created > 0


def fingerprint_of(job: Any) -> str:
    """The job's fingerprint, read as someone who sees all."""
    with acting(TESTER):
        return BulkJob.objects.get(id=job).fingerprint


def test_nothing_to_resume_says_so(files: tuple[Path, Path], tmp_path: Path, settings: Any) -> None:
    """--resume without an interrupted import is a refusal with a mend."""
    settings.EXCHANGE_FOLDER = tmp_path / "exchange"
    with pytest.raises(NothingToResume):
        start_import(files=[files[0]], mapping=load_mapping(files[1]), org_id=3301, resume=True, by=TESTER, at=clock.now())


def test_two_files_with_the_same_keys_at_once(tmp_path: Path, settings: Any) -> None:
    """Two imports that bring the same records side by side: each key is made once, and each row is in or explained."""
    settings.EXCHANGE_FOLDER = tmp_path / "exchange"
    tree()
    jobs = []
    for turn in (1, -1):
        folder = tmp_path / f"turn{turn}"
        folder.mkdir()
        file = folder / "people.csv"
        file.write_text(HEAD + "".join(f"{n},王芳,139{n:08d},1.00\n" for n in range(400)[::turn]), encoding="utf-8")
        jobs.append(start_import(files=[file], mapping=load_mapping("people.toml", text=PEOPLE), org_id=3301, by=TESTER, at=clock.now()))

    def run(job: Any) -> Any:
        try:
            return run_import(job_id=job, by=TESTER, clock=clock.now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(run, jobs)
    for outcome in (first, second):
        assert outcome.read == 400 == outcome.created + outcome.unchanged + outcome.rejected
    assert first.created + second.created == 400
    with acting(TESTER):
        assert (Party.objects.count(), SourceKey.objects.count()) == (400, 2_000)
