"""Hands requests of assistant programs on to the process that serves their tools, and its answer back.

A program keeps its token on the origin that it was given, so it cannot be sent elsewhere as a page's stream is.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
BODY_BYTES_MAX = 256 * 1024
WAIT_SECONDS = 60
# What the other process needs to know; nothing else of a request goes through, cookies least of all.
HANDED = ("HTTP_AUTHORIZATION", "HTTP_ACCEPT", "HTTP_ORIGIN", "HTTP_USER_AGENT", "HTTP_HOST")
RETURNED = frozenset({"content-type", "www-authenticate", "retry-after", "cache-control", "allow", "x-content-type-options"})


def is_for_assistants(path: str) -> bool:
    """Tell whether a path is served by the tools' process."""
    return path.rstrip("/") == "/mcp" or path.startswith("/.well-known/oauth-protected-resource")


def _plain(start_response: StartResponse, status: str, words: str, *more: tuple[str, str]) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"), *more])
    return [words.encode()]


def _other() -> tuple[str, int, bool] | None:
    """Return host, port and whether by TLS of the process that serves the tools, or ``None`` where there is none."""
    if settings.STREAMS_PORT:
        return "127.0.0.1", int(settings.STREAMS_PORT), False
    parts = urlsplit(settings.STREAMS_URL)
    if not parts.hostname:
        return None
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80), parts.scheme == "https"


def _headers(environ: Environ) -> dict[str, str]:
    headers = {name[5:].replace("_", "-").title(): environ[name] for name in environ if name in HANDED or name.startswith("HTTP_MCP_")}
    headers["Content-Type"] = environ.get("CONTENT_TYPE", "")
    headers["X-Forwarded-Proto"] = environ.get("wsgi.url_scheme", "http")
    seen = [environ.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS else environ.get("REMOTE_ADDR", "")]
    headers["X-Forwarded-For"] = ", ".join(one for one in seen if one)
    if settings.HTTPS and environ.get("HTTP_X_FORWARDED_PROTO"):
        headers["X-Forwarded-Proto"] = environ["HTTP_X_FORWARDED_PROTO"]
    return {name: value for name, value in headers.items() if value}


def forward(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Ask the other process and answer as it does."""
    other = _other()
    if other is None:
        return _plain(start_response, "404 Not Found", "No tools for assistants are served here\n")
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or "HTTP_TRANSFER_ENCODING" in environ:
        return _plain(start_response, "411 Length Required", "Say how long the request is\n")
    if int(length) > BODY_BYTES_MAX:
        return _plain(start_response, "413 Content Too Large", f"At most {BODY_BYTES_MAX} bytes\n", ("Connection", "close"))
    body = environ["wsgi.input"].read(int(length))
    host, port, by_tls = other
    asked = (http.client.HTTPSConnection if by_tls else http.client.HTTPConnection)(host, port, timeout=WAIT_SECONDS)
    try:
        asked.request(environ["REQUEST_METHOD"], environ["PATH_INFO"], body=body, headers=_headers(environ))
        answer = asked.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException):
        return _plain(start_response, "503 Service Unavailable", "Tongke is back in a moment.\n", ("Retry-After", "3"))
    finally:
        asked.close()
    kept = [(name, value) for name, value in answer.getheaders() if name.lower() in RETURNED or name.lower().startswith("mcp-")]
    start_response(f"{answer.status} {answer.reason}", kept)
    return [content]
