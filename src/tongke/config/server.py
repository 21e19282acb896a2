"""The web server's entry: static files, /healthz, hot paths, then Django; security headers around all.

Run by `tongke up` as ``granian --interface wsgi tongke.config.server:application``.
"""

from __future__ import annotations

import gc
import logging
import os
import re
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

import orjson
from django.core.wsgi import get_wsgi_application
from whitenoise import WhiteNoise

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongke.config.settings")
_django = get_wsgi_application()

from django.conf import settings  # noqa: E402 - only after Django is set up
from django.db import connections  # noqa: E402 - only after Django is set up

from tongke.config.faults import LOST, is_lost_connection  # noqa: E402 - only after Django is set up
from tongke.config.forwarding import forward, is_for_assistants  # noqa: E402 - only after Django is set up
from tongke.config.headers import Header, secured  # noqa: E402 - only after Django is set up
from tongke.config.health import examine  # noqa: E402 - only after Django is set up

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Hot = Callable[[Environ, StartResponse], "Iterable[bytes] | None"]

log = logging.getLogger("tongke.server")
NAMED_BY_CONTENTS = re.compile(r"-[0-9A-Z]{8}\.[a-z.0-9]+$")


def _hot() -> Hot:
    """The reads that answer without Django's handler: the pages' own, then the Open APIs'."""
    page_reads: Hot = import_module("tongke.web.hot").HOT
    api_reads: Hot = import_module("tongke.tmf.hot").read

    def read(environ: Environ, start_response: StartResponse) -> Iterable[bytes] | None:
        return page_reads(environ, start_response) or api_reads(environ, start_response)

    return read


def _healthz(start_response: StartResponse) -> Iterable[bytes]:
    found = examine()
    status = "503 Service Unavailable" if found["status"] == "down" else "200 OK"
    headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    if found["status"] == "down":
        headers.append(("Retry-After", "3"))
    start_response(status, headers)
    return [orjson.dumps(found)]


def streams_origin(environ: Environ) -> str:
    """Return where live streams are served for the host of this request, or nothing where they have no own place."""
    if settings.STREAMS_URL:
        return str(settings.STREAMS_URL).rstrip("/")
    if not settings.STREAMS_PORT:
        return ""
    host = re.sub(r":\d+$", "", environ.get("HTTP_HOST", "") or environ.get("SERVER_NAME", ""))
    return f"{environ.get('wsgi.url_scheme', 'http')}://{host}:{settings.STREAMS_PORT}" if re.fullmatch(r"[\w.\-\[\]:]+", host) else ""


def _last_resort(fault: Exception, start_response: StartResponse) -> Iterable[bytes]:
    """Answer in plain words where even the page of faults failed."""
    lost = is_lost_connection(fault)
    if lost:
        for connection in connections.all(initialized_only=True):
            connection.close()
    else:
        log.error("request failed outside every handler", exc_info=fault)
    status = "503 Service Unavailable" if lost else "500 Internal Server Error"
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"), ("Retry-After", "3")])
    return [b"Tongke is back in a moment.\n" if lost else b"The fault is ours and is recorded.\n"]


class Front:
    """The first to see a request that is no static file."""

    def __init__(self, django: Callable[..., Iterable[bytes]], hot: Hot | None) -> None:
        self.django, self.hot = django, hot

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer here what needs no handler of Django's, and pass on the rest."""
        path: str = environ.get("PATH_INFO", "")
        if path == "/healthz":
            return _healthz(start_response)
        if path.startswith("/streams/"):
            return self._to_streams(environ, path, start_response)
        if is_for_assistants(path):
            return forward(environ, start_response)
        if self.hot is not None:
            answer = self.hot(environ, start_response)
            if answer is not None:
                return answer
        if environ.get("REQUEST_METHOD") in {"GET", "HEAD"}:
            return self._read(environ, start_response)
        return self.django(environ, start_response)

    def _read(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Ask Django; a read that met a dead connection is asked once more, on a new one."""
        begun: list[tuple[Any, ...]] = []
        first = dict(environ)
        answer = self.django(first, lambda *words: begun.append(words))
        if not first.get(LOST):
            start_response(*begun[-1])
            return answer
        close = getattr(answer, "close", None)
        if close is not None:
            close()
        return self.django(environ, start_response)

    @staticmethod
    def _to_streams(environ: Environ, path: str, start_response: StartResponse) -> Iterable[bytes]:
        """A stream would hold a thread of this process: the page is sent to the process that keeps streams."""
        origin = streams_origin(environ)
        if not origin:
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"No live streams here\n"]
        start_response("307 Temporary Redirect", [("Location", origin + path), ("Cache-Control", "no-store")])
        return []


class Secured:
    """Puts the security headers on every answer."""

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self.inner = inner

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the inner application does, with the headers added."""
        https = environ.get("wsgi.url_scheme") == "https" or (settings.HTTPS and environ.get("HTTP_X_FORWARDED_PROTO") == "https")
        streams = streams_origin(environ)

        def start(status: str, headers: list[Header], *rest: Any) -> Any:
            return start_response(status, secured(headers, streams=streams, https=https), *rest)

        try:
            return self.inner(environ, start)
        except Exception as fault:  # noqa: BLE001 - nothing below could answer: the last who can
            return _last_resort(fault, start)


def _is_immutable(_path: str, url: str) -> bool:
    """Files named by their contents never change: browsers may keep them for ever."""
    return NAMED_BY_CONTENTS.search(url) is not None


application = Secured(WhiteNoise(
    Front(_django, _hot()), root=str(settings.PACKAGE / "web" / "static"), prefix=settings.STATIC_URL.strip("/"),
    immutable_file_test=_is_immutable, max_age=300,
))

# All that was loaded until here stays for good: full garbage collections need not look through it, which took a tenth of a second.
gc.collect()
gc.freeze()
