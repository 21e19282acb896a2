"""The real web server on the worker's database, for browser journeys and fault tests."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.plugins.database import test_database
from tongke.config.runtime import embedded_url

START_SECONDS_MAX = 600
# Below the ports that Linux gives to clients (32768 and up): one that a client holds for a moment cannot be listened on.
PORTS_FROM, PORTS_EACH = 12_000, 4_000


@dataclass(frozen=True)
class Site:
    """A running web server; ``url`` without a trailing slash, ``log`` what it wrote."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]


def _ports() -> Iterator[int]:
    """Go round the ports of this worker: no other worker is given them, and the system gives none of them to a client."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw4").removeprefix("gw")
    first = PORTS_FROM + PORTS_EACH * (int(worker) % 5)
    start = os.getpid() * 2 % PORTS_EACH
    return (first + (start + step) % PORTS_EACH for step in count(0, 2))


_own_ports = _ports()


def free_port() -> int:
    """Return a TCP port of this worker's own that is free, and so is the next one."""
    while True:
        port = next(_own_ports)
        try:
            for wanted in (port, port + 1):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", wanted))
        except OSError:
            continue
        return port


def wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until ``url`` answers anything at all; fails with the server's own words if it ends or stays silent."""
    limit = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < limit and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)  # a listening socket has no event to wait for
        else:
            return
    process.kill()  # one that comes too late must not run on
    process.wait(60)
    pytest.fail(f"the web server did not answer at {url}:\n{log.read_text(errors='replace')[-4000:]}")


def start_site(tmp_path: Path, database: str) -> Site:
    """Start granian with one worker on ``database`` and wait until it answers; the caller ends it."""
    port = free_port()
    log = tmp_path / "web.log"
    environment = os.environ | {
        "TONGKE_DATABASE_URL": embedded_url("postgres", database),
        "TONGKE_APP_DATABASE_URL": embedded_url("tongke_app", database),
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
             "--blocking-threads", "4", "--no-ws", "tongke.config.server:application"],
            env=environment, stdout=out, stderr=subprocess.STDOUT,
        )
    site = Site(f"http://127.0.0.1:{port}", log, process)
    wait_until_up(f"{site.url}/healthz", process, log)
    return site


def stop_site(site: Site) -> None:
    """End a web server, in good order where it has time for that."""
    site.process.terminate()
    try:
        site.process.wait(60)
    except subprocess.TimeoutExpired:
        site.process.kill()
        site.process.wait(60)


@pytest.fixture
def site(transactional_db: None, tmp_path: Path) -> Iterator[Site]:
    """Run the real web server on this worker's database for one test; ``site.url`` is its address."""
    running = start_site(tmp_path, test_database())
    yield running
    stop_site(running)
