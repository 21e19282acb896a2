"""Topics, their events and their hubs over HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern

from tongke.kernel.actor import Actor
from tongke.kernel.clock import now
from tongke.tmf.hub import topics, views
from tongke.tmf.hub.conditions import meets
from tongke.tmf.kit import views as kit
from tongke.tmf.kit.asking import Asked, asked
from tongke.tmf.kit.bodies import JSON, body_of
from tongke.tmf.kit.checking import chosen, taken
from tongke.tmf.kit.declared import Api
from tongke.tmf.kit.errors import NotServed, UnfitQuery, UnknownAttribute
from tongke.tmf.kit.reading import record_key
from tongke.tmf.kit.schema import kind_of
from tongke.tmf.kit.writing import matches

KEY = r"(?P<record>[^/]{1,200})"
TOPIC = r"(?P<topic>[^/]{1,200})"


def topic_list(request: HttpRequest, *, api: Api) -> HttpResponseBase:
    """GET lists the topics that the caller may read; POST keeps one of his own."""
    resource = api.resource("topic")
    if request.method not in {"GET", "HEAD"}:
        return kit.collection(request, api=api, resource=resource)
    query = asked(request.META.get("QUERY_STRING", ""))
    for path in (*(condition.path for condition in query.conditions), *(path for path, _falling in query.sort)):
        if kind_of(resource.document, path) is None:
            raise UnknownAttribute(resource="topic", name=".".join(path))
    found = [one for one in topics.topics(by=_by(request)) if all(meets(condition, one) for condition in query.conditions)]
    for path, falling in reversed(query.sort):
        found.sort(key=lambda one, path=path: str(one.get(path[0], "")), reverse=falling)  # type: ignore[misc]  # mypy cannot type a default
    return _page(request, query, found[query.offset:query.offset + query.limit], len(found))


def topic_entry(request: HttpRequest, *, api: Api, record: str) -> HttpResponseBase:
    """GET shows a topic; DELETE removes one that another system keeps."""
    if request.method not in {"GET", "HEAD"}:
        return kit.entry(request, api=api, resource=api.resource("topic"), record=record)
    return _one(request, topics.topic_by_id(record_key(record), by=_by(request)))


def event_list(request: HttpRequest, *, api: Api, topic: str) -> HttpResponseBase:
    """GET lists a topic's events, the newest first; POST publishes one to a topic of another system."""
    if request.method == "POST":
        shape = taken(api.resource("event"), body_of(request, JSON), creating=True)
        made = topics.publish_event(api.resource("event"), record_key(topic), shape.document(), by=_by(request), at=now())
        answer = _answer(made, status=201)
        answer["Location"] = f"{request.path.rstrip('/')}/{made['id']}"
        return answer
    if request.method not in {"GET", "HEAD"}:
        raise NotServed(method=str(request.method), resource="event", allowed=("GET", "POST"))
    query = asked(request.META.get("QUERY_STRING", ""))
    if query.sort:
        # The order in which things happened is the only one.
        raise UnfitQuery(name="sort", value=".".join(query.sort[0][0]))
    found, total = topics.events_of(record_key(topic), topics.narrowed(query.conditions), offset=query.offset, limit=query.limit, by=_by(request))
    return _page(request, query, found, total)


def event_entry(request: HttpRequest, *, api: Api, topic: str, record: str) -> HttpResponseBase:
    """GET shows one event of a topic."""
    del api
    if request.method not in {"GET", "HEAD"}:
        raise NotServed(method=str(request.method), resource="event", allowed=("GET",))
    return _one(request, topics.event_by_id(record_key(topic), record, by=_by(request)))


def topic_hub(request: HttpRequest, *, api: Api, topic: str) -> HttpResponseBase:
    """Subscribe to one topic, or list the caller's own subscriptions to it."""
    topics.topic_by_id(record_key(topic), by=_by(request))
    return views.hub(request, api=api, topic=topic)


def topic_hub_entry(request: HttpRequest, *, api: Api, topic: str, key: str) -> HttpResponseBase:
    """Show or end one's own subscription to a topic."""
    return views.hub_entry(request, api=api, key=key, topic=topic)


def _by(request: HttpRequest) -> Actor:
    by: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    return by


def _answer(body: Any, *, status: int = 200) -> HttpResponse:
    return kit.json_answer(orjson.dumps(body), status=status)


def _one(request: HttpRequest, document: dict[str, Any]) -> HttpResponse:
    query = kit.only_fields(request)
    etag = hashlib.md5(orjson.dumps(document, option=orjson.OPT_SORT_KEYS), usedforsecurity=False).hexdigest()
    known = request.headers.get("If-None-Match", "")
    if known and matches(known, etag):
        answer = HttpResponse(status=304)
    else:
        answer = _answer(document if query.fields is None else chosen(document, query.fields))
    answer["ETag"] = f'"{etag}"'
    return answer


def _page(request: HttpRequest, query: Asked, found: list[dict[str, Any]], total: int) -> HttpResponse:
    shown = found if query.fields is None else [chosen(document, query.fields) for document in found]
    answer = _answer(shown, status=206 if len(found) < total else 200)
    answer["X-Total-Count"], answer["X-Result-Count"] = str(total), str(len(found))
    answer["Link"] = ", ".join(f'<{address}>; rel="{word}"' for word, address in kit.links(request, query, len(found), total))
    return answer


def patterns(api: Api, root: str, path: Callable[..., URLPattern]) -> list[URLPattern]:
    """Return the addresses below ``root`` of an API whose events lie within topics."""
    return [
        path(f"{root}/topic", topic_list, "tmf-688-v4-topic", api=api), path(f"{root}/topic/{KEY}", topic_entry, "tmf-688-v4-topic-entry", api=api),
        path(f"{root}/topic/{TOPIC}/event", event_list, "tmf-688-v4-event", api=api),
        path(f"{root}/topic/{TOPIC}/event/{KEY}", event_entry, "tmf-688-v4-event-entry", api=api),
        path(f"{root}/topic/{TOPIC}/hub", topic_hub, "tmf-688-v4-topic-hub", api=api),
        path(rf"{root}/topic/{TOPIC}/hub/(?P<key>[^/]{{1,200}})", topic_hub_entry, "tmf-688-v4-topic-hub-entry", api=api),
    ]
