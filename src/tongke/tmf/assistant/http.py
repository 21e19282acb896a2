"""The tools over Streamable HTTP: one request, one JSON answer, no session kept between them.

What the protocol's library does not know stands here: which hosts and pages may ask, the bearer token, and the
answers that HTTP itself gives. Whoever holds no token learns nothing, not even the tools' names.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils import translation
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from tongke.areas.staff.errors import AssistantKeyRefused, AssistantTooFast, TooManyRequests
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Refused
from tongke.tmf.assistant import server
from tongke.tmf.assistant.running import fault_content, is_lost

log = logging.getLogger("tongke.assistant")
PATH = "/mcp"
METADATA = "/.well-known/oauth-protected-resource"
BODY_BYTES_MAX = 256 * 1024
ACTOR = "tongke.assistant.actor"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
ALWAYS = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def is_ours(path: str) -> bool:
    """Tell whether a path is answered here."""
    return path.rstrip("/") == PATH or path.rstrip("/") in {METADATA, METADATA + PATH}


async def _answer(send: Send, status: int, content: dict[str, Any], *more: tuple[bytes, bytes]) -> None:
    headers = [(b"content-type", b"application/json"), *ALWAYS, *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(content, ensure_ascii=False).encode()})


def _problem(code: str, says: str) -> dict[str, Any]:
    return {"error": {"code": code, "says": says, "mend": ""}}


def allowed_host(host: str) -> bool:
    """Tell whether the request was meant for this installation: a rebound name of somebody else's was not."""
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def allowed_origin(origin: str) -> bool:
    """Tell whether a page of this origin may ask: programs send none; pages must be this machine's or named as trusted."""
    if not origin or origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    domain, _port = split_domain_port(re.sub(r"^https?://", "", origin.lower()))
    named = [pattern for pattern in settings.ALLOWED_HOSTS if pattern != "*"]
    return bool(domain) and (domain in LOOPBACK or validate_host(domain, named))


def _bearer(headers: dict[str, str]) -> str:
    scheme, _blank, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _base(scope: Scope, headers: dict[str, str]) -> str:
    proto = headers.get("x-forwarded-proto", "") if settings.HTTPS or _is_near(scope) else ""
    return f"{proto if proto in {'http', 'https'} else scope.get('scheme', 'http')}://{headers.get('host', '')}"


def _is_near(scope: Scope) -> bool:
    """Tell whether the request was handed on by the web process of this machine."""
    return (scope.get("client") or ("",))[0] in {"127.0.0.1", "::1"}


def _address(scope: Scope, headers: dict[str, str]) -> str:
    forwarded = headers.get("x-forwarded-for", "").rsplit(",", 1)[-1].strip()
    return forwarded if forwarded and (_is_near(scope) or settings.HTTPS) else str((scope.get("client") or ("",))[0])


async def _actor_of(context: Any) -> tuple[Actor, datetime]:
    """Return whom the guard let in with this request."""
    found: tuple[Actor, datetime] = context.request.scope[ACTOR]
    return found


class Door:
    """The ASGI application behind ``/mcp``; ``open`` runs for the life of the process."""

    def __init__(self) -> None:
        self.sessions: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Serve inside the block."""
        sessions = StreamableHTTPSessionManager(
            server.build(_actor_of, transport="http"), json_response=True, stateless=True, max_request_body_size=BODY_BYTES_MAX,
        )
        async with sessions.run():
            self.sessions = sessions
            try:
                yield
            finally:
                self.sessions = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if not allowed_host(headers.get("host", "")):
            await _answer(send, 421, _problem("TMF-83", "This host is not served here"))
        elif not allowed_origin(headers.get("origin", "")):
            await _answer(send, 403, _problem("TMF-84", "Pages of this origin may not ask here"))
        elif scope["path"].startswith(METADATA):
            await self._tell(scope, headers, send)
        elif scope["method"] != "POST":
            await _answer(send, 405, _problem("TMF-85", "Only POST is served here"), (b"allow", b"POST"))
        elif self.sessions is None:
            await _answer(send, 503, _problem("GEN-503", "Tongke is back in a moment"), (b"retry-after", b"3"))
        else:
            await self._enter(scope, headers, receive, send)

    @staticmethod
    async def _tell(scope: Scope, headers: dict[str, str], send: Send) -> None:
        """Answer what this is and how to open it (RFC 9728)."""
        base = _base(scope, headers)
        await _answer(send, 200, {
            "resource": base + PATH, "resource_name": "Tongke", "authorization_servers": [base], "bearer_methods_supported": ["header"],
            "resource_documentation": base + "/assistant-access",
        })

    async def _enter(self, scope: Scope, headers: dict[str, str], receive: Receive, send: Send) -> None:
        token = _bearer(headers)
        try:
            if not token:
                raise AssistantKeyRefused
            scope[ACTOR] = await server.in_thread(server.enter, token, _address(scope, headers))
        except (AssistantTooFast, TooManyRequests) as fault:
            await _answer(send, 429, _said(fault), (b"retry-after", str(fault.values["seconds"]).encode()))
            return
        except Refused as fault:
            metadata = f"{_base(scope, headers)}{METADATA}{PATH}"
            error = ', error="invalid_token"' if token else ""
            words = f'Bearer realm="tongke"{error}, resource_metadata="{metadata}"'
            await _answer(send, 401, _said(fault), (b"www-authenticate", words.encode("latin-1", "replace")))
            return
        except Exception as fault:
            if not is_lost(fault):
                raise
            await _answer(send, 503, _problem("GEN-503", "Tongke is back in a moment"), (b"retry-after", b"3"))
            return
        assert self.sessions is not None  # noqa: S101 - looked at above, in the same turn of the loop's task
        await self.sessions.handle_request(scope, receive, _sealed(send))


def _said(fault: Refused) -> dict[str, Any]:
    with translation.override("en"):
        return fault_content(fault)


def _sealed(send: Send) -> Send:
    """Put our headers on the library's answers."""

    async def sealed(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            held = {name.lower() for name, _value in message["headers"]}
            message = {**message, "headers": [*message["headers"], *(h for h in ALWAYS if h[0] not in held)]}
        await send(message)

    return sealed
