"""The reads that answer before Django show nothing of others either, through the real server entry."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings

from tests.factories import staff as make
from tests.isolation.planting import Planted, everything_role, plant
from tongke.config.server import application

KINDS = ("", "/360")


def ask(path: str, key: str) -> tuple[str, str]:
    """Ask the server's entry as the web server does; return status and body."""
    route, _question, query = path.partition("?")
    environ: dict[str, Any] = {"PATH_INFO": route, "QUERY_STRING": query, "HTTP_COOKIE": f"{settings.STAFF_COOKIE}={key}", "HTTP_HOST": "localhost"}
    setup_testing_defaults(environ)
    answered: list[str] = []
    body = application(environ, lambda status, _headers, *_rest: answered.append(status))
    return answered[-1], b"".join(body).decode()


def paths(one: Planted) -> list[str]:
    """Every way to one customer's JSON."""
    return [f"/api/customers/{one.customer_id}{kind}" for kind in KINDS] + [f"/api/customers?phone={one.phone}", f"/api/search?q={one.phone}"]


@pytest.mark.django_db(transaction=True)
def test_hot_reads_keep_to_the_scope(as_owner: Callable[[], AbstractContextManager[Any]]) -> None:
    everything_role()
    planted = {org_id: plant(org_id) for org_id in (3301, 3201)}
    own = make.session_key(make.person(org_id=3301, roles=("everything",)))
    for path in paths(planted[3301]):
        status, body = ask(path, own)
        assert status.startswith("200"), path
        assert planted[3301].name in body, path
    for stranger in (make.session_key(make.person(org_id=3302, roles=("everything",))), "no-such-key", ""):
        for one in planted.values():
            for path in paths(one):
                status, body = ask(path, stranger)
                assert one.name not in body, path
                assert one.number not in body, path
                assert status.startswith(("404", "401")) or (status.startswith("200") and "search" in path), (path, status)
