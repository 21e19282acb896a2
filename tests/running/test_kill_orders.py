"""SIGKILL of order desks and of the database while ports and cards are reserved, used and released: one holder each, none lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.areas.resource.network.holding import BREACHES
from tests.house.source import ROOT
from tests.running.installation import MEND_SECONDS_MAX, Installation, wait_for

pytestmark = pytest.mark.fault
DESKS, PORTS, CARDS = 4, 1200, 1200
GROUND = f"""
import django, json
django.setup()
from tests.factories import network as make
town = make.town(ports={PORTS}, prefix="K")
store = make.store(items={CARDS})
print(json.dumps([str(town.box), str(store.warehouse), store.model]))
"""
SWEEP = """
import django
django.setup()
from datetime import timedelta
from tongke.areas.resource import services
from tongke.kernel.actor import system_actor
from tongke.kernel.clock import now
while services.expire_reservations(by=system_actor("sweep"), at=now() + timedelta(days=1)): pass
"""


def program(installation: Installation, words: str) -> str:
    """Run a program beside the installation and return what it printed."""
    done = subprocess.run([sys.executable, "-c", words], env=installation.program_environment, cwd=ROOT, capture_output=True, text=True, timeout=MEND_SECONDS_MAX, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def used(installation: Installation) -> int:
    """Return how many ports are in use; zero while the server is away."""
    return sum(installation.values("SELECT count(*) FROM resource_port WHERE state = 'used'"))


def test_no_port_and_no_card_has_two_holders_though_everything_is_killed(running: Installation, tmp_path: Path) -> None:
    ground = json.loads(program(running, GROUND).strip().splitlines()[-1])
    logs = [tmp_path / f"desk-{n}" for n in range(DESKS * 3)]
    desks: list[subprocess.Popen[bytes]] = []

    def begin(number: int) -> None:
        with logs[number].open("wb") as log:
            desks.append(subprocess.Popen(
                [sys.executable, "-m", "tests.running.order_writer", f"D{number}", *ground], env=running.program_environment, cwd=ROOT, stdout=log))

    try:
        for number in range(DESKS):
            begin(number)
        for killing in ("desks", "database", "desks", "database"):
            before = used(running)
            wait_for(lambda before=before: used(running) > before + 8, MEND_SECONDS_MAX, "orders go on")
            if killing == "database":
                running.kill_one("database")
                wait_for(lambda: running.health().get("database", {}).get("ok"), MEND_SECONDS_MAX, "the database is back")
            else:
                for desk in desks[-2:]:
                    desk.kill()
                for number in range(len(desks), len(desks) + 2):
                    begin(number)
        before = used(running)
        wait_for(lambda: used(running) > before + 8, MEND_SECONDS_MAX, "orders go on to the end")
    finally:
        for desk in desks:
            desk.kill()
            desk.wait(timeout=60)
    wait_for(lambda: running.health().get("database", {}).get("ok"), MEND_SECONDS_MAX, "all is well again")
    assert running.rows(BREACHES) == []
    told = [line.split() for log in logs if log.exists() for line in log.read_text().splitlines() if line.count(" ") == 2]
    assert len(told) > 20
    assert len({port for _ref, port, _card in told}) == len({card for _ref, _port, card in told}) == len(told), "told twice"
    serving = dict(running.rows("SELECT id::text, service_ref FROM resource_port WHERE state = 'used'"))
    assert {port: ref for ref, port, _card in told}.items() <= serving.items(), "a confirmed port is lost"
    handed = dict(running.rows("SELECT id::text, service_ref FROM resource_stock_item WHERE state = 'handed_out'"))
    assert {card: ref for ref, _port, card in told}.items() <= handed.items(), "a confirmed card is lost"
    program(running, SWEEP)
    assert running.rows(BREACHES) == []
    assert running.values("SELECT count(*) FROM resource_port WHERE state = 'reserved'") == [0]
    assert running.rows("SELECT state, count(*)::int FROM resource_stock_item WHERE state NOT IN ('in_stock', 'handed_out') GROUP BY 1") == []
    assert running.values("SELECT count(*) FROM resource_stock_item") == [CARDS]
    audit = running.command("verify-audit")
    assert audit.returncode == 0, audit.stdout + audit.stderr
