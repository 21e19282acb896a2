"""What the fault tests stand on: installations laid out once a session and copied for each test; one that is up, with one local network."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import SESSION
from tests.running.installation import MEND_SECONDS_MAX, Installation

LAY_ORGS = """
import django
django.setup()
from tongke.areas.staff import services
from tongke.config import embedded
from tongke.kernel.actor import system_actor
from tongke.kernel.clock import now
with embedded.in_use():
    for org_id, kind, parent_id in ((1, "group", None), (33, "province", 1), (3301, "local_network", 33)):
        services.create_org(org_id=org_id, kind=kind, parent_id=parent_id, name_zh=str(org_id), name_en=str(org_id), by=system_actor("test"), at=now())
"""


def copied(source: Path, target: Path) -> None:
    """Copy an installation that is at rest: the database's files belong to another account and must go on to."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True, timeout=MEND_SECONDS_MAX)


def lay(folder: Path) -> None:
    """Lay out two installations: an empty one, and one with a local network."""
    empty = Installation(folder / "empty")
    made = empty.command("migrate")
    assert made.returncode == 0, made.stdout + made.stderr
    copied(empty.data, folder / "network")
    environment = Installation(folder / "network").program_environment
    subprocess.run([sys.executable, "-c", LAY_ORGS], env=environment, check=True, timeout=MEND_SECONDS_MAX)


@pytest.fixture(scope="session")
def laid() -> Iterator[Path]:
    """Give the folder of the session's installations; the first process lays them out, the last one removes them."""
    folder = Path(tempfile.gettempdir()) / f"tongke-laid-{os.getuid()}-{SESSION}"
    folder.mkdir(mode=0o755, exist_ok=True)
    with (folder / "use").open("a") as use:
        with (folder / "lock").open("a") as guard:
            fcntl.flock(guard, fcntl.LOCK_EX)
            fcntl.flock(use, fcntl.LOCK_SH)
            if not (folder / "done").exists():
                lay(folder)
                (folder / "done").touch()
        yield folder
        with (folder / "lock").open("a") as guard:
            fcntl.flock(guard, fcntl.LOCK_EX)
            try:
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def install(laid: Path) -> Callable[..., Installation]:
    """Give the way to a new installation at rest: ``install(data)`` is empty, ``install(data, network=True)`` has one local network."""

    def made(data: Path, *, network: bool = False) -> Installation:
        copied(laid / ("network" if network else "empty"), data)
        return Installation(data)

    return made


@pytest.fixture
def running(install: Callable[..., Installation], place: Path) -> Iterator[Installation]:
    """Give an installation that is up, with one local network."""
    installation = install(place / "data", network=True)
    installation.up("--no-demo")
    try:
        yield installation
    finally:
        installation.down()
