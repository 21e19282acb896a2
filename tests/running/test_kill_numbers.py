"""SIGKILL of the worker in the middle of a file of numbers: the next one goes on where it stopped, every row is done once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.running.installation import MEND_SECONDS_MAX, Installation, wait_for

pytestmark = pytest.mark.fault
ROWS, FAULTY_EVERY, CHUNK = 5_000, 1_000, 500
HELD_UP = 2_750  # in the middle of a chunk
GOOD = ROWS - ROWS // FAULTY_EVERY
FIRST = 8613857000000
WORKED_SECONDS_MAX = 600
# A pool of numbers of Hangzhou.
LAY = f"""
import django
django.setup()
from tongke.areas.resource import services
from tongke.kernel.actor import system_actor
from tongke.kernel.clock import now
by, at = system_actor("test"), now()
first, last = {FIRST}, {FIRST + ROWS - 1}
services.record_block(code="B", kind="mobile", first=first, last=last, org_id=1, by=by, at=at)
services.give_range(first=first, last=last, org_id=33, by=by, at=at)
services.give_range(first=first, last=last, org_id=3301, by=by, at=at)
pool = services.open_pool(code="P", name_zh="号池", kind="mobile", org_id=3301, by=by, at=at)
services.allot_range(pool_id=pool, first=first, last=last, by=by, at=at)
"""
# The file given to the worker as the page gives it.
BEGIN = """
import sys
from pathlib import Path
import django
django.setup()
from tongke.jobs.number_files import RIGHTS, begin_number_file
from tongke.kernel.actor import Actor


class Upload:
    name = "numbers.csv"

    def chunks(self):
        yield Path(sys.argv[1]).read_bytes()


desk = Actor(name="desk", org_id=3301, scope=(3301,), permissions=frozenset(RIGHTS))
begin_number_file(action="reserve", file=Upload(), everywhere={"reason": "fair"}, dry_run=False, by=desk)
"""
JOB = "SELECT state, position, created, rejected FROM kernel_bulk_job WHERE kind = 'resource.numbers'"
DONE = "SELECT count(*) FROM resource_number WHERE state = 'reserved'"
MOVES = "SELECT count(*) FROM resource_number_move WHERE verb = 'reserve'"
HOLD = f"SELECT FROM resource_number WHERE number = '+{FIRST + HELD_UP}' FOR UPDATE"
WAITING = "SELECT 1 FROM pg_stat_activity WHERE usename = 'tongke_app' AND wait_event_type = 'Lock'"


def test_a_killed_worker_costs_a_file_of_numbers_no_row(running: Installation, tmp_path: Path) -> None:
    """Killed in the middle of a chunk, some before it are in; nothing of them is done twice, nothing of the others is left out."""
    file = tmp_path / "numbers.csv"
    file.write_text("number\n" + "".join(f"{'x' if n % FAULTY_EVERY == 7 else FIRST + n}\n" for n in range(ROWS)), encoding="utf-8")
    subprocess.run([sys.executable, "-c", LAY], env=running.program_environment, check=True, timeout=MEND_SECONDS_MAX * 2)
    with running.owner() as holder, holder.transaction():
        assert holder.execute(HOLD).rowcount == 1  # the worker comes as far as this number, however fast it is
        subprocess.run([sys.executable, "-c", BEGIN, str(file)], env=running.program_environment, check=True, timeout=MEND_SECONDS_MAX * 2)
        wait_for(lambda: running.rows(WAITING), WORKED_SECONDS_MAX, "the worker waits in a chunk")
        ((state, position, _created, _rejected),) = running.rows(JOB)
        assert (state, position) == ("running", HELD_UP // CHUNK * CHUNK)
        killed = running.kill_one("worker")
    wait_for(lambda: running.processes("worker") - {killed}, MEND_SECONDS_MAX, "there is a worker again")
    wait_for(lambda: running.rows(f"{JOB} AND state = 'done'"), WORKED_SECONDS_MAX, "the file is through")
    assert running.rows(JOB) == [("done", ROWS, GOOD, ROWS - GOOD)]
    assert (running.values(DONE), running.values(MOVES)) == ([GOOD], [GOOD])
