"""Processes killed while they take shares: the counter is what was taken, none is lost and none given twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.factories import pricing as make
from tests.factories.pricing import NOON, TESTER
from tests.plugins.database import test_database
from tests.running.installation import MEND_SECONDS_MAX, wait_for
from tongke.areas.catalogue.services import promotions as services
from tongke.config.runtime import embedded_url

QUOTA = 100_000


@pytest.mark.django_db(transaction=True)
def test_a_quota_holds_through_kills(owner_connection: psycopg.Connection[Any]) -> None:
    promotion_id = make.promotion(quota_total=QUOTA)
    environment = os.environ | {
        "TONGKE_DATABASE_URL": embedded_url("postgres", test_database()), "TONGKE_APP_DATABASE_URL": embedded_url("tongke_app", test_database())}
    takers = [
        subprocess.Popen([sys.executable, "-m", "tests.areas.catalogue.promotions.holder", str(promotion_id), f"p{n}"],
                         env=environment, stdout=subprocess.PIPE, text=True) for n in range(4)
    ]
    for enough, taker in enumerate(takers, 2):
        assert taker.stdout is not None
        for _line in range(enough * 7):
            assert taker.stdout.readline(), "the process ended by itself"
        taker.send_signal(signal.SIGKILL)
        taker.wait()
        taker.stdout.close()
    # What a killed process had open is undone as soon as the server sees it gone.
    wait_for(lambda: not owner_connection.execute(
        "SELECT FROM pg_stat_activity WHERE usename = 'tongke_app' AND datname = current_database()").fetchall(), MEND_SECONDS_MAX, "their sessions are gone")
    row = owner_connection.execute(
        "SELECT p.used, count(g.*) FILTER (WHERE g.state <> 'released'), count(*) FILTER (WHERE g.state = 'released')"
        " FROM catalogue_promotion p JOIN catalogue_promotion_grant g ON g.promotion_id = p.id GROUP BY p.id").fetchone()
    assert row is not None
    used, taken, released = row
    assert used == taken >= 7
    assert released >= 4
    later = NOON.replace(year=2027)
    freed = services.reclaim_expired_shares(by=TESTER, at=later)
    kept = owner_connection.execute("SELECT p.used, (SELECT count(*) FROM catalogue_promotion_grant WHERE state = 'used') FROM catalogue_promotion p").fetchone()
    assert kept == (used - freed, used - freed)
    connection.close()
