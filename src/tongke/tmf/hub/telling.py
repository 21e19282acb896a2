"""From a fact of the outbox to official events: of which resource, of which type, and how the event reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from tongke.tmf.kit.declared import Api, Resource, Told
from tongke.tmf.kit.mapping import api_root
from tongke.tmf.kit.registry import subscribed
from tongke.tmf.kit.shapes import instant_text


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of the outbox; ``place`` is its number in the hub's inbox."""

    place: int
    id: UUID
    occurred_at: datetime
    name: str
    org_id: int | None
    customer_id: UUID | None
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Telling:
    """A fact as one official event about one record."""

    fact: Fact
    api: Api
    resource: Resource
    told: Told
    record_id: UUID

    @property
    def api_key(self) -> str:
        """Number and version of the API, as subscriptions name it."""
        return api_key(self.api)

    @property
    def message_id(self) -> str:
        """The event's id: the same however often it is made or sent."""
        return f"{self.fact.id}.{self.told.type}"


def api_key(api: Api) -> str:
    """Return number and version of an API, e.g. ``629/v4``."""
    return f"{api.number}/{api.version}"


def topic_of(api: Api, resource: Resource) -> UUID:
    """Return the id of the topic of a resource's events (TMF688): the same on every installation."""
    return uuid5(NAMESPACE_URL, f"tongke:topic:{api_key(api)}/{resource.name}")


def concerns(telling: Telling, *, api: str, topic: UUID | None) -> bool:
    """Tell whether a subscription to ``api``, or to one topic, may be about this event; a kept event's topic stands in its document."""
    if topic is None:
        return telling.api_key == api
    return topic == topic_of(telling.api, telling.resource) or (telling.api_key == api and telling.resource.within != "")


def tellings_of(fact: Fact) -> Iterator[Telling]:
    """Give every official event as which the fact is told."""
    for api, resource, told in subscribed(fact.name):
        if told.when is not None and not told.when(fact.payload):
            continue
        record = told.record(fact.payload) if told.record else fact.payload.get(told.key)
        if record:
            yield Telling(fact, api, resource, told, UUID(str(record)))


def event_types(api: Api) -> frozenset[str]:
    """Return the official events that an API tells."""
    return frozenset(told.type for resource in api.resources for told in resource.told)


def what_remains(telling: Telling) -> dict[str, Any]:
    """Return what can be said of a record that is gone: its id and where it stood."""
    ident = str(telling.record_id)
    return {"id": ident, "href": f"{api_root()}/{telling.api.root}/{telling.resource.name}/{ident}"}


def envelope(telling: Telling, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the official event around a document."""
    fact, moment = telling.fact, instant_text(telling.fact.occurred_at)
    return {
        "eventId": telling.message_id, "eventTime": moment, "eventType": telling.told.type, "correlationId": str(fact.id),
        "domain": telling.api.title, "title": telling.told.type, "priority": "normal",
        # The fourth versions' files all leave out an r; what they say is sent.
        "timeOcurred" if telling.api.version == "v4" else "timeOccurred": moment,
        "event": {telling.resource.name: document},
        **({} if telling.api.version == "v4" else {"@type": telling.told.type}),
    }
