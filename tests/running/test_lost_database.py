"""The database goes away under the pages: they say so, and mend themselves with the next request."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory

from tests.plugins.database import test_database
from tests.plugins.site import Site
from tongke.config.faults import LOST, server_fault
from tongke.config.runtime import embedded_url
from tongke.config.server import Front

pytestmark = pytest.mark.fault


def end_sessions_of_pages() -> None:
    """End every session of the application on this worker's database, as a restart of the server does."""
    with psycopg.connect(embedded_url("postgres", "postgres"), autocommit=True) as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = 'tongke_app'", [test_database()],
        )


def status_of(url: str) -> int:
    """Return the status of a GET; a session cookie makes the page ask the database who that is."""
    request = urllib.request.Request(url, headers={"Cookie": "tongke_session=nobody-has-this-one"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as fault:
        return fault.code


def test_a_read_that_meets_a_dead_connection_is_answered(site: Site) -> None:
    """Every thread's connection is cut: reads are still answered, each on a new connection, never with a 5xx."""
    before = [status_of(f"{site.url}/sign-in") for _ in range(6)]
    assert set(before) == {200}, site.log.read_text()[-3000:]
    end_sessions_of_pages()
    assert {status_of(f"{site.url}/sign-in") for _ in range(8)} == {200}
    assert status_of(f"{site.url}/healthz") == 200


def lost_view(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    """Stand for Django while the database is away: mark the request as lost and answer 503."""
    environ[LOST] = True
    start("503 Service Unavailable", [])
    return [b"away"]


def test_a_write_is_never_repeated_by_itself() -> None:
    """Only reads are asked twice: a write that met a dead connection is told, once."""
    calls: list[str] = []

    def django(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        calls.append(environ["REQUEST_METHOD"])
        return lost_view(environ, start)

    answers: list[str] = []
    front = Front(django, None)
    for method in ("POST", "PATCH", "GET"):
        front({"REQUEST_METHOD": method, "PATH_INFO": "/x"}, lambda status, _headers: answers.append(status))
    assert calls == ["POST", "PATCH", "GET", "GET"]
    assert {status[:3] for status in answers} == {"503"}


@pytest.mark.parametrize(("path", "kind"), [("/customers", "text/html"), ("/api/customers", "application/json")])
def test_the_answer_says_when_to_come_back(path: str, kind: str) -> None:
    """503 with Retry-After, as a page or as JSON; nothing of the fault's own words."""
    request = RequestFactory().get(path)
    try:
        raise OperationalError("connection to 10.0.0.7 lost: 张三 13812345678")
    except OperationalError:
        answer = server_fault(request)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert answer["Content-Type"].startswith(kind)
    assert "13812345678" not in answer.content.decode()
    assert request.META[LOST]
    assert connection.connection is None
