"""The example in the contributor's guide is an Open API that works."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from django.test import Client

from tests.conftest import ROOT
from tests.factories import clients, party
from tests.factories import staff as make
from tests.tmf.thing import patch, post
from tongke.areas.party import services
from tongke.tmf.kit.openapi import openapi
from tongke.tmf.kit.routing import patterns_of

NAME = "guide_example"
BASE = "/tmf-api/communicationManagement/v4"


@pytest.fixture
def example(settings: Any) -> Iterator[ModuleType]:
    """Run the guide's example as a module and serve what it declares."""
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = re.search(r"## Adding an Open API.*?```python\n(.*?)```", guide, re.DOTALL)
    assert found is not None
    module = ModuleType(NAME)
    sys.modules[NAME] = module
    exec(compile(found[1], "CONTRIBUTING.md", "exec"), module.__dict__)  # our own page
    module.urlpatterns = [pattern for api in module.APIS for pattern in patterns_of(api)]  # type: ignore[attr-defined]  # a module made in the test
    settings.ROOT_URLCONF = NAME
    yield module
    del sys.modules[NAME]


@pytest.fixture
def client(db: None) -> Client:
    """A caller who may all that the example asks for."""
    make.tree()
    make.role("guide", "integration.view", "integration.documents", "party.view", "party.credit_view")
    return clients.caller(clients.token("guide", org_id=3301))


def test_documents_kept_whole_live_their_life(example: ModuleType, client: Client) -> None:
    made = post(client, {"content": "Dear customer", "messageType": "sms", "scheduledSendTime": "2026-03-02T12:00:00+08:00"}, f"{BASE}/communicationMessage")
    assert (made.status_code, made.json()["state"], made.json()["scheduledSendTime"]) == (201, "initial", "2026-03-02T04:00:00.000Z")
    address = made["Location"]
    assert patch(client, address, {"state": "completed"}).status_code == 409
    assert patch(client, address, {"state": "inProgress"}).json()["state"] == "inProgress"
    assert post(client, {"content": "x"}, f"{BASE}/communicationMessage").json()["details"][0]["path"] == "messageType"
    assert client.get(f"{BASE}/communicationMessage?state=inProgress&scheduledSendTime.lt=2026-03-03")["X-Total-Count"] == "1"


def test_records_of_a_room_are_read_filtered_and_sorted(example: ModuleType, client: Client) -> None:
    for name in ("王芳", "李强"):
        customer = party.customer(name, by=party.clerk())
        services.rate_customer(customer.customer_id, services.CreditFacts(tenure_months=30), by=party.clerk(), at=party.NOON + timedelta(hours=1))
    page = client.get(f"{BASE}/creditRating?sort=-validFor.startDateTime&rank.gte=1")
    assert page.status_code == 200, page.content
    for one in page.json():
        assert one["customer"]["href"].endswith(one["customer"]["id"])
        assert client.get(one["href"]).json() == one
    assert client.delete(f"{BASE}/creditRating/x").status_code == 405


def test_it_describes_itself(example: ModuleType) -> None:
    document = openapi(example.APIS[0])
    assert {"/communicationMessage", "/communicationMessage/{id}", "/creditRating", "/creditRating/{id}", "/hub"} <= set(document["paths"])
    assert "communicationMessageCreateEvent" in document["webhooks"]
