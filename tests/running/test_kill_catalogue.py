"""SIGKILL in the middle of a catalogue's import: nothing of it is there, and the next import takes all; the command line on a real house."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.areas.catalogue.core.making import SMALL
from tests.running.installation import MEND_SECONDS_MAX, Installation, held_in, wait_for

pytestmark = pytest.mark.fault
COPIES = 300
COUNTS = "SELECT count(*) FROM catalogue_offering WHERE code LIKE 'MX-%'"
WRITING = "SELECT 1 FROM pg_stat_activity WHERE usename = 'tongke_app' AND backend_xid IS NOT NULL AND query ~ 'catalogue_(price|offering|characteristic)'"


def large() -> str:
    """The small catalogue with many more plans."""
    start, end = SMALL.index("  M-59:\n"), SMALL.index("  B-500:\n")
    plan = SMALL[start:end]
    return SMALL[:end] + "".join(plan.replace("M-59", f"MX-{n:03d}", 1) for n in range(COPIES)) + SMALL[end:]


def test_a_killed_import_leaves_nothing_and_the_next_takes_all(running: Installation, tmp_path: Path) -> None:
    file = tmp_path / "catalogue.yaml"
    file.write_text(large(), encoding="utf-8")
    before = running.values(COUNTS)
    process = subprocess.Popen([sys.executable, "-m", "tongke.cli.main", "catalogue", "import", str(file), "--launch"], env=running.environment,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    held_in(process, lambda: running.rows(WRITING), MEND_SECONDS_MAX, "the import writes")
    process.kill()
    process.communicate(timeout=MEND_SECONDS_MAX)
    wait_for(lambda: not running.rows(WRITING), MEND_SECONDS_MAX, "its transaction is gone")
    assert running.values(COUNTS) == before == [0]

    done = running.command("catalogue", "import", str(file), "--launch", "--json")
    assert done.returncode == 0, done.stderr
    assert running.values(COUNTS) == [COPIES]
    assert {entry["outcome"] for entry in json.loads(done.stdout)["entries"]} <= {"launched", "written", "unchanged"}

    assert running.command("catalogue", "export", str(tmp_path / "out.yaml"), "--code", "M-59").returncode == 0
    assert running.command("catalogue", "diff", str(tmp_path / "out.yaml")).returncode == 0
    file.write_text(large().replace("amount: 59", "amount: -1", 1), encoding="utf-8")
    refused = running.command("catalogue", "import", str(file))
    assert refused.returncode == 1
    assert f"{file}:128: offerings.M-59.prices[0].amount: CAT-12" in refused.stderr
