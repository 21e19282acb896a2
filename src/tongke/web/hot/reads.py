"""Three reads that answer without Django's handler: a customer by id, by phone, and the 360.

One statement does it all: session, permission, scope, row-level security, masks, log of the look. Whatever is not a
plain success (no session, no right, unknown, malformed, another method, a database that does not answer) is left to
Django, whose answer is the only one of its kind. Why this exists, with figures: docs/adr/0011-hot-reads.md.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote_plus

import psycopg
from django.conf import settings
from django.db import connections
from psycopg.pq import ExecStatus
from psycopg_pool import ConnectionPool, PoolTimeout

from tongke.kernel import clock
from tongke.kernel.keys import phone_e164

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

PREFIX = "/api/customers"
READ = b"SELECT tongke_customer_read($1::text, $2::timestamptz, $3::text, $4::uuid, $5::text, $6::text)"
PREPARED = b"tongke_hot_read"
# Once for the connection instead of at every function of the call.
PLANS = b"SET plan_cache_mode = force_generic_plan"
UUID_WRITTEN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
HEADERS = [("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("Vary", "Cookie")]
POOL_SIZE_MAX = int(os.environ.get("TONGKE_HOT_CONNECTIONS", "4"))
WAIT_SECONDS = 5.0
PURPOSE_CHARACTERS_MAX = 60
PHONE_CHARACTERS_MAX = 40

_guard = threading.Lock()
Place = tuple[str, str, Any]
_pools: dict[Place, ConnectionPool[psycopg.Connection[Any]]] = {}
# A key of ours holds no sign that a cookie would have to quote.
SESSION = re.compile(rf"(?:^|;\s*){re.escape(settings.STAFF_COOKIE)}=([\w-]+)(?:;|$)")


def pool() -> ConnectionPool[psycopg.Connection[Any]]:
    """Return this process's pool on the database that Django's settings name, opened on first use."""
    about = connections["default"].settings_dict
    place = (about["NAME"], about["HOST"], about["PORT"])
    found = _pools.get(place)
    if found is None:
        with _guard:
            found = _pools.get(place) or _opened(place)
    return found


def _prepare(connection: psycopg.Connection[Any]) -> None:
    """Prepare the one statement on a new connection; raises ``psycopg.OperationalError`` where the server refuses it."""
    for done in (connection.pgconn.exec_(PLANS), connection.pgconn.prepare(PREPARED, READ)):
        if done.status != ExecStatus.COMMAND_OK:
            raise psycopg.OperationalError(done.get_error_message())


def _opened(place: Place) -> ConnectionPool[psycopg.Connection[Any]]:
    wanted = dict(connections["default"].get_connection_params())
    for unknown in ("cursor_factory", "context", "prepare_threshold", "pool"):
        wanted.pop(unknown, None)
    made = ConnectionPool(
        psycopg.conninfo.make_conninfo(**wanted), min_size=1, max_size=POOL_SIZE_MAX, timeout=WAIT_SECONDS, open=True, name="tongke-hot",
        kwargs={"autocommit": True}, configure=_prepare,
    )
    _pools[place] = made
    return made


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
    found = _ask([
        hashlib.sha256(key.encode()).hexdigest().encode(), clock.now().isoformat().encode(), what.encode(),
        None if customer_id is None else customer_id.encode(), None if number is None else number.encode(),
        purpose.encode("latin-1", "replace").decode("utf-8", "replace").replace("\x00", "").encode(),
    ])
    if found is None:
        return None
    start_response("200 OK", HEADERS.copy())
    return [found]


def _ask(values: list[bytes | None]) -> bytes | None:
    """Run the statement, below psycopg's cursors: its text goes through as the bytes that it is.

    ``None`` also where the database does not answer: Django meets the same database and says what is wrong with it.
    """
    try:
        source = pool()
        connection = source.getconn()
    except (psycopg.Error, PoolTimeout):
        return None
    try:
        answer = connection.pgconn.exec_prepared(PREPARED, values)  # type: ignore[arg-type]  # None is NULL
        return answer.get_value(0, 0) if answer.status == ExecStatus.TUPLES_OK else None
    except psycopg.Error:
        return None
    finally:
        source.putconn(connection)
