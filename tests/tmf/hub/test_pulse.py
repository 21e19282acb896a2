"""What whoever watches over an installation is told of the hub."""

from __future__ import annotations

import pytest

from tests.factories import staff as make
from tests.tmf.hub.conftest import created, fan_out_all, rows, subscribed
from tests.tmf.hub.test_delivery import until
from tests.tmf.hub.test_killed import process
from tongke.kernel.actor import acting
from tongke.kernel.clock import now
from tongke.tmf.hub.fan_out import HUB
from tongke.tmf.hub.pulse import Pulse, pulse
from tongke.tmf.hub.stopping import stop_subscription


def felt() -> Pulse:
    """How the hub fares, seen by itself."""
    with acting(HUB):
        return pulse()


@pytest.mark.django_db
def test_events_that_wait_and_subscriptions_that_stopped_are_counted() -> None:
    make.tree()
    fan_out_all()
    before = felt()
    assert (before.waiting, before.oldest_seconds, before.flows) == (0, None, True)
    one = subscribed("http://127.0.0.1:9999/listener")
    created(2)
    with acting(HUB):
        stop_subscription(one.id, state="suspended", reason="gone", at=now())
    after = felt()
    assert after.waiting >= 2
    assert after.oldest_seconds is not None
    assert 0 <= after.oldest_seconds < 120
    assert after.suspended == before.suspended + 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.fault
def test_processes_are_seen_while_they_live() -> None:
    with process("fan-out"), process("deliver"):
        until(lambda: felt().lives, "both are seen")
    until(lambda: rows("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'tongke hub%%' AND datname = current_database()") == [(0,)], "both are gone")
    assert not felt().lives


@pytest.mark.django_db
def test_a_lag_of_minutes_is_no_flow() -> None:
    assert not Pulse(waiting=1, oldest_seconds=121.0, set_aside=0, suspended=0, fan_outs=1, deliverers=1).flows
    assert not Pulse(waiting=0, oldest_seconds=None, set_aside=0, suspended=0, fan_outs=1, deliverers=0).lives
