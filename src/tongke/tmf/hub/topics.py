"""Topics and their events (TMF688): the outbox as official events to be read, and topics that other systems keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound
from tongke.kernel.verb import verb
from tongke.tmf.hub.fan_out import envelopes
from tongke.tmf.hub.telling import Fact, Telling, api_key, tellings_of, topic_of
from tongke.tmf.kit.asking import Condition
from tongke.tmf.kit.declared import Api, Resource
from tongke.tmf.kit.errors import UnfitQuery, UnknownAttribute
from tongke.tmf.kit.kept import keep_document
from tongke.tmf.kit.registry import all_apis

KEPT_MAX = 1_000
COUNT_MAX = 10_000
KEPT = "SELECT id, content::text FROM tmf_document WHERE resource = 'topic' ORDER BY created_at, id LIMIT %s"
OWN_EVENTS = "FROM tmf_document WHERE resource = 'event' AND content ->> 'topicId' = %(topic)s"
FACTS = "FROM kernel_outbox WHERE name = ANY (%(names)s) AND occurred_at >= %(since)s AND occurred_at < %(until)s"
SIGNS = {"gt": ("since", 1), "gte": ("since", 0), "lt": ("until", 0), "lte": ("until", 1)}


@dataclass(frozen=True, slots=True)
class TopicOf:
    """The topic of a resource of ours."""

    id: UUID
    api: Api
    resource: Resource

    @property
    def document(self) -> dict[str, Any]:
        """The official document."""
        types = ",".join(sorted({told.type for told in self.resource.told}))
        return topic_document(self.id, {"name": f"TMF{api_key(self.api)} {self.resource.name}", "contentQuery": f"eventType={types}"})


def topic_document(ident: UUID, content: dict[str, Any]) -> dict[str, Any]:
    """Return a topic's document."""
    return {**content, "id": str(ident), "href": f"/tmf-api/event/v4/topic/{ident}"}


@cache
def own_topics() -> dict[UUID, TopicOf]:
    """Return the topics of our resources by id: the same on every installation."""
    found = {}
    for api in all_apis():
        for resource in api.resources:
            if resource.told and api.number != "688":
                ident = topic_of(api, resource)
                found[ident] = TopicOf(ident, api, resource)
    return found


def topics(*, by: Actor) -> list[dict[str, Any]]:
    """Return every topic that the actor may read. Needs ``integration.subscribe``."""
    by.require("integration.subscribe")
    with acting(by), connection.cursor() as cursor:
        cursor.execute(KEPT, [KEPT_MAX])
        kept = [topic_document(ident, orjson.loads(content)) for ident, content in cursor.fetchall()]
    return [topic.document for topic in own_topics().values() if by.may(topic.resource.view)] + kept


def topic_by_id(ident: UUID, *, by: Actor) -> dict[str, Any]:
    """Return one topic. Raises ``NotFound``."""
    found = next((document for document in topics(by=by) if document["id"] == str(ident)), None)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What of a topic's events is wanted."""

    since: datetime
    until: datetime
    types: frozenset[str] | None


def narrowed(conditions: Sequence[Condition]) -> Narrowed:
    """Read the conditions on events: by type, and by time. Raises ``UnknownAttribute`` and ``UnfitQuery`` for others."""
    bounds = {"since": datetime.fromisoformat("0001-01-02T00:00:00+00:00"), "until": datetime.fromisoformat("9999-01-01T00:00:00+00:00")}
    types: set[str] | None = None
    for one in conditions:
        name = ".".join(one.path)
        if name == "eventType" and one.operator == "eq":
            types = set(one.values) if types is None else types & set(one.values)
        elif name in {"eventTime", "timeOccurred"} and one.operator in SIGNS and len(one.values) == 1:
            bound, _later = SIGNS[one.operator]
            bounds[bound] = _instant(name, one.values[0])
        elif name in {"eventType", "eventTime", "timeOccurred"}:
            raise UnfitQuery(name=name, value=one.operator)
        else:
            raise UnknownAttribute(resource="event", name=name)
    return Narrowed(bounds["since"], bounds["until"], None if types is None else frozenset(types))


def _instant(name: str, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UnfitQuery(name=name, value=text[:60]) from None
    if found.tzinfo is None:
        raise UnfitQuery(name=name, value=text[:60])
    return found


def events_of(ident: UUID, wanted: Narrowed, *, offset: int, limit: int, by: Actor) -> tuple[list[dict[str, Any]], int]:
    """Return a page of a topic's events, the newest first, and how many facts there are. Raises ``NotFound``."""
    topic_by_id(ident, by=by)
    own = own_topics().get(ident)
    if own is None:
        return _kept_events(ident, wanted, offset=offset, limit=limit, by=by)
    names = sorted({told.event.wire for told in own.resource.told if wanted.types is None or told.type in wanted.types})
    values: dict[str, Any] = {"names": names, "since": wanted.since, "until": wanted.until, "limit": limit, "offset": offset, "most": COUNT_MAX}
    with acting(by), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM (SELECT 1 {FACTS} LIMIT %(most)s) counted", values)
        total = cursor.fetchone()[0]
        cursor.execute(
            f"SELECT id, occurred_at, name, org_id, customer_id, payload::text {FACTS} ORDER BY occurred_at DESC, id DESC LIMIT %(limit)s OFFSET %(offset)s",
            values)
        facts = [Fact(0, key, when, name, org, customer, orjson.loads(payload)) for key, when, name, org, customer, payload in cursor.fetchall()]
    tellings = [telling for fact in facts for telling in tellings_of(fact) if _is_of(telling, own) and (wanted.types is None or telling.told.type in wanted.types)]
    made = dict(envelopes(list(enumerate(tellings)), by))
    return [_event(ident, made[place]) for place in sorted(made)], total


def _is_of(telling: Telling, topic: TopicOf) -> bool:
    return telling.api_key == api_key(topic.api) and telling.resource.name == topic.resource.name


def _event(topic: UUID, made: dict[str, Any]) -> dict[str, Any]:
    document = {name: value for name, value in made.items() if name not in {"timeOcurred", "timeOccurred"}}
    ident = made["eventId"]
    return {"id": ident, "href": f"/tmf-api/event/v4/topic/{topic}/event/{ident}", **document, "timeOccurred": made["eventTime"], "@type": "Event"}


def _kept_events(ident: UUID, wanted: Narrowed, *, offset: int, limit: int, by: Actor) -> tuple[list[dict[str, Any]], int]:
    """Return the events that another system published to its topic."""
    values: dict[str, Any] = {
        "topic": str(ident), "limit": limit, "offset": offset, "types": None if wanted.types is None else sorted(wanted.types),
        "since": wanted.since, "until": wanted.until,
    }
    chosen = f"{OWN_EVENTS} AND (%(types)s::text[] IS NULL OR content ->> 'eventType' = ANY (%(types)s)) AND created_at >= %(since)s AND created_at < %(until)s"
    with acting(by), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {chosen}", values)
        total = cursor.fetchone()[0]
        cursor.execute(f"SELECT id, content::text {chosen} ORDER BY created_at DESC, id DESC LIMIT %(limit)s OFFSET %(offset)s", values)
        return [_kept_event(ident, key, orjson.loads(content)) for key, content in cursor.fetchall()], total


def _kept_event(topic: UUID, ident: UUID, content: dict[str, Any]) -> dict[str, Any]:
    shown = {name: value for name, value in content.items() if name != "topicId"}
    return {**shown, "id": str(ident), "href": f"/tmf-api/event/v4/topic/{topic}/event/{ident}"}


def event_by_id(ident: UUID, key: str, *, by: Actor) -> dict[str, Any]:
    """Return one event of a topic. Raises ``NotFound``."""
    topic_by_id(ident, by=by)
    own = own_topics().get(ident)
    fact, _dot, kind = key.partition(".")
    try:
        record = UUID(fact)
    except ValueError:
        raise NotFound from None
    with acting(by), connection.cursor() as cursor:
        if own is None:
            cursor.execute(f"SELECT id, content::text {OWN_EVENTS} AND id = %(id)s", {"topic": str(ident), "id": record})
            row = cursor.fetchone()
            if row is None:
                raise NotFound
            return _kept_event(ident, row[0], orjson.loads(row[1]))
        cursor.execute("SELECT id, occurred_at, name, org_id, customer_id, payload::text FROM kernel_outbox WHERE name = ANY (%s) AND id = %s",
                       [sorted({told.event.wire for told in own.resource.told}), record])
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    found = Fact(0, row[0], row[1], row[2], row[3], row[4], orjson.loads(row[5]))
    tellings = [(0, telling) for telling in tellings_of(found) if _is_of(telling, own) and telling.told.type == kind]
    made = dict(envelopes(tellings, by))
    if not made:
        raise NotFound
    return _event(ident, made[0])


@verb("integration.documents")
def publish_event(resource: Resource, ident: UUID, content: dict[str, Any], *, by: Actor, at: datetime) -> dict[str, Any]:
    """Keep an event that another system publishes to a topic of its own. Raises ``NotFound`` for one of ours."""
    topic_by_id(ident, by=by)
    if ident in own_topics():
        raise NotFound
    kept = {**content, "topicId": str(ident)}
    return _kept_event(ident, keep_document(resource, kept, by=by, at=at), kept)
