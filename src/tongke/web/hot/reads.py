"""Three reads that answer without Django's handler: a customer by id, by phone, and the 360.

One statement does it all: session, permission, scope, row-level security, masks, log of the look. Whatever is not a
plain success (no session, no right, unknown, malformed, another method, a database that does not answer) is left to
Django, whose answer is the only one of its kind. Why this exists, with figures: docs/adr/0011-hot-reads.md.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings

from tongke.kernel import clock
from tongke.kernel.db import prepared
from tongke.kernel.keys import phone_e164

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

PREFIX = "/api/customers"
READ = b"SELECT tongke_customer_read($1::text, $2::timestamptz, $3::text, $4::uuid, $5::text, $6::text)"
PREPARED = b"tongke_hot_read"
UUID_WRITTEN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
HEADERS = [("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("Vary", "Cookie")]
PURPOSE_CHARACTERS_MAX = 60
PHONE_CHARACTERS_MAX = 40

# A key of ours holds no sign that a cookie would have to quote.
SESSION = re.compile(rf"(?:^|;\s*){re.escape(settings.STAFF_COOKIE)}=([\w-]+)(?:;|$)")


def _session_key(environ: Environ) -> str:
    found = SESSION.search(environ.get("HTTP_COOKIE", ""))
    return found[1] if found is not None else ""


def wanted(path: str, query: str) -> tuple[str, str | None, str | None] | None:
    """Return what a path asks for, as (kind, id, phone), or ``None`` where it is not one of ours or malformed."""
    rest = path[len(PREFIX):].strip("/")
    if not rest:
        given = unquote_plus(query.removeprefix("phone=")) if query.startswith("phone=") and "&" not in query else ""
        number = phone_e164(given) if len(given) <= PHONE_CHARACTERS_MAX else None
        return ("get", None, number) if number else None
    key, _slash, what = rest.partition("/")
    if query or what not in {"", "360"} or UUID_WRITTEN.fullmatch(key) is None:
        return None
    return what or "get", key, None


def read(environ: Environ, start_response: StartResponse) -> Iterable[bytes] | None:
    """Answer one of the hot reads, or return ``None`` to let Django do it."""
    path: str = environ.get("PATH_INFO", "")
    if not path.startswith(PREFIX) or environ.get("REQUEST_METHOD") != "GET":
        return None
    asked = wanted(path, environ.get("QUERY_STRING", ""))
    key = _session_key(environ)
    if asked is None or not key:
        return None
    what, customer_id, number = asked
    purpose = environ.get("HTTP_X_PURPOSE", "")[:PURPOSE_CHARACTERS_MAX] or "service"
    row = prepared.ask(PREPARED, READ, [
        hashlib.sha256(key.encode()).hexdigest().encode(), clock.now().isoformat().encode(), what.encode(),
        None if customer_id is None else customer_id.encode(), None if number is None else number.encode(),
        purpose.encode("latin-1", "replace").decode("utf-8", "replace").replace("\x00", "").encode(),
    ])
    if row is None or row[0] is None:
        return None
    start_response("200 OK", HEADERS.copy())
    return [row[0]]
