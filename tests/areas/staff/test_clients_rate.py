"""Permits: a client's rate holds over threads, processes and machines, and costs no write per request."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

import pytest
from django.db import connection

from tests.factories import clients
from tests.factories import staff as make
from tests.house.source import ROOT
from tests.plugins.database import test_database
from tongke.areas.staff import services
from tongke.config.runtime import embedded_url
from tongke.kernel import clock
from tongke.kernel.ids import uuid7

SPENDER = """
import sys
from datetime import datetime
from uuid import UUID
import django
django.setup()
from tongke.areas.staff import services
client, at, tries = UUID(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), int(sys.argv[3])
print(sum(services.admit(client, at=at) is None for _try in range(tries)))
"""


def _admitted(client_id: UUID, tries: int, at: datetime) -> int:
    return sum(services.admit(client_id, at=at) is None for _try in range(tries))


@pytest.mark.django_db
def test_a_minutes_worth_may_be_spent_at_once_and_fills_up_evenly() -> None:
    new = clients.client(per_minute=60)
    at = clock.now()
    assert _admitted(new.client.id, 100, at) == 60
    wait = services.admit(new.client.id, at=at)
    assert wait == 1
    assert _admitted(new.client.id, 10, at + timedelta(seconds=1)) == 1
    assert _admitted(new.client.id, 100, at + timedelta(seconds=31)) == 30
    assert _admitted(new.client.id, 200, at + timedelta(hours=1)) == 60


@pytest.mark.django_db
def test_the_wait_is_as_long_as_it_takes_for_one_permit() -> None:
    new = clients.client(per_minute=2)
    at = clock.now()
    assert [services.admit(new.client.id, at=at) for _try in range(3)] == [None, None, 30]
    assert services.admit(new.client.id, at=at + timedelta(seconds=29.5)) == 1
    assert services.admit(new.client.id, at=at + timedelta(seconds=30)) is None


@pytest.mark.django_db
def test_a_client_without_a_limit_is_never_stopped_and_an_unknown_one_is_not_counted() -> None:
    new = clients.client(per_minute=0)
    assert _admitted(new.client.id, 5000, clock.now()) == 5000
    assert services.admit(uuid7(), at=clock.now()) is None


@pytest.mark.django_db
def test_one_client_does_not_spend_anothers() -> None:
    first, second = clients.client(per_minute=5), clients.client(per_minute=5)
    at = clock.now()
    assert _admitted(first.client.id, 50, at) == 5
    assert _admitted(second.client.id, 50, at) == 5


@pytest.mark.django_db
def test_a_new_rate_holds_for_what_comes_next() -> None:
    new = clients.client(per_minute=1)
    at = clock.now()
    assert _admitted(new.client.id, 5, at) == 1
    services.change_client_limits(client_id=new.client.id, per_minute=600, by=make.TESTER, at=at)
    assert _admitted(new.client.id, 100, at + timedelta(seconds=61)) == 100


@pytest.mark.django_db
def test_a_clock_that_is_set_back_opens_or_closes_nothing_for_long() -> None:
    new = clients.client(per_minute=3)
    at = clock.now()
    assert _admitted(new.client.id, 9, at) == 3
    assert _admitted(new.client.id, 9, at - timedelta(days=1)) == 0
    assert _admitted(new.client.id, 9, at + timedelta(minutes=1)) == 3


@pytest.mark.django_db
def test_a_busy_client_costs_a_statement_for_many_requests_and_a_stopped_one_none() -> None:
    new = clients.client(per_minute=60_000)
    at = clock.now()
    with _Statements() as busy:
        assert _admitted(new.client.id, 1000, at) == 1000
    assert busy.count == 10
    stopped = clients.client(per_minute=1)
    _admitted(stopped.client.id, 2, at)
    with _Statements() as waiting:
        assert _admitted(stopped.client.id, 1000, at) == 0
    assert waiting.count == 0


class _Statements:
    """Counts the leases taken, by the server's own notes of this transaction."""

    def __enter__(self) -> Self:
        self.before = self._updates()
        return self

    def __exit__(self, *_fault: object) -> None:
        self.count = self._updates() - self.before

    @staticmethod
    def _updates() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_get_xact_tuples_updated('staff_client_permit'::regclass)")
            return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_threads_share_one_measure() -> None:
    new = clients.client(per_minute=1200)
    at = clock.now()

    def spend(_thread: int) -> int:
        try:
            return _admitted(new.client.id, 500, at)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(spend, range(8))) == 1200


@pytest.mark.django_db(transaction=True)
def test_processes_share_one_measure() -> None:
    new = clients.client(per_minute=3000)
    at = clock.now()
    environment = os.environ | {"TONGKE_DATABASE_URL": embedded_url("postgres", test_database()), "PYTHONPATH": os.pathsep.join(sys.path)}
    spenders = [
        subprocess.Popen([sys.executable, "-c", SPENDER, str(new.client.id), at.isoformat(), "2000"], env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for _process in range(3)
    ]
    assert sum(int(spender.communicate(timeout=600)[0]) for spender in spenders) == 3000
