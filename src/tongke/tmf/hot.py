"""One document by its id, answered before Django's handler: token, permission, scope, document and the trace of the look
are one statement (``kit.installing``). Whatever is no plain success is left to Django, whose answer is the only one of its kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

from tongke.areas.staff.queries.clients import client_known_by, inet, token_hash
from tongke.areas.staff.services import admit
from tongke.kernel import clock
from tongke.kernel.db import prepared
from tongke.tmf.kit.checking import check_out
from tongke.tmf.kit.declared import Resource
from tongke.tmf.kit.installing import function_name
from tongke.tmf.kit.registry import all_apis

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

PATH = re.compile(r"/((?:[\w-]+/)+[\w-]+)/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/?")
TOKEN_LENGTH_MAX = 200
PURPOSE_CHARACTERS_MAX = 60
# Tells Django's handler, where it takes over, that the request's permit is spent (tongke.web.bearer).
ADMITTED = "tongke.admitted"
STATEMENT = "SELECT doc, etag FROM {name}($1::text, $2::timestamptz, $3::inet, $4::uuid, $5::text)"


def _places() -> dict[str, tuple[Resource, bytes, bytes]]:
    """Return every address of documents with its resource, the statement's name and its text."""
    out = {}
    for api in all_apis():
        for resource in api.resources:
            if resource.within:
                continue
            name = function_name(api, resource)
            for root in api.roots:
                out[f"{root}/{resource.name}"] = (resource, name.encode(), STATEMENT.format(name=name).encode())
    return out


_known: dict[str, tuple[Resource, bytes, bytes]] = {}


def read(environ: Environ, start_response: StartResponse) -> Iterable[bytes] | None:
    """Answer a GET of one document with a bearer token, or return ``None`` to let Django do it."""
    bearer: str = environ.get("HTTP_AUTHORIZATION", "")
    if environ.get("REQUEST_METHOD") != "GET" or environ.get("QUERY_STRING") or bearer[:7] != "Bearer " or "HTTP_IF_NONE_MATCH" in environ:
        return None
    asked = PATH.fullmatch(environ.get("PATH_INFO", ""))
    if asked is None or not 0 < len(bearer) <= TOKEN_LENGTH_MAX or not bearer.isascii():
        return None
    if not _known:
        _known.update(_places())
    place = _known.get(asked[1])
    return None if place is None else _answer(place, asked[2], bearer[7:].strip(), environ, start_response)


def _address(environ: Environ) -> str:
    """Return the client's address; behind our own proxy the one that the proxy saw."""
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip() if settings.HTTPS else ""
    return forwarded or environ.get("REMOTE_ADDR", "")


def _answer(
    place: tuple[Resource, bytes, bytes], key: str, token: str, environ: Environ, start_response: StartResponse,
) -> Iterable[bytes] | None:
    resource, name, statement = place
    hashed = token_hash(token)
    client = client_known_by(hashed)
    at = clock.now()
    # A client that this process meets for the first time, or that must wait, is Django's to answer.
    if client is None or admit(client, at=at) is not None:
        return None
    environ[ADMITTED] = True
    address = inet(_address(environ)) or ""
    purpose = environ.get("HTTP_X_PURPOSE", "")[:PURPOSE_CHARACTERS_MAX] or "service"
    found = prepared.ask(name, statement, [
        hashed.encode(), at.isoformat().encode(), address.encode() or None, key.encode(),
        purpose.encode("latin-1", "replace").decode("utf-8", "replace").replace("\x00", "").encode(),
    ])
    if found is None or found[0] is None or found[1] is None:
        return None
    check_out(resource, found[0], many=False)
    start_response("200 OK", [
        ("Content-Type", "application/json;charset=utf-8"), ("Cache-Control", "no-store"), ("ETag", f'"{found[1].decode()}"'),
        ("Content-Length", str(len(found[0]))),
    ])
    return [found[0]]
