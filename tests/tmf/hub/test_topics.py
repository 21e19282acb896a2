"""TMF688: topics, their events as the reader may see them, and hubs within a topic."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.factories import clients
from tests.factories import staff as make
from tests.tmf.hub.conftest import created, fan_out_all, rows
from tests.tmf.hub.test_fan_out import TOLD
from tongke.kernel import clock
from tongke.tmf.hub.allowing import allow_target

pytestmark = pytest.mark.django_db
ROOT = "/tmf-api/event/v4"
CALLBACK = "http://127.0.0.1:9999/listener"


def topic(caller: Client, name: str = "TMF629/v4 customer") -> str:
    """The id of a topic by name."""
    (found,) = caller.get(f"{ROOT}/topic", {"name": name}).json()
    return str(found["id"])


def told(subscription: str) -> list[dict[str, Any]]:
    """What was laid before a subscription."""
    return [json.loads(body) for (body,) in rows(TOLD, subscription)]


def test_each_resource_has_a_topic_and_its_events_can_be_read() -> None:
    caller = clients.caller(clients.token())
    here, there = created(2), created(1, org_id=3302)
    address = f"{ROOT}/topic/{topic(caller)}/event"
    found = caller.get(address, {"eventType": "CustomerCreateEvent"})
    assert (found.status_code, found["X-Total-Count"]) == (200, "3")
    assert [e["event"]["customer"]["id"] for e in found.json()] == [*there, *reversed(here)]
    first = found.json()[0]
    assert caller.get(first["href"]).json() == first
    part = caller.get(address, {"eventType": "CustomerCreateEvent", "limit": 1, "offset": 1, "fields": "eventType"})
    assert part.status_code == 206
    assert set(part.json()[0]) == {"id", "href", "eventType"}


def test_events_outside_the_readers_scope_are_not_there() -> None:
    everywhere, hangzhou = clients.caller(clients.token()), clients.caller(clients.token(org_id=3301))
    created(1, org_id=3302)
    (event,) = everywhere.get(f"{ROOT}/topic/{topic(everywhere)}/event", {"eventType": "CustomerCreateEvent"}).json()
    mine = hangzhou.get(f"{ROOT}/topic/{topic(hangzhou)}/event", {"eventType": "CustomerCreateEvent"})
    assert (mine.json(), mine["X-Total-Count"]) == ([], "0")
    assert hangzhou.get(event["href"]).status_code == 404


def test_another_system_keeps_a_topic_and_publishes_to_it() -> None:
    make.role("publisher", "integration.subscribe", "integration.documents", "integration.view")
    caller = clients.caller(clients.token("publisher"))
    made = caller.post(f"{ROOT}/topic", {"name": "storms"}, content_type="application/json")
    assert made.status_code == 201
    allow_target(target="127.0.0.0/8", by=make.TESTER, at=clock.now())
    address = f"{ROOT}/topic/{made.json()['id']}"
    hub = caller.post(f"{address}/hub", {"callback": CALLBACK}, content_type="application/json")
    assert hub.status_code == 201
    other = caller.post(f"{ROOT}/topic", {"name": "floods"}, content_type="application/json").json()["id"]
    assert caller.post(f"{ROOT}/topic/{other}/event", {"eventType": "Flood"}, content_type="application/json").status_code == 201
    published = caller.post(f"{address}/event", {"eventType": "Storm", "title": "wind"}, content_type="application/json")
    assert published.status_code == 201
    assert [e["title"] for e in caller.get(f"{address}/event").json()] == ["wind"]
    assert caller.get(published["Location"]).json()["eventType"] == "Storm"
    for unfit in ([], {"id": "1"}, {"eventTime": "yesterday"}, {"title": 5}):
        assert caller.post(f"{address}/event", unfit, content_type="application/json").status_code == 400, unfit
    fan_out_all()
    assert [e["event"]["event"]["title"] for e in told(hub.json()["id"])] == ["wind"]
    assert caller.delete(hub["Location"]).status_code == 204
    assert caller.delete(address).status_code == 204
    assert caller.get(address).status_code == 404


def test_a_hub_within_a_topic_of_ours() -> None:
    caller = clients.caller(clients.token())
    allow_target(target="127.0.0.0/8", by=make.TESTER, at=clock.now())
    hub = caller.post(f"{ROOT}/topic/{topic(caller)}/hub", {"callback": CALLBACK, "query": "eventType=CustomerCreateEvent"}, content_type="application/json")
    assert hub.status_code == 201
    (customer,) = created()
    fan_out_all()
    assert [e["event"]["customer"]["id"] for e in told(hub.json()["id"])] == [customer]


def test_nothing_is_published_to_our_own_topics_and_bad_questions_are_told() -> None:
    make.role("publisher", "integration.subscribe", "integration.documents", "party.view")
    caller = clients.caller(clients.token("publisher"))
    address = f"{ROOT}/topic/{topic(caller)}/event"
    assert caller.post(address, {"title": "x"}, content_type="application/json").status_code == 404
    for query, status in (("eventTime.gt=yesterday", 400), ("colour=red", 400), ("eventType.ne=x", 400), ("eventTime.gt=2026-01-01T00:00:00Z", 200)):
        assert caller.get(f"{address}?{query}").status_code == status, query
    for missing in (f"{ROOT}/topic/none", f"{ROOT}/topic/none/event", f"{address}/none", f"{address}/01a20114-bff2-737d-b397-45be3354fb12.X", f"{ROOT}/topic/none/hub"):
        assert caller.get(missing).status_code == 404, missing
