"""The web process hands requests of assistants on: what it refuses by itself, and what it says when nobody is there."""

from __future__ import annotations

import io
from typing import Any

import pytest

from tests.plugins.site import free_port
from tongke.config import forwarding


def ask(**more: Any) -> tuple[str, dict[str, str]]:
    """Hand one request on and return its status and headers."""
    begun: list[Any] = []
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/mcp", "CONTENT_LENGTH": "2", "wsgi.input": io.BytesIO(b"{}"), "REMOTE_ADDR": "127.0.0.1"}
    b"".join(forwarding.forward(environ | more, lambda *words: begun.append(words)))
    status, headers = begun[-1][:2]
    return status, dict(headers)


@pytest.mark.parametrize(("path", "ours"), [
    ("/mcp", True), ("/mcp/", True), ("/mcp/more", False), ("/mcpx", False), ("/.well-known/oauth-protected-resource/mcp", True), ("/", False),
])
def test_only_its_own_paths_are_handed_on(path: str, ours: bool) -> None:  # noqa: FBT001 - a table's column
    assert forwarding.is_for_assistants(path) is ours


def test_without_a_process_of_tools_there_is_nothing(settings: Any) -> None:
    settings.STREAMS_PORT, settings.STREAMS_URL = 0, ""
    assert ask()[0] == "404 Not Found"


def test_a_process_that_is_away_comes_back_in_a_moment(settings: Any) -> None:
    settings.STREAMS_PORT = free_port()
    assert ask() == ("503 Service Unavailable", {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", "Retry-After": "3"})
    settings.STREAMS_PORT, settings.STREAMS_URL = 0, f"http://127.0.0.1:{free_port()}/"
    assert ask()[0].startswith("503")


@pytest.mark.parametrize(("more", "status"), [
    ({"CONTENT_LENGTH": "many"}, "411 Length Required"), ({"HTTP_TRANSFER_ENCODING": "chunked"}, "411 Length Required"),
    ({"CONTENT_LENGTH": "-1"}, "411 Length Required"), ({"CONTENT_LENGTH": str(forwarding.BODY_BYTES_MAX + 1)}, "413 Content Too Large"),
])
def test_bodies_without_a_measure_or_beyond_it_are_refused_unread(settings: Any, more: dict[str, str], status: str) -> None:
    settings.STREAMS_PORT = free_port()
    assert ask(**more, **{"wsgi.input": None})[0] == status


def test_cookies_and_other_headers_stay_here() -> None:
    headers = forwarding._headers({
        "HTTP_AUTHORIZATION": "Bearer x", "HTTP_COOKIE": "tongke_session=secret", "HTTP_MCP_PROTOCOL_VERSION": "2025-06-18", "HTTP_HOST": "crm",
        "HTTP_X_FORWARDED_FOR": "6.6.6.6", "REMOTE_ADDR": "10.0.0.9", "CONTENT_TYPE": "application/json", "wsgi.url_scheme": "http",
    })
    assert headers == {
        "Authorization": "Bearer x", "Mcp-Protocol-Version": "2025-06-18", "Host": "crm", "X-Forwarded-For": "10.0.0.9",
        "Content-Type": "application/json", "X-Forwarded-Proto": "http",
    }
