"""The OpenAPI 3.1 document of an Open API, made from its declarations, so that it cannot say otherwise than the server does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from tongke.tmf.kit.declared import Api, Resource
from tongke.tmf.kit.openapi_events import event_schemas, webhooks
from tongke.tmf.kit.openapi_parts import (
    PARAMETERS,
    RESPONSE_HEADERS,
    answers,
    error_answers,
    filter_parameters,
    named_header,
    named_parameter,
)
from tongke.tmf.kit.openapi_schemas import COMMON, example_of, reference, resource_schemas, shape_schemas
from tongke.tmf.kit.registry import all_apis

CONTENT_TYPE = "application/json;charset=utf-8"
FILE = "openapi.json"
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"
INTRODUCTION = (
    "{about}\n\n"
    "Lists take `offset`, `limit` (200 at most), `sort` and `fields`; answers tell `X-Total-Count`, `X-Result-Count` and `Link`, and are 206 while"
    " there is more. Every attribute filters, nested ones with dots: `a.b=1`, `a=1,2` (either), `a.gt=1` or `a>1`; operators are eq, ne, gt, gte,"
    " lt, lte and regex.\n\n"
    "Attributes that the schema does not name are kept and given back. `If-Match` guards a change, `Idempotency-Key` makes a creation"
    " repeatable. Errors carry a code that [is explained](/developers/errors)."
)
PLACE = re.compile(r"\(\?P<(\w+)>[^)]*\)")


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


def collection_path(resource: Resource) -> str:
    """Return the path of a resource's list below its API's root, with the places of ids in braces."""
    return "/" + PLACE.sub(r"{\1}", resource.within) + resource.name


def security(*scopes: str) -> list[dict[str, list[str]]]:
    """Return who may call: a client whose token carries the scopes, or a bearer of any other kind."""
    return [{"oauth2": [scope for scope in scopes if scope]}, {"bearer": []}]


def _places(path: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1, "maxLength": 200},
             "description": "Identifier of what the path goes through"} for name in re.findall(r"\{(\w+)\}", path)]


def _body(content: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {"required": True, "content": dict(content)}


def _listing(api: Api, resource: Resource) -> dict[str, Any]:
    headers = {name: named_header(name) for name in ("X-Total-Count", "X-Result-Count", "X-Total-Count-Relation", "Link")}
    content = {JSON: {"schema": {"type": "array", "items": reference(resource.type)}}}
    return {
        "operationId": f"list{_capital(resource.name)}", "summary": f"List or find {resource.type} objects", "tags": [resource.name],
        "description": resource.about, "security": security(resource.view),
        "parameters": [
            *(named_parameter(name) for name in ("fields", "offset", "limit", "sort", "Prefer", "X-Purpose")), *filter_parameters(resource),
        ],
        "responses": answers(
            {"200": {"description": "Everything that matches", "headers": headers, "content": content},
             "206": {"description": "A part of what matches", "headers": headers, "content": content}}, "400", "401", "403", "404", "405", "429"),
        "x-api": f"TMF{api.number}",
    }


def _creation(resource: Resource) -> dict[str, Any]:
    made = {"headers": {name: named_header(name) for name in ("Location", "ETag")}, "content": {JSON: {"schema": reference(resource.type)}}}
    at_once = {"200": {"description": f"The outcome, where {resource.at_once} is true", **made}} if resource.at_once else {}
    return {
        "operationId": f"create{_capital(resource.name)}", "summary": f"Create a {resource.type}", "tags": [resource.name],
        "security": security(resource.may_create, resource.view),
        "parameters": [named_parameter("fields"), named_parameter("Idempotency-Key")],
        "requestBody": _body({JSON: {"schema": reference(f"{resource.type}_Create"), "example": example_of(resource)}}),
        "responses": answers(
            {"201": {"description": "Created", **made}} | at_once,
            "400", "401", "403", "404", "405", "409", "413", "415", "422", "429"),
    }


def _retrieval(resource: Resource) -> dict[str, Any]:
    return {
        "operationId": f"retrieve{_capital(resource.name)}", "summary": f"Read one {resource.type}", "tags": [resource.name],
        "security": security(resource.view),
        "parameters": [named_parameter(name) for name in ("fields", "If-None-Match", "X-Purpose")],
        "responses": answers(
            {"200": {"description": "The document", "headers": {"ETag": named_header("ETag")}, "content": {JSON: {"schema": reference(resource.type)}}},
             "304": {"description": "The client has this version already", "headers": {"ETag": named_header("ETag")}}},
            "400", "401", "403", "404", "405", "429"),
    }


def _alteration(resource: Resource) -> dict[str, Any]:
    merge = {"schema": reference(f"{resource.type}_Update")}
    return {
        "operationId": f"patch{_capital(resource.name)}", "summary": f"Change a {resource.type}", "tags": [resource.name],
        "description": "A merge patch (RFC 7386: null removes, lists are replaced) or a JSON Patch (RFC 6902), told apart by the media type.",
        "security": security(resource.may_change, resource.view),
        "parameters": [named_parameter("fields"), named_parameter("If-Match")],
        "requestBody": _body({MERGE_PATCH: merge, JSON: merge, JSON_PATCH: {"schema": reference("JsonPatch")}}),
        "responses": answers(
            {"200": {"description": "The document as it stands now", "headers": {"ETag": named_header("ETag")},
                     "content": {JSON: {"schema": reference(resource.type)}}}},
            "400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "429"),
    }


def _removal(resource: Resource) -> dict[str, Any]:
    return {
        "operationId": f"delete{_capital(resource.name)}", "summary": f"End or delete a {resource.type}", "tags": [resource.name],
        "security": security(resource.may_remove, resource.view), "parameters": [named_parameter("If-Match")],
        "responses": answers({"204": {"description": "Done"}}, "400", "401", "403", "404", "405", "409", "412", "422", "429"),
    }


def _paths_of(api: Api, resource: Resource) -> dict[str, Any]:
    base = collection_path(resource)
    listing: dict[str, Any] = {"get": _listing(api, resource)}
    entry: dict[str, Any] = {"get": _retrieval(resource)}
    if "POST" in resource.methods and resource.create is not None:
        listing["post"] = _creation(resource)
    if "PATCH" in resource.methods and resource.change is not None:
        entry["patch"] = _alteration(resource)
    if "DELETE" in resource.methods and resource.remove is not None:
        entry["delete"] = _removal(resource)
    around = _places(base)
    if around:
        listing["parameters"] = around
    return {base: listing, f"{base}/{{id}}": {"parameters": [*around, named_parameter("id")], **entry}}


def _hub_paths(prefix: str, told: str) -> dict[str, Any]:
    """Return the operations on subscriptions; ``prefix`` is the path before ``/hub``."""
    tags, around = ["events subscription"], _places(prefix)
    one = {JSON: {"schema": reference("EventSubscription")}}
    many = {JSON: {"schema": {"type": "array", "items": reference("EventSubscription")}}}
    guard = security("integration.subscribe")
    return {
        f"{prefix}/hub": {
            **({"parameters": around} if around else {}),
            "get": {"operationId": f"list{told}Listener", "summary": "List one's own subscriptions", "tags": tags, "security": guard,
                    "parameters": [named_parameter(name) for name in ("fields", "offset", "limit")],
                    "responses": answers({"200": {"description": "The caller's subscriptions", "content": many}}, "400", "401", "403", "404", "405", "429")},
            "post": {"operationId": f"register{told}Listener", "summary": "Subscribe to events", "tags": tags, "security": guard,
                     "requestBody": _body({JSON: {"schema": reference("EventSubscriptionInput"),
                                                  "example": {"callback": "https://shop.example.com/events", "query": "eventType=CustomerCreateEvent"}}}),
                     "responses": answers({"201": {"description": "Subscribed", "headers": {"Location": named_header("Location")}, "content": one}},
                                          "400", "401", "403", "404", "405", "409", "413", "415", "422", "429")},
        },
        f"{prefix}/hub/{{id}}": {
            "parameters": [*around, named_parameter("id")],
            "get": {"operationId": f"retrieve{told}Listener", "summary": "Read a subscription of one's own", "tags": tags, "security": guard,
                    "parameters": [named_parameter("fields")],
                    "responses": answers({"200": {"description": "The subscription", "content": one}}, "400", "401", "403", "404", "405", "429")},
            "delete": {"operationId": f"unregister{told}Listener", "summary": "End a subscription", "tags": tags, "security": guard,
                       "responses": answers({"204": {"description": "Ended"}}, "400", "401", "403", "404", "405", "409", "429")},
        },
    }


def _schemes(api: Api) -> dict[str, Any]:
    codes = {code for one in api.resources for code in (one.view, one.may_create, one.may_change, one.may_remove) if code}
    return {
        "oauth2": {"type": "oauth2", "description": "Client credentials; a scope is a permission's code",
                   "flows": {"clientCredentials": {"tokenUrl": "/oauth2/token", "scopes": {code: code for code in sorted(codes | {"integration.subscribe"})}}}},
        "bearer": {"type": "http", "scheme": "bearer", "description": "A token got before"},
    }


@cache
def openapi(api: Api) -> dict[str, Any]:
    """Return the OpenAPI document of one API."""
    paths: dict[str, Any] = {}
    for resource in api.resources:
        paths |= _paths_of(api, resource)
    paths |= _hub_paths("", "")
    for prefix in sorted({PLACE.sub(r"{\1}", resource.within).strip("/") for resource in api.resources if resource.within and not resource.narrowed}):
        paths |= _hub_paths(f"/{prefix}", _capital(prefix.split("/")[0]))
    schemas = dict(COMMON) | shape_schemas(tuple(resource.document for resource in api.resources))
    for resource in api.resources:
        schemas |= resource_schemas(resource, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{api.title} (TMF{api.number})", "version": api.version, "description": INTRODUCTION.format(about=api.about or api.title),
                 "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "servers": [{"url": f"/{root}"} for root in api.roots],
        "tags": [*({"name": one.name, "description": one.about} for one in api.resources),
                 {"name": "events subscription", "description": "Being told of changes by a call to one's own address"}],
        "paths": paths, "webhooks": webhooks(api),
        "components": {
            "schemas": dict(sorted((schemas | event_schemas(api)).items())), "parameters": PARAMETERS, "headers": RESPONSE_HEADERS,
            "responses": error_answers(), "securitySchemes": _schemes(api),
        },
    }


@cache
def openapi_text(api: Api) -> bytes:
    """Return the document as JSON text."""
    return orjson.dumps(openapi(api))


def openapi_file(request: HttpRequest, *, api: Api) -> HttpResponseBase:
    """Answer with the OpenAPI document; it tells of the interface, not of anybody's data, so anybody may read it."""
    answer = HttpResponse(b"" if request.method == "HEAD" else openapi_text(api), content_type=CONTENT_TYPE)
    answer["Cache-Control"] = "no-cache"
    return answer


openapi_file.public = True  # type: ignore[attr-defined]  # read by the middleware that asks for a sign-in


def described() -> list[dict[str, Any]]:
    """Return every API in a few words, with the address of its document."""
    return [
        {"number": api.number, "version": api.version, "title": api.title, "about": api.about, "root": f"/{api.root}",
         "openapi": f"/{api.root}/{FILE}", "resources": [
             {"name": one.name, "type": one.type, "about": one.about, "path": collection_path(one),
              "operations": sorted(method for path, item in openapi(api)["paths"].items() if path.split("/{id}")[0] == collection_path(one)
                                   for method in item if method != "parameters"),
              "events": sorted({told.type for told in one.told})}
             for one in api.resources]}
        for api in all_apis()
    ]


def listed_apis(request: HttpRequest) -> HttpResponseBase:
    """Answer with the list of every API; anybody may read it."""
    answer = HttpResponse(b"" if request.method == "HEAD" else orjson.dumps(described()), content_type=CONTENT_TYPE)
    answer["Cache-Control"] = "no-cache"
    return answer


listed_apis.public = True  # type: ignore[attr-defined]  # read by the middleware that asks for a sign-in
