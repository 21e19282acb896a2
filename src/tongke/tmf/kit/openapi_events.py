"""The events of an API in its OpenAPI document: what a subscriber's address is called with."""

from __future__ import annotations

from typing import Any

from tongke.tmf.kit.declared import Api, Told
from tongke.tmf.kit.openapi_schemas import reference

TEXT = {"type": "string"}
INSTANT = {"type": "string", "format": "date-time"}


def listener_name(told: Told) -> str:
    """Return the official name of the listener's operation: the event's type with a small first letter."""
    return told.type[0].lower() + told.type[1:]


def _told(api: Api) -> dict[str, str]:
    """Return every official event of the API with the name of the resource that it carries."""
    return {told.type: resource.name for resource in api.resources for told in resource.told}


def webhooks(api: Api) -> dict[str, Any]:
    """Return what the server sends to subscribers, one entry for each official event."""
    made: dict[str, Any] = {}
    for resource in api.resources:
        for told in resource.told:
            made[listener_name(told)] = {"post": {
                "operationId": f"listenTo{told.type}", "summary": f"{told.type} to a subscriber's address", "tags": ["events subscription"],
                "requestBody": {"required": True, "content": {"application/json": {"schema": reference(told.type)}}},
                "responses": {"201": {"description": "Taken"}, "204": {"description": "Taken"},
                              "default": {"description": "Not taken: the delivery is repeated later"}},
            }}
    return made


def event_schemas(api: Api) -> dict[str, Any]:
    """Return the schemas of events and of what they carry."""
    occurred = "timeOcurred" if api.version == "v4" else "timeOccurred"
    out: dict[str, Any] = {}
    types = {resource.name: resource.type for resource in api.resources}
    for type_, name in _told(api).items():
        out[f"{type_}Payload"] = {"type": "object", "description": "What the event is about", "properties": {name: reference(types[name])}}
        out[type_] = {
            "type": "object", "description": "A notification", "required": ["eventId", "eventTime", "eventType", "event"],
            "properties": {
                "id": TEXT | {"description": "Identifier of the resource, where it is told beside the event"}, "href": TEXT,
                "eventId": TEXT | {"description": "The same however often the event is sent"}, "eventTime": INSTANT, "eventType": TEXT | {"const": type_},
                "correlationId": TEXT, "domain": TEXT, "title": TEXT, "description": TEXT, "priority": TEXT, occurred: INSTANT,
                "event": reference(f"{type_}Payload"), "@type": TEXT,
            },
        }
    return out
