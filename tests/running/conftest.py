"""What the fault tests stand on: an installation that is up, with one local network."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running.installation import Installation

LAY_ORGS = """
import django
django.setup()
from tongke.areas.staff import services
from tongke.kernel.actor import system_actor
from tongke.kernel.clock import now
for org_id, kind, parent_id in ((1, "group", None), (33, "province", 1), (3301, "local_network", 33)):
    services.create_org(org_id=org_id, kind=kind, parent_id=parent_id, name_zh=str(org_id), name_en=str(org_id), by=system_actor("test"), at=now())
"""


@pytest.fixture
def running(place: Path) -> Iterator[Installation]:
    """Give an installation that is up, with one local network."""
    installation = Installation(place / "data")
    installation.up("--no-demo")
    try:
        subprocess.run([sys.executable, "-c", LAY_ORGS], env=installation.program_environment, check=True, timeout=60)
        yield installation
    finally:
        installation.down()
