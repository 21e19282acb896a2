"""The delivering process killed in the middle: nothing is lost, and the order stands."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
import tomli_w
from django.conf import settings

from tests.factories import clients
from tests.plugins.database import test_database
from tests.tmf.hub.conftest import created, fan_out_all, subscribed
from tests.tmf.hub.receivers import OK, Received, receiver
from tests.tmf.hub.test_delivery import WAITING, customers, rows, until
from tongke.config.runtime import embedded_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]


@contextmanager
def process(word: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of the hub's processes on this worker's database, with the keys that this worker seals with."""
    held = settings.SECRETS
    keys = Path(tempfile.mkdtemp()) / "secrets.toml"
    keys.write_text(tomli_w.dumps({
        "django": held.django, "field_keys": [b64encode(key).decode() for key in held.field_keys],
        "index_key": b64encode(held.index_key).decode(), "anchor_key": b64encode(held.anchor_key).decode(),
    }), encoding="utf-8")
    environment = os.environ | {
        # A worker's settings are read before its own data directory is set: its keys may stand elsewhere.
        "TONGKE_SECRETS": str(keys),
        "TONGKE_DATABASE_URL": embedded_url("postgres", test_database()), "TONGKE_APP_DATABASE_URL": embedded_url("tongke_app", test_database()),
        "TONGKE_HUB": "lease_seconds=60 total_seconds=30 connect_seconds=30",
    }
    running = subprocess.Popen([sys.executable, "-m", "tongke.tmf.hub", word], env=environment)
    try:
        yield running
    finally:
        running.kill()
        running.wait(60)
        shutil.rmtree(keys.parent)


def test_sigkill_in_the_middle_of_a_batch() -> None:
    with receiver() as there, receiver() as other:
        by = clients.actor()
        one = subscribed(there.url, by=by)
        subscribed(other.url, by=by)
        wanted = created(120)
        fan_out_all()
        victims: list[subprocess.Popen[bytes]] = []

        def kill(number: int, _found: Received) -> bytes:
            if number in {25, 70}:
                victims[-1].send_signal(signal.SIGKILL)
            return OK

        there.manner = kill
        for _turn in range(3):
            with process("deliver") as running:
                victims.append(running)
                if len(victims) < 3:
                    assert running.wait(180) == -signal.SIGKILL
                    # As if the time had passed for which the dead one holds its lines.
                    rows("UPDATE tmf_course SET lease_until = clock_timestamp() RETURNING 1")
                    continue
                there.wait_for(lambda: wanted[-1] in customers(there.received), "the last event", seconds=180)
                other.wait_for(lambda: wanted[-1] in customers(other.received), "the last event", seconds=180)
                until(lambda: rows(WAITING, one.id) == [(0,)], "all marked")
    for receiving in (there, other):
        found = customers(receiving.received)
        assert list(dict.fromkeys(found)) == wanted, "nothing is lost and the first arrivals are in order"
        # After a kill a line goes on at most a batch back, and in order from there.
        positions = [wanted.index(one) for one in found]
        assert sum(later <= earlier for earlier, later in pairwise(positions)) <= 2


def test_sigkill_while_events_are_laid_out() -> None:
    with receiver() as there:
        one = subscribed(there.url)
        with process("fan-out") as running:
            wanted = created(20)
            until(lambda: rows("SELECT count(*) > 0 FROM tmf_notice")[0][0], "a first notice")
            running.send_signal(signal.SIGKILL)
            running.wait(60)
        wanted += created(10)
        with process("fan-out"), process("deliver"):
            there.wait_for(lambda: wanted[-1] in customers(there.received), "the last event", seconds=180)
            until(lambda: rows(WAITING, one.id) == [(0,)], "all marked")
    assert customers(there.received) == wanted


def test_both_end_in_good_order_and_give_their_leases_back() -> None:
    with receiver() as there:
        subscribed(there.url)
        created(1)
        with process("fan-out") as fanning, process("deliver") as delivering:
            there.wait(1, seconds=180)
            for running in (fanning, delivering):
                running.terminate()
                assert running.wait(180) == 0
    assert rows("SELECT count(*) FROM tmf_course WHERE lease_owner IS NOT NULL") == [(0,)]
