"""Keeps the processes of an installation running, and ends them in order.

Each child leads a process group of its own: Ctrl-C at the terminal reaches only the supervisor, and what
a killed child leaves behind is ended before it is started again. A child dies with its supervisor.

The group has the number of the child. The system gives that number to others once it is asked how the child
ended, so what is left of the group is ended before that question.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

BACK_OFF_SECONDS_MAX = 30.0
STEADY_SECONDS = 60.0
KILLED_SECONDS_MAX = 60.0
LOG_BYTES_MAX = 20 * 1024 * 1024
_PR_SET_PDEATHSIG = 1
# Looked up here, not after the fork: a lock of the loader may be held there by a thread that is no more.
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def _die_with_parent() -> None:
    """Ask Linux to end this process when its parent ends, however that ends."""
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One supervised process: how it is started, and how it fares."""

    name: str
    words: list[str]
    environment: dict[str, str]
    log: Path
    stop_seconds: float = 15.0
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0
    due: float = 0.0

    @property
    def pid(self) -> int | None:
        """The process id while it runs. One that has ended is not waited for: its number stays its own until ``bury``."""
        if self.process is None:
            return None
        try:
            return None if psutil.Process(self.process.pid).status() == psutil.STATUS_ZOMBIE else self.process.pid
        except psutil.NoSuchProcess:
            return None

    def start(self) -> None:
        """Start the process; its words go to its log file."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(  # noqa: S603 - our own words, without a shell
                self.words, env=self.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                start_new_session=True, preexec_fn=_die_with_parent,  # noqa: PLW1509 - one thread, one system call
            )
        self.started = time.monotonic()

    def signal_group(self, number: int) -> None:
        """Send a signal to the process and all that it started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return

    def bury(self) -> int | None:
        """Kill it and all that it started, let go of its number and return how it ended; ``None`` where none was started.

        Raises ``subprocess.TimeoutExpired`` for a killed process that does not end.
        """
        if self.process is None:
            return None
        self.signal_group(signal.SIGKILL)
        code = self.process.wait(KILLED_SECONDS_MAX)
        self.process = None
        return code

    def stop(self) -> None:
        """End the process: asked first, killed when it does not heed within its time."""
        limit = time.monotonic() + self.stop_seconds
        if (pid := self.pid) is not None:
            os.kill(pid, signal.SIGTERM)
        while self.pid is not None and time.monotonic() < limit:
            time.sleep(0.02)  # waiting for the process itself would let go of its number
        self.bury()


@dataclass
class Supervisor:
    """Looks after ``children``; ``mend`` is called each round and keeps up what they stand on."""

    children: list[Child]
    mend: Callable[[], None]
    say: Callable[[str], None]
    ended: bool = field(default=False)

    def start(self) -> None:
        """Start every child."""
        for child in self.children:
            child.start()

    def _look_after(self, child: Child) -> None:
        if child.pid is not None:
            if child.failures and time.monotonic() - child.started > STEADY_SECONDS:
                child.failures = 0
            return
        now = time.monotonic()
        if child.process is not None:
            code = child.bury()
            wait = min(BACK_OFF_SECONDS_MAX, 0.25 * 2 ** min(child.failures, 10))
            child.failures += 1
            child.due = now + wait
            self.say(f"{child.name}: {code}, {wait:.2g} s, {child.log}")
        if now >= child.due:
            child.start()

    def run(self, seconds_between: float = 0.2) -> None:
        """Look after the children until ``ended`` is set by a signal."""
        while not self.ended:
            self.mend()
            for child in self.children:
                self._look_after(child)
            time.sleep(seconds_between)  # the round of a watchman, not a wait for anything

    def stop(self) -> None:
        """End the children in the order of their list."""
        for child in self.children:
            child.stop()
