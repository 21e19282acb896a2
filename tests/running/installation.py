"""A whole installation of its own for a test: its data directory, its `tongke up`, its processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

from tests.house.source import ROOT
from tests.plugins.site import free_port

# Far more than is ever needed: a machine that others use may be many times slower, and what hangs is found all the same.
START_SECONDS_MAX = 600
# This clone's code and tests, whatever clone the environment's own Tongke is installed from.
OWN_CODE = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
MEND_SECONDS_MAX = 600


def wait_for(what: Callable[[], Any], seconds: float, why: str) -> Any:
    """Ask ``what`` until it gives something true and return that; fails with ``why`` after ``seconds``."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        found = what()
        if found:
            return found
        time.sleep(0.1)  # another process's state has no event to wait for
    raise AssertionError(f"not within {seconds:.0f} s: {why}")


def held_in(process: subprocess.Popen[str], writing: Callable[[], Any], seconds: float, why: str) -> None:
    """Stop ``process`` (SIGSTOP) where ``writing`` holds, and holds still while it stands; whatever the machine does meanwhile."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        assert process.poll() is None, process.communicate()
        if writing():
            process.send_signal(signal.SIGSTOP)
            time.sleep(0.3)  # what it had asked for when it was stopped may still be answered
            if writing():
                return
            process.send_signal(signal.SIGCONT)
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds:.0f} s: {why}")


def is_alive(process: psutil.Process) -> bool:
    """Tell whether just this process runs: a zombie does not, nor does a later one that was given its number."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@dataclass
class Installation:
    """One data directory and what runs on it."""

    data: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its commands: nothing of the test session's own database."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("TONGKE_")}
        return kept | {"TONGKE_DATA": str(self.data), "TONGKE_LANGUAGE": "en", "TONGKE_WEB_WORKERS": "2", "TONGKE_WEB_THREADS": "4",
                       "TONGKE_POSTGRES_SETTINGS": "shared_buffers=128MB max_wal_size=512MB"}

    @property
    def program_environment(self) -> dict[str, str]:
        """The environment of a Python program beside it that uses the house's own code."""
        return self.environment | {"DJANGO_SETTINGS_MODULE": "tongke.config.settings", "PYTHONPATH": OWN_CODE}

    def command(self, *words: str, data: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run one `tongke` command on it and return what it said."""
        environment = self.environment | ({"TONGKE_DATA": str(data)} if data else {})
        return subprocess.run(
            [sys.executable, "-m", "tongke.cli.main", *words], env=environment, capture_output=True, text=True, timeout=START_SECONDS_MAX, check=False,
        )

    def up(self, *words: str) -> None:
        """Start it and wait until its health is whole."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tongke.cli.main", "up", "--port", str(self.port), *words], env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        ended = self.process.poll
        try:
            wait_for(lambda: self.health().get("status") == "ok" or ended() is not None, START_SECONDS_MAX, "healthy")
            assert ended() is None
        except AssertionError as fault:
            logs = "".join(f"\n== {p.name}\n{p.read_text(errors='replace')[-1500:]}" for p in sorted((self.data / "log").glob("*.log")))
            raise AssertionError(f"{fault}\n{self.health()}\n{self.down()}{logs}") from None

    def health(self) -> dict[str, Any]:
        """Return what /healthz tells; empty while nothing answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=10) as answer:
                found: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as fault:
            found = json.loads(fault.read() or b"{}")
        except (OSError, ValueError):
            return {}
        return found

    def children(self) -> dict[str, set[psutil.Process]]:
        """Return the processes of web, streams, worker and the hub by what they do: several deliver where the machine has the cores."""
        found: dict[str, set[psutil.Process]] = {}
        for child in psutil.Process(self.process.pid).children() if self.process else []:
            try:
                words = " ".join(child.cmdline())
            except psutil.Error:
                continue  # ended just now
            for name, mark in (("web", "config.server"), ("streams", "config.streams"), ("worker", "procrastinate"),
                               ("fan-out", "tongke.tmf.hub fan-out"), ("deliver", "tongke.tmf.hub deliver")):
                if mark in words:
                    found.setdefault(name, set()).add(child)
        return found

    def postmaster(self) -> psutil.Process | None:
        """Return the process of its database server, ``None`` while there is none."""
        try:
            server = psutil.Process(int((self.data / "pg" / "postmaster.pid").read_text().split()[0]))
        except (OSError, IndexError, ValueError, psutil.NoSuchProcess):
            return None
        return server if is_alive(server) else None

    def processes(self, name: str) -> set[psutil.Process]:
        """Return what runs of ``name``: one of ``children``, or ``database``; empty while nothing of it runs."""
        if name != "database":
            return self.children().get(name, set())
        server = self.postmaster()
        return {server} if server else set()

    def kill_one(self, name: str) -> psutil.Process:
        """Kill one process of ``name``, which must run, and all that it started, without a word of warning; return it."""
        found = self.processes(name)
        assert found, f"no {name} runs"
        victim = min(found, key=lambda process: process.pid)
        for process in (victim, *victim.children(recursive=True)):
            try:
                process.send_signal(signal.SIGKILL)
            except psutil.NoSuchProcess:
                continue
        return victim

    def owner(self) -> psycopg.Connection[Any]:
        """Connect as owner to its server; raises ``OperationalError`` while the server is away."""
        return psycopg.connect(f"host={self.data / 'pg'} user=postgres dbname=tongke", autocommit=True)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return what ``statement`` gives; empty while the server is away."""
        try:
            with self.owner() as connection:
                return connection.execute(statement).fetchall()
        except psycopg.OperationalError:
            return []

    def values(self, statement: str) -> list[Any]:
        """Return the first column of what ``statement`` gives; empty while the server is away."""
        return [row[0] for row in self.rows(statement)]

    def down(self, number: int = signal.SIGTERM) -> str:
        """Stop it in good order and return all that it said."""
        if self.process is None:
            return ""
        if self.process.poll() is None:
            self.process.send_signal(number)
        said, _none = self.process.communicate(timeout=MEND_SECONDS_MAX)
        return said
