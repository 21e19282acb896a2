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
from tongke.tmf.hub.conditions import meets
from tongke.tmf.hub.subscriptions import Subscribed, own_subscriptions, subscribe, unsubscribe
from tongke.tmf.kit.asking import asked
from tongke.tmf.kit.bodies import JSON, body_of
from tongke.tmf.kit.checking import chosen
from tongke.tmf.kit.declared import Api
from tongke.tmf.kit.errors import NotServed, UnfitDocument, UnknownAttribute
from tongke.tmf.kit.reading import record_key
from tongke.tmf.kit.views import json_answer, links, only_fields

KNOWN = frozenset({"callback", "query", "secret", "id", "href", "@type", "@baseType", "@schemaLocation"})
LENGTH_MAX = {"callback": 2_000, "query": 8_000, "secret": 200}


def hub(request: HttpRequest, *, api: Api, topic: str = "") -> HttpResponseBase:
    """POST subscribes; GET lists the caller's own subscriptions to this API."""
    by, topic_id = _who(request), _topic(topic)
    if request.method in {"GET", "HEAD"}:
        return _listed(request, [_document(api, one, topic) for one in own_subscriptions(api=api, topic_id=topic_id, by=by)])
    if request.method == "POST":
        wish = _asked(request)
        made = subscribe(
            api=api, callback=wish["callback"], query=wish["query"], secret=wish["secret"], topic_id=topic_id, by=by, at=now(),
        )
        answer = json_answer(orjson.dumps(_document(api, made, topic)), status=201)
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
        return json_answer(orjson.dumps(chosen(_document(api, found[0], topic), only_fields(request).fields)))
    if request.method == "DELETE":
        unsubscribe(api=api, ident=ident, topic_id=topic_id, by=by, at=now())
        return HttpResponse(status=204)
    raise NotServed(method=str(request.method), resource="hub", allowed=("GET", "DELETE"))


def _who(request: HttpRequest) -> Actor:
    by: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
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


def _listed(request: HttpRequest, documents: list[dict[str, Any]]) -> HttpResponse:
    """Answer the part of the list that is asked for, with its counts."""
    query = asked(request.META.get("QUERY_STRING", ""))
    for condition in query.conditions:
        if condition.path[0] not in KNOWN:
            raise UnknownAttribute(resource="hub", name=".".join(condition.path))
    found = [one for one in documents if all(meets(condition, one) for condition in query.conditions)]
    shown = found[query.offset:query.offset + query.limit]
    answer = json_answer(orjson.dumps([chosen(one, query.fields) for one in shown]), status=206 if len(shown) < len(found) else 200)
    answer["X-Total-Count"], answer["X-Result-Count"] = str(len(found)), str(len(shown))
    answer["Link"] = ", ".join(f'<{address}>; rel="{word}"' for word, address in links(request, query, len(shown), len(found)))
    return answer
