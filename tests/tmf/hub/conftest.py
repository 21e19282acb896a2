"""What tests of the hub stand on: subscriptions to customers, facts to tell, and a deliverer in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver
from django.db import connection

from tests.factories import clients
from tests.factories import party as parties
from tests.factories import staff as make
from tongke.kernel import clock
from tongke.kernel.actor import Actor, acting
from tongke.tmf.hub.allowing import allow_target
from tongke.tmf.hub.delivering import Deliverer
from tongke.tmf.hub.fan_out import HUB, fan_out
from tongke.tmf.hub.policy import Policy
from tongke.tmf.hub.subscriptions import Subscribed, subscribe
from tongke.tmf.kit.declared import Api
from tongke.tmf.kit.registry import all_apis

# Quick to try again, and patient with answers: on a busy machine one may take long, and each that is given up counts as a try.
QUICK = Policy(connect_seconds=60, total_seconds=60, tries_max=3, wait_seconds_first=0.05, wait_seconds_max=0.2, lease_seconds=150)
END_SECONDS_MAX = QUICK.total_seconds * 3


def api(number: str = "629", version: str = "v4") -> Api:
    """One of the APIs that are served."""
    return next(one for one in all_apis() if (one.number, one.version) == (number, version))


def subscribed(callback: str, *, by: Actor | None = None, query: str = "eventType=CustomerCreateEvent", secret: str = "", **more: Any) -> Subscribed:
    """A subscription of a machine client of the group, its callback allowed."""
    who = by or clients.actor()
    allow_target(target="127.0.0.0/8", by=make.TESTER, at=clock.now())
    return subscribe(api=api(), callback=callback, query=query, secret=secret, by=who, at=clock.now(), **more)


def created(count: int = 1, *, org_id: int = 3301) -> list[str]:
    """New customers; their ids."""
    make.tree()
    with acting(make.TESTER):
        return [str(parties.customer(by=parties.clerk(org_id=org_id), org_id=org_id).customer_id) for _n in range(count)]


def rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a statement finds, seen by the hub."""
    with acting(HUB), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def fan_out_all() -> int:
    """Lay everything that waits before its subscriptions."""
    return sum(iter(fan_out, 0))


@contextmanager
def delivering(policy: Policy = QUICK, resolver: AbstractResolver | None = None) -> Iterator[Deliverer]:
    """Run a deliverer inside the block, and end it in good order."""
    started = threading.Event()
    held: list[Any] = []
    faults: list[BaseException] = []

    async def run() -> None:
        deliverer = Deliverer(policy=policy, resolver=resolver)
        held.extend([deliverer, asyncio.get_running_loop()])
        started.set()
        await deliverer.run()

    def work() -> None:
        try:
            asyncio.run(run())
        except BaseException as fault:  # noqa: BLE001 - raised again below, in the test's own thread
            faults.append(fault)

    thread = threading.Thread(target=work)
    thread.start()
    assert started.wait(END_SECONDS_MAX)
    try:
        yield held[0]
    finally:
        held[1].call_soon_threadsafe(held[0].stopping.set)
        thread.join(END_SECONDS_MAX)
        assert not thread.is_alive()
        if faults:
            raise faults[0]


@pytest.fixture
def deliver() -> Callable[..., AbstractContextManager[Deliverer]]:
    """Give the way to run a deliverer."""
    return delivering
