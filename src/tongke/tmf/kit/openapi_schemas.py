"""The schemas of an OpenAPI document: from the shapes that check what comes in and what goes out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from tongke.tmf.kit.declared import Resource
from tongke.tmf.kit.patching import OPERATIONS, OPERATIONS_MAX
from tongke.tmf.kit.shapes import Shape

TEMPLATE = "#/components/schemas/{model}"
NOISE = ("title", "default")
EXAMPLE_ATTRIBUTES_MAX = 8
SAMPLES: Mapping[str, Any] = {
    "date-time": "2026-03-02T04:00:00.000Z", "uri": "https://example.com/more", "string": "text", "number": 1.5, "integer": 1, "boolean": True,
}

TYPED: dict[str, Any] = {"@type": {"type": "string"}, "@baseType": {"type": "string"}, "@schemaLocation": {"type": "string"}}
COMMON: dict[str, Any] = {
    "Error": {
        "type": "object", "description": "Why a request was refused, and what mends it", "required": ["code", "reason"],
        "properties": {
            "code": {"type": "string", "description": "The refusal's code; the same on pages, in files of rejects and here"},
            "reason": {"type": "string", "description": "The kind of refusal in words"},
            "message": {"type": "string", "description": "What was wrong and what mends it, in the language asked for"},
            "status": {"type": "string", "description": "The HTTP status"},
            "referenceError": {"type": "string", "format": "uri-reference", "description": "Where the code is explained"},
            "@type": {"type": "string"}, "@baseType": {"type": "string"}, "@schemaLocation": {"type": "string", "format": "uri"},
            "details": {"type": "array", "description": "Every single fault, where there are several", "items": {
                "type": "object", "properties": {name: {"type": "string"} for name in ("code", "path", "message", "mend")}}},
        },
    },
    "JsonPatch": {
        "type": "array", "maxItems": OPERATIONS_MAX, "description": "A JSON Patch (RFC 6902)",
        "items": {"type": "object", "required": ["op", "path"], "properties": {
            "op": {"type": "string", "enum": sorted(OPERATIONS)}, "path": {"type": "string", "format": "json-pointer"},
            "from": {"type": "string", "format": "json-pointer"}, "value": {}}},
    },
    "EventSubscriptionInput": {
        "type": "object", "description": "The wish to be told of events", "required": ["callback"],
        "properties": {
            "callback": {"type": "string", "format": "uri", "maxLength": 2000, "description": "Where events are sent by POST; its host must be allowed"},
            "query": {"type": "string", "maxLength": 8000, "description": "Which events are wanted, written as a list's filter"},
            "secret": {"type": "string", "maxLength": 200, "description": "What the signature of each delivery is made with; made by the server if absent"},
            **TYPED,
        },
    },
    "EventSubscription": {
        "type": "object", "description": "A subscription", "required": ["id", "callback"],
        "properties": {
            "id": {"type": "string"}, "href": {"type": "string"}, "callback": {"type": "string"}, "query": {"type": "string"},
            "secret": {"type": "string", "description": "Given once, when the server has made it"}, **TYPED,
        },
    },
}


def reference(name: str) -> dict[str, str]:
    """Return a reference to a schema of the document."""
    return {"$ref": TEMPLATE.format(model=name)}


@cache
def shape_schemas(shapes: tuple[type[Shape], ...]) -> dict[str, Any]:
    """Return the schemas of shapes and of all that they hold, by name."""
    names, definitions = models_json_schema([(shape, "validation") for shape in dict.fromkeys(shapes)], by_alias=True, ref_template=TEMPLATE)
    del names
    return {name: tidy(schema) for name, schema in definitions.get("$defs", {}).items()}


def tidy(schema: Any) -> Any:
    """Return a schema without titles, defaults of nothing and alternatives of null: what is absent is left out, not null."""
    if isinstance(schema, list):
        return [tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            made[key] = {name: tidy(inner) for name, inner in value.items()}
        elif not (key in NOISE and (key == "title" or value is None)):
            made[key] = tidy(value)
    choices = made.get("anyOf")
    if isinstance(choices, list):
        kept = [choice for n, choice in enumerate(choices) if choice != {"type": "null"} and choice not in choices[:n]]
        del made["anyOf"]
        made = (kept[0] | made) if len(kept) == 1 else {"anyOf": kept, **made}
    return made


def resource_schemas(resource: Resource, schemas: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schemas of a resource as it is read, created and patched."""
    whole = schemas[resource.document.__name__]
    out = {resource.type: whole}
    if resource.create is not None:
        needed = sorted({*resource.required, *whole.get("required", ())} - resource.server_set)
        out[f"{resource.type}_Create"] = _without(whole, resource.server_set) | ({"required": needed} if needed else {})
    if resource.change is not None:
        open_ = _without(whole, resource.server_set | resource.fixed)
        open_.pop("required", None)
        open_["properties"] = {name: {"anyOf": [schema, {"type": "null"}]} for name, schema in open_["properties"].items()}
        out[f"{resource.type}_Update"] = open_ | {"description": f"{whole.get('description', '')} Null removes an attribute.".strip()}
    return out


def _without(whole: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    """Return a schema that refuses some attributes by name."""
    made = dict(whole)
    made["properties"] = {name: schema for name, schema in whole.get("properties", {}).items() if name not in names}
    made["propertyNames"] = {"not": {"enum": sorted(names)}}
    return made


def example_of(resource: Resource) -> dict[str, Any]:
    """Return a document that could be sent: the declaration's own example, else one made from the schema."""
    if resource.example:
        return dict(resource.example)
    schemas = shape_schemas((resource.document,))
    whole = schemas[resource.document.__name__]
    wanted = [name for name in whole["properties"] if name not in resource.server_set and not name.startswith("@")]
    first = sorted(wanted, key=lambda name: name not in resource.required)[: max(EXAMPLE_ATTRIBUTES_MAX, len(resource.required))]
    return {name: _sample(whole["properties"][name], schemas, depth=0) for name in first}


def _sample(schema: Mapping[str, Any], schemas: Mapping[str, Any], *, depth: int) -> Any:
    if "$ref" in schema:
        inner = schemas[schema["$ref"].rsplit("/", 1)[1]]
        if "enum" in inner:
            return inner["enum"][0]
        names = [name for name in inner.get("properties", {}) if not name.startswith("@")] if depth < 2 else list(inner.get("required", ()))
        return {name: _sample(inner["properties"][name], schemas, depth=depth + 1) for name in names}
    if "anyOf" in schema:
        return _sample(schema["anyOf"][0], schemas, depth=depth)
    if "enum" in schema or "const" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    if schema.get("type") in {"array", "object"}:
        return [_sample(schema.get("items", {}), schemas, depth=depth + 1)] if schema["type"] == "array" else {}
    return SAMPLES.get(schema.get("format", ""), SAMPLES.get(schema.get("type", ""), "text"))
