"""Made-up machine clients: registered, with a token, ready to call."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.test import Client

from tests.factories import staff as make
from tongke.areas.staff import queries, services
from tongke.kernel import clock
from tongke.kernel.actor import Actor

_numbers = count(1)
ENDPOINT = make.system_actor("oauth")
HERE = services.Source(address="127.0.0.1")


def client(*roles: str, org_id: int = 1, name: str = "", at: datetime | None = None, **more: Any) -> services.NewClient:
    """A registered client and its secret; plants the tree and the roles first."""
    make.tree()
    return services.register_client(
        name=name or f"client{next(_numbers)}", org_id=org_id, roles=list(roles or ("integrator",)), by=make.TESTER, at=at or clock.now(), **more,
    )


def token_of(new: services.NewClient, *, scope: str = "", at: datetime | None = None) -> str:
    """A token of the client, made without the endpoint."""
    return services.issue_token(client_id=new.client.id, scope=scope, by=ENDPOINT, at=at or clock.now()).token


def token(*roles: str, org_id: int = 1, scope: str = "", **more: Any) -> str:
    """A token of a new client with these roles at this organisation."""
    return token_of(client(*roles, org_id=org_id, **more), scope=scope)


def actor(*roles: str, org_id: int = 1, scope: str = "", **more: Any) -> Actor:
    """The actor whom a token of a new client gives."""
    found = queries.actor_of_token(token(*roles, org_id=org_id, scope=scope, **more), address="127.0.0.1", at=clock.now())
    assert found is not None
    return found


def caller(key: str, **options: Any) -> Client:
    """A test client that shows the token with every request."""
    return Client(headers={"Authorization": f"Bearer {key}", **options.pop("headers", {})}, **options)


def id_of(found: Actor) -> UUID:
    """The client's id."""
    return UUID(found.extra["client_id"])
