"""The hub of each API: subscribe, look at one's own subscriptions, end them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from tongke.kernel.actor import Actor
from tongke.kernel.clock import now
from tongke.kernel.errors import NotFound
from tongke.tmf.hub.subscriptions import Subscribed, own_subscriptions, subscribe, unsubscribe
from tongke.tmf.kit.bodies import JSON, body_of
from tongke.tmf.kit.declared import Api
from tongke.tmf.kit.errors import NotServed, UnfitDocument
from tongke.tmf.kit.reading import record_key

CONTENT_TYPE = "application/json;charset=utf-8"
KNOWN = frozenset({"callback", "query", "secret", "id", "href", "@type", "@baseType", "@schemaLocation"})
LENGTH_MAX = {"callback": 2_000, "query": 8_000, "secret": 200}


def hub(request: HttpRequest, *, api: Api, topic: str = "") -> HttpResponseBase:
    """POST subscribes; GET lists the caller's own subscriptions to this API."""
    by, topic_id = _who(request), _topic(topic)
    if request.method in {"GET", "HEAD"}:
        return _answer(request, [_document(api, one, topic) for one in own_subscriptions(api=api, topic_id=topic_id, by=by)])
    if request.method == "POST":
        wish = _asked(request)
        made = subscribe(
            api=api, callback=wish["callback"], query=wish["query"], secret=wish["secret"], topic_id=topic_id, by=by, at=now(),
        )
        answer = _answer(request, _document(api, made, topic), status=201)
        answer["Location"] = f"{request.path.rstrip('/')}/{made.id}"
        return answer
    raise NotServed(method=str(request.method), resource="hub", allowed=("GET", "POST"))


def hub_entry(request: HttpRequest, *, api: Api, key: str, topic: str = "") -> HttpResponseBase:
    """GET shows one of the caller's own subscriptions, DELETE ends it."""
    by, topic_id, ident = _who(request), _topic(topic), record_key(key)
    if request.method in {"GET", "HEAD"}:
        found = own_subscriptions(api=api, topic_id=topic_id, ident=ident, by=by)
        if not found:
            raise NotFound
        return _answer(request, _document(api, found[0], topic))
    if request.method == "DELETE":
        unsubscribe(api=api, ident=ident, topic_id=topic_id, by=by, at=now())
        return HttpResponse(status=204)
    raise NotServed(method=str(request.method), resource="hub", allowed=("GET", "DELETE"))


def _who(request: HttpRequest) -> Actor:
    by: Actor = request.actor  # type: ignore[attr-defined]
    return by


def _topic(text: str) -> UUID | None:
    return record_key(text) if text else None


def _asked(request: HttpRequest) -> dict[str, str]:
    """Read the wish to subscribe. Raises ``UnfitBody`` and ``UnfitDocument``."""
    given: Any = body_of(request, JSON)
    if not isinstance(given, dict):
        raise UnfitDocument([{"path": "", "message": "an object is wanted"}])
    faults = [{"path": str(name)[:80], "message": "not an attribute of a subscription"} for name in sorted(set(given) - KNOWN)]
    for name, most in LENGTH_MAX.items():
        value = given.get(name)
        if value is not None and not isinstance(value, str):
            faults.append({"path": name, "message": "a text is wanted"})
        elif value is not None and len(value) > most:
            faults.append({"path": name, "message": f"at most {most} characters"})
    if not given.get("callback"):
        faults.append({"path": "callback", "message": "is missing"})
    faults += [{"path": name, "message": "is given by the server"} for name in ("id", "href") if name in given]
    if faults:
        raise UnfitDocument(faults)
    return {name: given.get(name) or "" for name in LENGTH_MAX}


def _document(api: Api, one: Subscribed, topic: str) -> dict[str, Any]:
    """Return the official document; the secret stands in it once, for him who brought none."""
    made: dict[str, Any] = {"id": str(one.id), "callback": one.callback, "query": one.query}
    if topic or api.version != "v4":
        path = f"topic/{topic}/hub" if topic else "hub"
        made |= {"href": f"/{api.root}/{path}/{one.id}", "@type": "Hub"}
    if one.secret:
        made["secret"] = one.secret
    return made


def _answer(request: HttpRequest, body: Any, *, status: int = 200) -> HttpResponse:
    del request
    answer = HttpResponse(orjson.dumps(body), status=status, content_type=CONTENT_TYPE)
    answer["Cache-Control"] = "no-store"
    return answer
