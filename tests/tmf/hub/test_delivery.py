"""Delivery to receivers of every manner: nothing lost, order kept, nobody held up by another."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import psycopg
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.factories import clients
from tests.factories import staff as make
from tests.tmf.hub.conftest import QUICK, created, delivering, fan_out_all, rows, subscribed
from tests.tmf.hub.receivers import OK, Received, answer, receiver
from tongke.areas.staff import queries, services
from tongke.kernel import clock
from tongke.tmf.hub.allowing import allow_target, refuse_target
from tongke.tmf.hub.dead_letters import drop, replay, replay_all
from tongke.tmf.hub.signing import key_of, signature
from tongke.tmf.hub.subscriptions import resume_subscription

pytestmark = pytest.mark.django_db(transaction=True)
COURSE = "SELECT s.state, c.delivered, c.failures, c.last_error FROM tmf_subscription s JOIN tmf_course c ON c.subscription_id = s.id WHERE s.id = %s"
DEAD = "SELECT id, status, reason, tries FROM tmf_delivery WHERE subscription_id = %s AND dead_at IS NOT NULL ORDER BY id"
WAITING = """SELECT count(*) FROM tmf_delivery d JOIN tmf_course c ON c.subscription_id = d.subscription_id
WHERE d.subscription_id = %s AND d.dead_at IS NULL AND d.id > c.position"""


def until(condition: Any, what: str, *, seconds: float = 240) -> None:
    """Ask the database until ``condition`` holds: what another thread writes there has no event to wait for."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, what
        time.sleep(0.05)


def state_of(one: Any) -> str:
    """The state of a subscription."""
    return str(rows(COURSE, one.id)[0][0])


def customers(received: Iterable[Received]) -> list[str]:
    """The customers told of, in order."""
    return [one.event["event"]["customer"]["id"] for one in received]


def test_events_come_in_order_signed_and_over_one_connection() -> None:
    with receiver() as there:
        one = subscribed(there.url)
        wanted = created(20)
        fan_out_all()
        with delivering():
            there.wait(20)
            until(lambda: rows(COURSE, one.id)[0][1] == 20, "counted")
    assert customers(there.received) == wanted
    assert there.connections == 1
    for found in there.received:
        head = found.headers
        assert head["content-type"] == "application/json"
        assert head["webhook-signature"] == signature(
            key_of(one.secret), message_id=head["webhook-id"], timestamp=int(head["webhook-timestamp"]), body=found.body)
        assert head["webhook-id"] == found.event["eventId"]
        assert abs(int(head["webhook-timestamp"]) - time.time()) < 600
    assert rows(COURSE, one.id) == [("active", 20, 0, "")]
    assert rows(WAITING, one.id) == [(0,)]


def test_a_receiver_that_hangs_holds_up_nobody_else() -> None:
    """All is told to the third before the first two have been given up once."""
    with receiver() as quick, ExitStack() as slow:
        hangs, drips = (slow.enter_context(receiver(lambda _n, _r, manner=manner: manner)) for manner in ("hang", "drip"))
        by = clients.actor()
        for there in (hangs, drips, quick):
            subscribed(there.url, by=by)
        wanted = created(30)
        fan_out_all()
        with delivering(replace(QUICK, total_seconds=300, lease_seconds=900)):
            quick.wait(30)
            assert len(hangs.received) <= 1
            hangs.wait(1)
            drips.wait(1)
            slow.close()  # what hangs would hold up the end of the deliverer
    assert customers(quick.received) == wanted


def test_a_refused_event_is_tried_again_and_then_a_dead_letter_and_the_line_goes_on() -> None:
    with receiver() as there:
        one = subscribed(there.url)
        wanted = created(5)
        there.manner = lambda _n, found: answer(500, body=b"no \x00<b>thanks</b>") if wanted[1] in found.body.decode() else OK
        fan_out_all()
        with delivering():
            there.wait_for(lambda: wanted[4] in customers(there.received), "the last event")
            until(lambda: rows(COURSE, one.id)[0][1] == 4, "counted")
        assert customers(there.received) == [wanted[0], *[wanted[1]] * QUICK.tries_max, *wanted[2:]]
        assert len(set(there.ids)) == 5
        ((letter, status, reason, tries),) = rows(DEAD, one.id)
        assert (status, tries) == (500, QUICK.tries_max)
        assert reason == "HTTP 500 no  <b>thanks</b>"
        there.manner = lambda _n, _r: OK
        replay(delivery_id=letter, by=make.TESTER, at=clock.now())
        with delivering():
            there.wait_for(lambda: customers(there.received)[-1] == wanted[1], "the letter sent again")
        assert rows(DEAD, one.id) == []


def test_a_receiver_that_comes_back_gets_everything_in_order() -> None:
    with receiver() as there:
        one = subscribed(there.url)
        port, wanted = there.port, created(10)
        there.manner = lambda n, _r: OK if n < 3 else "close"
        fan_out_all()
        with delivering():
            there.wait(4)
    with delivering():
        until(lambda: rows(COURSE, one.id)[0][2] >= 1 and "onnect" in rows(COURSE, one.id)[0][3], "an unreachable receiver")
        with receiver(port=port) as again:
            again.wait_for(lambda: wanted[-1] in customers(again.received), "the last event")
    assert customers(again.received) == wanted[3:]
    assert rows(DEAD, one.id) == []


def test_patience_that_a_receiver_asks_for_is_kept() -> None:
    with receiver(lambda n, _r: answer(503, "Retry-After: 1") if n == 0 else OK) as there:
        subscribed(there.url)
        created()
        fan_out_all()
        with delivering():
            there.wait(2)
    assert there.received[1].at - there.received[0].at >= 0.99


def test_410_ends_the_subscription() -> None:
    with receiver(lambda _n, _r: answer(410)) as there:
        one = subscribed(there.url)
        created(3)
        fan_out_all()
        with delivering():
            until(lambda: state_of(one) == "ended", "the end")
    assert len(there.received) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_never_followed(status: int) -> None:
    with receiver() as inner, receiver(lambda _n, _r: answer(status, f"Location: {inner.url}")) as there:
        one = subscribed(there.url)
        created()
        fan_out_all()
        with delivering():
            until(lambda: len(rows(DEAD, one.id)) == 1, "a dead letter")
    assert inner.received == []
    assert rows(DEAD, one.id)[0][1] == status


@pytest.mark.parametrize("status", [200, 500])
def test_answers_without_end_cost_a_moment_and_no_memory(status: int) -> None:
    with receiver(lambda n, _r: f"huge {status}" if n == 0 else OK) as there:
        one = subscribed(there.url)
        created(3)
        fan_out_all()
        with delivering():
            there.wait(3 if status == 200 else 4)
            until(lambda: rows(COURSE, one.id)[0][1] == 3, "delivered")


def test_words_that_are_no_http_are_a_failure_like_others() -> None:
    with receiver(lambda n, _r: b"\xff\x00 hello\r\n\r\n" if n == 0 else b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n" if n == 1 else OK) as there:
        one = subscribed(there.url)
        wanted = created(2)
        fan_out_all()
        with delivering():
            there.wait(4)
            until(lambda: rows(COURSE, one.id)[0][1] == 2, "delivered")
    assert customers(there.received)[-1] == wanted[-1]


class Rebinding(AbstractResolver):
    """A resolver whose name leads elsewhere from the second question on."""

    def __init__(self, first: str, then: str) -> None:
        self.addresses, self.asked = [first, then], 0

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        """Answer with the first address once, with the other ever after."""
        del family
        address = self.addresses[min(self.asked, 1)]
        self.asked += 1
        return [ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is held."""


def test_a_name_that_is_rebound_leads_nowhere() -> None:
    """The name was public when it was subscribed; it leads to this machine when it is connected to."""
    with receiver() as there:
        for target in ("events.example.com", "93.184.215.0/24"):
            allow_target(target=target, by=make.TESTER, at=clock.now())
        one = subscribed(f"http://events.example.com:{there.port}/x", resolve=lambda _h, _p: [ip_address("93.184.215.14")])
        refuse_target(target="127.0.0.0/8", by=make.TESTER, at=clock.now())
        created()
        fan_out_all()
        with delivering(resolver=Rebinding("127.0.0.1", "169.254.169.254")) as deliverer:
            until(lambda: rows(COURSE, one.id)[0][2] >= 2, "refused twice")
            assert deliverer.resolver.asked >= 2  # type: ignore[union-attr]  # our own
    assert (there.connections, there.received) == (0, [])
    assert "not an address to which events may be sent" in rows(COURSE, one.id)[0][3]


def test_what_is_taken_off_the_list_gets_nothing_more() -> None:
    with receiver() as there:
        one = subscribed(there.url)
        created(2)
        fan_out_all()
        with delivering():
            there.wait(2)
            refuse_target(target="127.0.0.0/8", by=make.TESTER, at=clock.now())
            created(1)
            fan_out_all()
            until(lambda: rows(COURSE, one.id)[0][2] >= 1, "refused")
    assert len(there.received) == 2


def test_a_client_that_ended_gets_nothing_more_and_somebody_is_told() -> None:
    watcher = make.person(org_id=1, roles=("administrator",))
    new = clients.client()
    by = queries.actor_of_token(clients.token_of(new), address="127.0.0.1", at=clock.now())
    with receiver() as there:
        one = subscribed(there.url, by=by)
        created(1)
        fan_out_all()
        services.end_client(client_id=new.client.id, by=make.TESTER, at=clock.now())
        with delivering():
            until(lambda: state_of(one) == "suspended", "suspended")
    assert there.received == []
    assert rows("SELECT count(*) FROM staff_notification WHERE staff_id = %s", watcher.id) == [(1,)]


def test_rights_that_were_narrowed_narrow_what_still_waits() -> None:
    make.role("seer", "party.view", "party.see_name", "integration.subscribe")
    by = clients.actor("seer", org_id=3301)
    with receiver() as there:
        subscribed(there.url, by=by)
        created()
        fan_out_all()
        make.role("seer", "party.view", "integration.subscribe")
        with delivering():
            there.wait(1)
    assert there.received[0].event["event"]["customer"]["name"] not in {"王芳", None}


def test_dead_letters_are_sent_again_together_or_dropped() -> None:
    with receiver(lambda _n, _r: answer(400)) as there:
        one = subscribed(there.url)
        wanted = created(3)
        fan_out_all()
        with delivering():
            until(lambda: len(rows(DEAD, one.id)) == 3, "three dead letters")
        drop(delivery_id=rows(DEAD, one.id)[0][0], by=make.TESTER, at=clock.now())
        assert replay_all(subscription_id=one.id, by=make.TESTER, at=clock.now()) == 2
        there.received.clear()
        there.manner = lambda _n, _r: OK
        with delivering():
            there.wait(2)
    assert customers(there.received) == wanted[1:]


def test_a_suspended_subscription_goes_on_where_it_stood() -> None:
    with receiver() as there, receiver() as other:
        by = clients.actor()
        one = subscribed(there.url, by=by)
        subscribed(other.url, by=by)
        wanted = created(2)
        fan_out_all()
        rows("UPDATE tmf_subscription SET state = 'suspended' WHERE id = %s RETURNING id", one.id)
        with delivering():
            other.wait(2)
        assert there.received == []
        resume_subscription(subscription_id=one.id, by=make.TESTER, at=clock.now())
        with delivering():
            there.wait(2)
    assert customers(there.received) == wanted


def test_two_deliverers_share_the_lines_and_send_nothing_twice() -> None:
    with receiver() as first, receiver() as second, receiver() as third:
        by = clients.actor()
        for there in (first, second, third):
            subscribed(there.url, by=by)
        wanted = created(40)
        with delivering(), delivering():
            fan_out_all()
            for there in (first, second, third):
                there.wait(40)
    for there in (first, second, third):
        assert customers(there.received) == wanted


def test_a_lost_connection_to_the_database_loses_no_event(owner_connection: psycopg.Connection[Any]) -> None:
    with receiver() as there:
        one = subscribed(there.url)
        wanted = created(60)
        # Any but the test's own two: what it asks below names the same table.
        ((mine,),) = rows("SELECT pg_backend_pid()")
        ends = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                  WHERE query LIKE '%%tmf_course%%' AND pid NOT IN (pg_backend_pid(), %s) AND datname = current_database()"""
        fan_out_all()

        def slow(number: int, _found: Received) -> bytes:
            if number in {10, 30, 50}:
                owner_connection.execute(ends, [mine])
            return OK

        there.manner = slow
        with delivering():
            there.wait_for(lambda: wanted[-1] in customers(there.received), "the last event")
            until(lambda: rows(WAITING, one.id) == [(0,)], "all marked")
    found = customers(there.received)
    assert list(dict.fromkeys(found)) == wanted
