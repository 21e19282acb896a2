"""Web servers for the benchmarks: the house's own and the bare handler, with the very same settings."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.children import die_with_parent
from bench.ground import Ground
from tongke.config.runtime import data_dir

HOUSE, BARE = "tongke.config.server:application", "bench.bare:application"
START_SECONDS_MAX = 60
# As `tongke up` starts them.
WORKERS = max(1, min(8, len(os.sched_getaffinity(0))))
THREADS = 8


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(ground: Ground, application: str = HOUSE, **environment_more: str) -> Iterator[int]:
    """Run granian on ``ground`` inside the block and give its port; what else the application reads from its environment."""
    port = _free_port()
    log = data_dir() / "log" / f"bench-{port}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    words = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(WORKERS),
        "--blocking-threads", str(THREADS), "--blocking-threads-idle-timeout", "600", "--no-ws", application,
    ]
    root = Path(__file__).resolve().parent.parent
    environment = ground.environment | environment_more | {"PYTHONPATH": os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])}
    with log.open("wb") as out:
        process = subprocess.Popen(words, env=environment, stdout=out, stderr=subprocess.STDOUT, cwd=root, preexec_fn=die_with_parent)  # noqa: PLW1509 - one system call
    try:
        _wait(port, process, log)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
        log.unlink(missing_ok=True)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < limit and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as probe:
                probe.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if probe.recv(12).startswith(b"HTTP/1.1"):
                    return
        except OSError:
            time.sleep(0.1)  # a listening socket has no event to wait for
    raise RuntimeError(f"the web server did not start:\n{log.read_text(errors='replace')[-2000:]}")
