"""`tongke up` and the commands beside it, as a newcomer types them."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.running.installation import MEND_SECONDS_MAX, Installation, is_alive, wait_for

pytestmark = pytest.mark.fault
# Longer than a socket's path may be, with a blank and Chinese in it.
LONG_NAME = "a data directory of 客户 " + "x" * 90


@pytest.fixture(scope="module")
def running(shared_place: Path) -> Iterator[Installation]:
    """Give an installation that is up, on a data directory with a long name."""
    installation = Installation(shared_place / LONG_NAME)
    installation.up("--no-demo")
    yield installation
    said = installation.down(signal.SIGINT)
    assert installation.process is not None
    assert installation.process.returncode == 0, said
    assert installation.url.split(":")[-1] in said
    assert installation.postmaster() is None, "the database was left running"


def test_everything_is_well(running: Installation) -> None:
    """/healthz tells each part, and nothing of any person."""
    found = running.health()
    assert found["status"] == "ok"
    assert set(found) == {"status", "database", "migrations", "worker", "outbox", "hub"}
    assert found["worker"]["ok"]
    assert found["hub"]["deliverers"] >= 1


def test_a_second_up_says_that_it_runs(running: Installation) -> None:
    """Asked again it tells the address; asked for another port it refuses."""
    again = running.command("up", "--port", str(running.port))
    assert again.returncode == 0, again.stderr
    assert f":{running.port}" in again.stdout
    other = running.command("up", "--port", "1")
    assert other.returncode == 1
    assert f":{running.port}" in other.stdout


def test_commands_attach_to_what_runs(running: Installation) -> None:
    """A command beside `up` uses its database and leaves it running."""
    before = running.postmaster()
    audit = running.command("verify-audit", "--json")
    assert audit.returncode == 0, audit.stderr
    assert json.loads(audit.stdout)["ok"]
    doctor = running.command("doctor", "--json")
    found = {check["name"]: check for check in json.loads(doctor.stdout)["checks"]}
    assert found["up"]["says"].endswith(f":{running.port}")
    assert [c for c in found.values() if c["state"] == "broken" and c["name"] not in {"translations", "pages"}] == []
    assert running.postmaster() == before


def test_a_restore_under_running_pages_is_refused(running: Installation, place: Path) -> None:
    """A backup is made while it runs; it goes into an empty directory, never under running pages."""
    file = place / "backup.tongke"
    assert running.command("backup", str(file)).returncode == 0
    refused = running.command("restore", str(file))
    assert refused.returncode == 1
    assert "OPS-25" in refused.stderr


@pytest.mark.parametrize("name", ["web", "worker", "streams", "fan-out", "deliver", "database"])
def test_what_is_killed_comes_back(name: str, running: Installation) -> None:
    """A killed process is started again and all is well within a minute."""
    before = running.processes(name)
    killed = running.kill_one(name)
    # Several may do the same work: only what was not there before has come back.
    wait_for(lambda: len(running.processes(name) - {killed}) >= len(before), MEND_SECONDS_MAX, f"a new {name}")
    wait_for(lambda: running.health().get("status") == "ok", MEND_SECONDS_MAX, "all is well again")
    assert not is_alive(killed)


def test_a_taken_port_is_told(place: Path) -> None:
    """Where another program listens, `up` says so and names a free port; nothing is left behind."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        installation = Installation(place / "data", port=other.getsockname()[1])
        refused = installation.command("up", "--port", str(installation.port))
    assert refused.returncode == 1
    assert "OPS-07" in refused.stderr
    assert "--port" in refused.stderr
    assert installation.postmaster() is None


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("frobnicate",), 2, "frobnicate"),
        (("up", "--port", "high"), 2, "--port"),
        (("restore", "/no/such/file"), 2, "/no/such/file"),
        (("verify-audit", "--data", "/proc/nowhere"), 1, "OPS-"),
    ],
)
def test_mistakes_get_a_sentence(words: tuple[str, ...], code: int, said: str, place: Path) -> None:
    """A mistake gives a sentence and a fitting exit code, never a traceback."""
    done = Installation(place / "data").command(*words)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_a_killed_up_leaves_nothing_in_the_way(install: Callable[..., Installation], place: Path) -> None:
    """SIGKILL of `up` itself: its children end with it, and the next `up` takes over the same data and port."""
    installation = install(place / "data")
    installation.up("--no-demo")
    try:
        assert installation.process is not None
        assert set(installation.children()) == {"web", "streams", "worker", "fan-out", "deliver"}
        children = set().union(*installation.children().values())
        installation.process.send_signal(signal.SIGKILL)
        installation.process.wait(60)
        wait_for(lambda: not any(is_alive(child) for child in children), MEND_SECONDS_MAX, "the children ended")
        installation.up("--no-demo")
        assert installation.health()["status"] == "ok"
    finally:
        installation.down()
    assert installation.postmaster() is None
