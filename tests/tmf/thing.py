"""An Open API of the tests' own, with one attribute of every kind: what a rule says can be tried without any room's rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson
from django.test import Client
from django.urls import re_path

from tests.factories import clients
from tests.factories import staff as make
from tongke.tmf.kit import views
from tongke.tmf.kit.declared import Api
from tongke.tmf.kit.kept import kept_resource
from tongke.tmf.kit.routing import patterns_of
from tongke.tmf.kit.shapes import Characteristic, Entity, Instant, Note, Number, Ref, Shape, Text, TimePeriod, Whole, Yes


class Size(Shape):
    """How large a thing is."""

    width: Number | None = None
    unit: Text | None = None


class Thing(Entity):
    """Something with an attribute of every kind."""

    name: Text | None = None
    status: Text | None = None
    weight: Number | None = None
    count: Whole | None = None
    lent: Yes | None = None
    made_at: Instant | None = None
    size: Size | None = None
    valid_for: TimePeriod | None = None
    note: list[Note] | None = None
    part: list[Ref] | None = None
    characteristic: list[Characteristic] | None = None
    rank: Whole | None = None


Rows = list[dict[str, Any]]
Shelf = tuple[Client, Rows]
THING = kept_resource(
    "thing", Thing, about="Things", required=("name",), server_set=frozenset({"rank"}), start_state="new",
    moves={"new": ("used",), "used": ("broken",), "broken": ()},
)
API = Api(number="999", version="v4", base="thingManagement", title="Things", resources=(THING,), aliases=("tmf-api/things/v4",))
ROOT = "/tmf-api/thingManagement/v4/thing"
# What `pytest.mark.urls(__name__)` of a test file takes in.
urlpatterns = [*patterns_of(API), re_path(r"^tmf-api(?:/.*)?$", views.answered(views.nothing_here))]
JSON = "application/json"
MERGE = "application/merge-patch+json"
PATCH = "application/json-patch+json"
START = datetime.fromisoformat("2026-03-02T04:00:00.123+00:00")


def caller(*roles: str, org_id: int = 3301, **more: Any) -> Client:
    """A client of the API with a token, at a local network; it may keep documents unless roles are named."""
    if not roles:
        make.tree()
        make.role("documents", "integration.view", "integration.documents", "integration.subscribe")
    more.setdefault("per_minute", 100_000)
    return clients.caller(clients.token(*(roles or ("documents",)), org_id=org_id, **more))


def post(client: Client, body: Any, address: str = ROOT, *, kind: str = JSON, **headers: str) -> Any:
    """Send a document and return the answer."""
    return client.post(address, body if isinstance(body, bytes) else orjson.dumps(body), content_type=kind, headers=headers)


def patch(client: Client, address: str, body: Any, *, kind: str = MERGE, **headers: str) -> Any:
    """Send a patch and return the answer."""
    return client.patch(address, body if isinstance(body, bytes) else orjson.dumps(body), content_type=kind, headers=headers)


def made(client: Client, name: str = "a thing", **attributes: Any) -> dict[str, Any]:
    """Create a thing and return its document."""
    answer = post(client, {"name": name, **attributes})
    assert answer.status_code == 201, answer.content
    document: dict[str, Any] = answer.json()
    return document


def row_of(client: Client, count: int = 5) -> Rows:
    """Create things that differ in every attribute, in rising order, and return their documents."""
    return [
        made(client, f"thing {n}", weight=n + 0.5, count=n, lent=n % 2 == 0, madeAt=(START + timedelta(minutes=n)).isoformat(),
             size={"width": 10.0 * n, "unit": "cm"}, note=[{"text": f"note {n}", "author": "x, y"}, {"text": "all"}],
             characteristic=[{"name": "colour", "value": "red" if n < 2 else "blue"}])
        for n in range(count)
    ]
