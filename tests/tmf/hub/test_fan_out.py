"""From the outbox to the lines: who is told what, once, in order, and never beyond his sight."""

from __future__ import annotations

import json
import threading
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.factories import clients
from tests.factories import staff as make
from tests.plugins.database import test_database
from tests.tmf.hub.conftest import created, fan_out_all, rows, subscribed
from tongke.areas.staff import queries, services
from tongke.config.runtime import embedded_url
from tongke.kernel import clock
from tongke.kernel.ids import uuid7

CALLBACK = "http://127.0.0.1:9999/listener"
TOLD = "SELECT n.body FROM tmf_delivery d JOIN tmf_notice n ON n.id = d.notice_id WHERE d.subscription_id = %s ORDER BY d.id"


AGAIN = "INSERT INTO kernel_outbox SELECT * FROM jsonb_populate_record(NULL::kernel_outbox, %s)"


def _source(customer: str, **more: Any) -> dict[str, Any]:
    """The row of a customer's creation, as another event."""
    ((found,),) = rows("SELECT to_jsonb(o)::text FROM kernel_outbox o WHERE name LIKE 'party.customer_created%%' AND customer_id = %s", customer)
    made: dict[str, Any] = json.loads(found) | {"id": str(uuid7())} | more
    return made


def told(subscription: Any) -> list[dict[str, Any]]:
    """The events laid before a subscription, in order."""
    return [json.loads(body) for (body,) in rows(TOLD, subscription.id)]


@pytest.mark.django_db
def test_a_new_customer_is_told_as_the_official_event() -> None:
    one = subscribed(CALLBACK)
    (customer,) = created()
    assert fan_out_all() >= 1
    (event,) = told(one)
    assert event["eventType"] == "CustomerCreateEvent"
    assert event["event"]["customer"]["id"] == customer
    assert event["event"]["customer"]["name"] == "王芳"
    assert {"eventId", "eventTime", "eventType", "correlationId", "domain", "title", "priority", "timeOcurred", "event"} == set(event)
    assert event["eventTime"] == event["timeOcurred"]
    assert event["eventTime"].endswith("Z")
    assert event["eventId"] == f"{event['correlationId']}.CustomerCreateEvent"


@pytest.mark.django_db
def test_nothing_is_told_twice_and_the_inbox_is_emptied() -> None:
    one = subscribed(CALLBACK)
    created(3)
    fan_out_all()
    assert fan_out_all() == 0
    assert len(told(one)) == 3
    assert rows("SELECT count(*) FROM tmf_inbox") == [(0,)]


@pytest.mark.django_db
def test_rows_outside_the_owners_scope_are_never_told() -> None:
    hangzhou = subscribed(CALLBACK, by=clients.actor(org_id=3301))
    province = subscribed(CALLBACK, by=clients.actor(org_id=33))
    (here,), (there,) = created(org_id=3301), created(org_id=3302)
    fan_out_all()
    assert [e["event"]["customer"]["id"] for e in told(hangzhou)] == [here]
    assert [e["event"]["customer"]["id"] for e in told(province)] == [here, there]


@pytest.mark.django_db
def test_what_the_owner_sees_masked_is_told_masked() -> None:
    clear = subscribed(CALLBACK, by=clients.actor(org_id=3301))
    masked = subscribed(CALLBACK, by=clients.actor(org_id=3301, scope="party.view integration.subscribe"))
    created()
    fan_out_all()
    (open_event,), (masked_event,) = told(clear), told(masked)
    assert open_event["event"]["customer"]["name"] == "王芳"
    assert masked_event["event"]["customer"]["name"] != "王芳"
    assert open_event["eventId"] == masked_event["eventId"]


@pytest.mark.django_db
def test_personal_data_that_goes_out_bare_leaves_a_trace() -> None:
    by = clients.actor(org_id=3301)
    subscribed(CALLBACK, by=by)
    (customer,) = created()
    fan_out_all()
    assert rows("SELECT count(*) FROM staff_look WHERE actor = %s AND customer_id = %s AND clear <> ''", by.name, customer) == [(1,)]


@pytest.mark.django_db
def test_conditions_and_types_choose() -> None:
    by = clients.actor()
    fits = subscribed(CALLBACK, by=by, query="event.customer.name=王芳")
    other = subscribed(CALLBACK, by=by, query="event.customer.name=李敏")
    created()
    fan_out_all()
    assert len(told(fits)) == 1
    assert told(other) == []


@pytest.mark.django_db
def test_a_subscription_whose_owner_ended_is_told_nothing() -> None:
    new = clients.client()
    by = queries.actor_of_token(clients.token_of(new), address="127.0.0.1", at=clock.now())
    assert by is not None
    one = subscribed(CALLBACK, by=by)
    services.end_client(client_id=new.client.id, by=make.TESTER, at=clock.now())
    created()
    fan_out_all()
    assert told(one) == []


@pytest.mark.django_db(transaction=True)
def test_events_of_one_record_keep_their_order_among_sixteen_writers() -> None:
    """Writers commit in any order and hold transactions open; every event is laid out once, each writer's in its order."""
    one = subscribed(CALLBACK, query="")
    (customer,) = created(1)
    fan_out_all()
    source = _source(customer)
    writers, each = 16, 25
    stop, seen = threading.Event(), []

    def write(number: int) -> None:
        with psycopg.connect(embedded_url("postgres", test_database())) as own:
            own.execute("SELECT tongke_enter('writer', '*', '', '')")
            for turn in range(each):
                row = source | {"id": str(uuid7()), "actor": f"{number}:{turn}", "payload": source["payload"] | {"turn": [number, turn]}}
                own.execute(AGAIN, [json.dumps(row)])
                if turn % (number % 4 + 1) == 0:
                    own.commit()
            own.commit()

    def read() -> None:
        while not stop.is_set():
            seen.append(fan_out_all())
        connection.close()

    reader = threading.Thread(target=read)
    threads = [threading.Thread(target=write, args=[n]) for n in range(writers)]
    reader.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stop.set()
    reader.join()
    fan_out_all()
    order = rows(
        "SELECT e.actor FROM tmf_delivery d JOIN tmf_notice n ON n.id = d.notice_id JOIN kernel_outbox e ON e.id = n.event_id"
        " WHERE d.subscription_id = %s AND e.actor LIKE '%%:%%' AND e.actor NOT LIKE 'system:%%' ORDER BY d.id", one.id)
    found = [tuple(map(int, actor.split(":"))) for (actor,) in order]
    assert sorted(found) == [(n, t) for n in range(writers) for t in range(each)]
    for number in range(writers):
        assert [turn for n, turn in found if n == number] == list(range(each))


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_not_lost() -> None:
    """A transaction that began first and commits last: what others wrote meanwhile is told at once, and it as soon as it is there."""
    one = subscribed(CALLBACK)
    with psycopg.connect(embedded_url("postgres", test_database())) as slow:
        slow.execute("SELECT tongke_enter('slow', '*', '', '')")
        slow.commit()
        (customer,) = created(1)
        fan_out_all()
        slow.execute(AGAIN, [json.dumps(_source(customer, actor="slow"))])
        created(2)
        fan_out_all()
        early = len(told(one))
        slow.commit()
    fan_out_all()
    assert (early, len(told(one))) == (3, 4)


@pytest.mark.django_db
def test_an_event_that_cannot_be_told_is_set_aside_and_holds_up_nothing(as_owner: Any) -> None:
    one = subscribed(CALLBACK)
    created(1)
    with as_owner() as cursor:
        cursor.execute("UPDATE kernel_outbox SET payload = payload || '{\"customer_id\": \"no id\"}' WHERE name LIKE 'party.customer_created%%'")
    created(1)
    fan_out_all()
    assert len(told(one)) == 1
    ((error,),) = rows("SELECT error FROM tmf_inbox")
    assert "ValueError" in error
