"""The operations of every resource as views: list, create, read, change, remove; and the errors of all."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from tongke.areas.staff.errors import SignInNeeded
from tongke.kernel.actor import NOBODY, Actor
from tongke.kernel.errors import NotFound, Refused
from tongke.tmf.kit import reading, writing
from tongke.tmf.kit.asking import Asked, asked
from tongke.tmf.kit.bodies import JSON, body_of
from tongke.tmf.kit.checking import check_out, chosen
from tongke.tmf.kit.declared import Api, Resource
from tongke.tmf.kit.errors import NotServed, UnfitQuery, error_body
from tongke.tmf.kit.patching import wanted
from tongke.tmf.kit.statements import href_path

log = logging.getLogger("tongke.tmf")
CONTENT_TYPE = "application/json;charset=utf-8"
KEY_LENGTH_MAX = 200
PATCHES = "application/merge-patch+json, application/json-patch+json, application/json"

View = Callable[..., HttpResponseBase]


def answered(view: View) -> View:
    """Turn a refusal of the view into the official error document; nobody unknown gets further."""

    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
        try:
            if actor is NOBODY:
                raise SignInNeeded
            return view(request, *args, **kwargs)
        except Refused as refused:
            return refusal(refused)

    return run


def refusal(refused: Refused) -> HttpResponse:
    """Return the official error document of a refusal."""
    answer = json_answer(orjson.dumps(error_body(refused)), status=refused.status)
    if refused.status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="tongke"'
    if isinstance(refused, NotServed):
        answer["Allow"] = ", ".join(refused.allowed)
    return answer


def json_answer(body: bytes | str, *, status: int = 200) -> HttpResponse:
    """Return a JSON answer that nobody on the way keeps."""
    answer = HttpResponse(body, status=status, content_type=CONTENT_TYPE)
    answer["Cache-Control"] = "no-store"
    return answer


def collection(request: HttpRequest, *, api: Api, resource: Resource, more: Any = None, **within: str) -> HttpResponseBase:
    """GET a list or POST a new document."""
    if request.method in {"GET", "HEAD"}:
        return listed(request, api, resource, narrowing=more(resource, **within) if more else ())
    if request.method == "POST" and "POST" in resource.methods:
        return created(request, api, resource)
    return _not_served(request, resource, ("GET", "POST"))


def below(resource: Resource, **within: str) -> tuple[Any, ...]:
    """Return the condition that what is listed lies within the record that the address names."""
    (record,) = within.values()
    return ((f"{resource.rows.column(resource.narrowed).sql} = %s", [reading.record_key(record)]),)


def entry(request: HttpRequest, *, api: Api, resource: Resource, record: str, **_within: str) -> HttpResponseBase:
    """GET, PATCH or DELETE one document."""
    if request.method in {"GET", "HEAD"}:
        return shown(request, api, resource, record)
    if request.method == "PATCH" and "PATCH" in resource.methods:
        return changed(request, api, resource, record)
    if request.method == "DELETE" and "DELETE" in resource.methods:
        return removed(request, api, resource, record)
    return _not_served(request, resource, ("GET", "PATCH", "DELETE"))


def _not_served(request: HttpRequest, resource: Resource, here: tuple[str, ...]) -> HttpResponseBase:
    allowed = tuple(method for method in here if method in resource.methods)
    if request.method == "OPTIONS":
        answer = HttpResponse(status=204)
        answer["Allow"] = ", ".join((*allowed, "OPTIONS"))
        answer["Accept-Patch"] = PATCHES
        return answer
    raise NotServed(method=str(request.method), resource=resource.name, allowed=allowed)


def listed(request: HttpRequest, api: Api, resource: Resource, *, narrowing: tuple[Any, ...] = ()) -> HttpResponseBase:
    """Answer a list, with the counts and links of TMF630: 206 where it is a part, else 200."""
    query = asked(request.META.get("QUERY_STRING", ""))
    exact = "count=exact" in request.headers.get("Prefer", "")
    found = reading.page(api, resource, query, exact=exact, more=narrowing, by=request.actor, at=request.at)  # type: ignore[attr-defined]  # set by the middleware
    check_out(resource, found.text, many=True)
    body: bytes | str = found.text
    if query.fields is not None:
        body = orjson.dumps([chosen(document, _known_fields(query.fields)) for document in orjson.loads(found.text)])
    answer = json_answer(body, status=206 if found.count < found.total or not found.exact else 200)
    answer["X-Total-Count"] = str(found.total)
    answer["X-Result-Count"] = str(found.count)
    if not found.exact:
        answer["X-Total-Count-Relation"] = "gte"
    answer["Link"] = ", ".join(f'<{address}>; rel="{word}"' for word, address in links(request, query, found.count, found.total))
    return answer


def _known_fields(fields: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields asked for; ``none`` stands for no attribute, so that only id and href are given."""
    return tuple(name for name in fields if name.lower() != "none")


def links(request: HttpRequest, query: Asked, count: int, total: int) -> list[tuple[str, str]]:
    """Return the neighbours of a page: self, first, prev, next, last."""
    limit = max(query.limit, 1)
    places = [("self", query.offset), ("first", 0)]
    if query.offset > 0:
        places.append(("prev", max(query.offset - limit, 0)))
    if query.offset + count < total and count:
        places.append(("next", query.offset + count))
    places.append(("last", max((total - 1) // limit * limit, 0)))
    kept = [part for part in request.META.get("QUERY_STRING", "").split("&") if part and part.split("=")[0] not in {"offset", "limit"}]
    return [(word, f"{request.path}?{'&'.join([*kept, urlencode({'offset': at, 'limit': query.limit})])}") for word, at in places]


def shown(request: HttpRequest, api: Api, resource: Resource, record: str) -> HttpResponseBase:
    """Answer one document with its ETag; 304 where the client has it already."""
    by: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    query = only_fields(request)
    found = reading.one(api, resource, reading.record_key(record), by=by)
    reading.note_look(resource, found, by=by, at=request.at)  # type: ignore[attr-defined]  # set by the middleware
    given = request.headers.get("If-None-Match", "")
    if given and writing.matches(given, found.etag):
        answer = HttpResponse(status=304)
        answer["ETag"] = f'"{found.etag}"'
        return answer
    return _document(resource, found, query)


def only_fields(request: HttpRequest) -> Asked:
    """Return the query of an operation on one document, which takes ``fields`` alone. Raises ``UnfitQuery``."""
    query = asked(request.META.get("QUERY_STRING", ""))
    if query.conditions or query.sort or query.offset:
        name = ".".join(query.conditions[0].path) if query.conditions else "sort"
        raise UnfitQuery(name=name, value=request.META.get("QUERY_STRING", "")[:60])
    return query


def _document(resource: Resource, found: reading.Found, query: Asked, *, status: int = 200) -> HttpResponse:
    check_out(resource, found.text, many=False)
    body: bytes | str = found.text
    if query.fields is not None:
        body = orjson.dumps(chosen(found.document, _known_fields(query.fields)))
    answer = json_answer(body, status=status)
    answer["ETag"] = f'"{found.etag}"'
    return answer


def created(request: HttpRequest, api: Api, resource: Resource) -> HttpResponseBase:
    """Create from the body; answer 201 with the document and its place, or 200 where the sender asks for the outcome at once."""
    query = only_fields(request)
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > KEY_LENGTH_MAX:
        raise UnfitQuery(name="Idempotency-Key", value=f"{key[:40]}…")
    body = body_of(request, JSON)
    found = writing.create(api, resource, body, key=key, by=request.actor, at=request.at)  # type: ignore[attr-defined]  # set by the middleware
    if resource.at_once:
        # It answers more of the customer than was sent: what was worked out.
        reading.note_look(resource, found, by=request.actor, at=request.at)  # type: ignore[attr-defined]  # set by the middleware
    at_once = bool(resource.at_once) and found.document.get(resource.at_once) is True
    answer = _document(resource, found, query, status=200 if at_once else 201)
    answer["Location"] = str(found.document.get("href") or f"/tmf-api/{href_path(api, resource)}/{found.document['id']}")
    return answer


def changed(request: HttpRequest, api: Api, resource: Resource, record: str) -> HttpResponseBase:
    """Apply the body as a patch; answer the document as it stands then."""
    query = only_fields(request)
    found = writing.change(
        api, resource, reading.record_key(record), partial(wanted, request), if_match=request.headers.get("If-Match", ""),
        by=request.actor, at=request.at)  # type: ignore[attr-defined]  # set by the middleware
    # A patch names little and is answered with all.
    reading.note_look(resource, found, by=request.actor, at=request.at)  # type: ignore[attr-defined]  # set by the middleware
    return _document(resource, found, query)


def removed(request: HttpRequest, api: Api, resource: Resource, record: str) -> HttpResponseBase:
    """End or delete the record; answer 204."""
    writing.remove(api, resource, reading.record_key(record), if_match=request.headers.get("If-Match", ""),
                   by=request.actor, at=request.at)  # type: ignore[attr-defined]  # set by the middleware
    answer = HttpResponse(status=204)
    answer["Cache-Control"] = "no-store"
    return answer


def nothing_here(request: HttpRequest, **_words: str) -> HttpResponseBase:
    """Answer 404 in the official form for every other address below the API's root."""
    del request
    raise NotFound
