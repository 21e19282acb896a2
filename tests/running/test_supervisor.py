"""What looks after the processes of an installation: none is left behind, and no number is signalled that may be another's by now."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from tests.running.installation import MEND_SECONDS_MAX, is_alive, wait_for
from tongke.cli.supervisor import Child, Supervisor

pytestmark = pytest.mark.fault
# Starts a process of its own, tells its number, and waits for it.
PARENT = "import subprocess, sys; below = subprocess.Popen(['sleep', '3600']); print(below.pid, flush=True); below.wait()"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + PARENT
SHORT = "pass"


@dataclass
class Watched(Child):
    """A child that notes of each signal to its group whether the number was still its own."""

    owned: list[bool] = field(default_factory=list)

    def signal_group(self, number: int) -> None:
        """Note, then send."""
        if self.process is not None:
            self.owned.append(psutil.pid_exists(self.process.pid))
        super().signal_group(number)

    def below(self) -> psutil.Process:
        """Wait until it has started what it starts, and return that."""
        return psutil.Process(int(wait_for(lambda: self.log.exists() and self.log.read_text().strip(), MEND_SECONDS_MAX, "it has started another")))


def child(folder: Path, program: str, *, stop_seconds: float = 60.0) -> Watched:
    """A child that runs ``program``, not yet started."""
    return Watched("one", [sys.executable, "-c", program], dict(os.environ), folder / "one.log", stop_seconds)


def watch_one_end(one: Watched) -> list[str]:
    """Look after ``one`` until it has ended once; what was said of it."""
    told: list[str] = []
    limit = time.monotonic() + MEND_SECONDS_MAX

    def look() -> None:
        keeper.ended = bool(told) or time.monotonic() > limit

    keeper = Supervisor([one], look, told.append)
    keeper.run(seconds_between=0.05)
    return told


def test_a_killed_child_is_told_and_what_it_had_started_ends(tmp_path: Path) -> None:
    one = child(tmp_path, PARENT)
    one.start()
    below = one.below()
    assert one.pid is not None
    os.kill(one.pid, signal.SIGKILL)
    (told,) = watch_one_end(one)
    assert told.startswith(f"one: -{int(signal.SIGKILL)}, ")
    assert one.owned == [True]
    wait_for(lambda: not is_alive(below), MEND_SECONDS_MAX, "what it had started ended")
    one.stop()


def test_a_child_that_ends_by_itself_is_started_again_later(tmp_path: Path) -> None:
    one = child(tmp_path, SHORT)
    one.start()
    assert watch_one_end(one)[0].startswith("one: 0, 0.25 s, ")
    assert (one.failures, one.process, one.owned) == (1, None, [True])
    assert watch_one_end(one)[0].startswith("one: 0, 0.5 s, ")
    assert (one.failures, one.process, one.owned) == (2, None, [True, True])


@pytest.mark.parametrize(("program", "stop_seconds"), [(PARENT, 60.0), (DEAF, 0.2), (SHORT, 60.0)])
def test_a_stopped_child_leaves_nothing(program: str, stop_seconds: float, tmp_path: Path) -> None:
    """Whether it heeds, does not, or has ended already."""
    one = child(tmp_path, program, stop_seconds=stop_seconds)
    one.start()
    assert one.process is not None
    itself = psutil.Process(one.process.pid)
    below = one.below() if program != SHORT else None
    if below is None:
        wait_for(lambda: one.pid is None, MEND_SECONDS_MAX, "it ended")
    one.stop()
    assert one.owned == [True]
    assert not is_alive(itself)
    if below is not None:
        wait_for(lambda: not is_alive(below), MEND_SECONDS_MAX, "what it had started ended")
    one.stop()
    assert one.owned == [True], "nothing is left to signal"
