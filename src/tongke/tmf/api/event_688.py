"""TMF688 Event Management, v4: what happened, to be read instead of being told.

Every resource that tells events has a topic of its own, whose events come from the outbox as the reader may see them; other
systems may keep topics and events of their own. A hub within a topic is a subscription to that topic alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import Field

from tongke.tmf.kit.declared import Api, Told
from tongke.tmf.kit.kept import KeptDocumentCreated, KeptDocumentRemoved, kept_resource
from tongke.tmf.kit.shapes import Characteristic, Entity, Instant, Ref, RelatedParty, Text


class Topic(Entity):
    """A named stream of events."""

    name: Text | None = None
    content_query: Text | None = Field(None, description="Which events belong to it, in the words of a subscription's query")
    header_query: Text | None = None


class Event(Entity):
    """One event of a topic."""

    correlation_id: Text | None = None
    description: Text | None = None
    domain: Text | None = None
    event_id: Text | None = None
    event_time: Instant | None = None
    event_type: Text | None = None
    priority: Text | None = None
    time_occurred: Instant | None = None
    title: Text | None = None
    analytic_characteristic: list[Characteristic] | None = None
    event: Any = None
    related_party: list[RelatedParty] | None = None
    reporting_system: Ref | None = None
    source: Ref | None = None


TOPIC = replace(
    kept_resource("topic", Topic, about="Topics: one for each resource that tells events, and those of other systems", methods=("GET", "POST", "DELETE"),
                  view="integration.subscribe"),
    told=(
        Told(event=KeptDocumentCreated, type="TopicCreateEvent", when=lambda payload: payload["resource"] == "topic"),
        Told(event=KeptDocumentRemoved, type="TopicDeleteEvent", when=lambda payload: payload["resource"] == "topic", removes=True),
    ),
)
EVENT = replace(
    kept_resource("event", Event, about="The events of a topic, as the reader may see them", methods=("GET", "POST"), view="integration.subscribe"),
    within="topic/(?P<topicId>[^/]{1,200})/",
    told=(Told(event=KeptDocumentCreated, type="EventCreateEvent", when=lambda payload: payload["resource"] == "event"),),
)

APIS = [
    Api(number="688", version="v4", base="event", title="Event Management", resources=(TOPIC, EVENT),
        about="What happened: topics, their events, and subscriptions to them"),
]
