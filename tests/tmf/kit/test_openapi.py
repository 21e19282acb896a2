"""The OpenAPI documents: valid, complete, and true to what the server does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from openapi_spec_validator import OpenAPIV31SpecValidator

from tongke.tmf.kit.declared import Api, Resource
from tongke.tmf.kit.openapi import collection_path, described, openapi, openapi_text
from tongke.tmf.kit.openapi_events import listener_name
from tongke.tmf.kit.openapi_schemas import example_of, tidy
from tongke.tmf.kit.registry import all_apis, all_resources


def of_api(api: Api) -> str:
    """Name an API in a test's id."""
    return f"{api.number}{api.version}"


def of_resource(found: tuple[Api, Resource]) -> str:
    """Name a resource in a test's id."""
    return f"{found[0].number}{found[0].version}-{found[1].name}"


every_api = pytest.mark.parametrize("api", all_apis(), ids=of_api)
every_resource = pytest.mark.parametrize("found", all_resources(), ids=of_resource)


def references(part: Any) -> set[str]:
    """Return every reference that stands in a part of a document."""
    if isinstance(part, dict):
        here = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return here.union(*map(references, part.values()))
    return set().union(*map(references, part)) if isinstance(part, list) else set()


@every_api
def test_the_document_is_valid_openapi(api: Api) -> None:
    assert list(OpenAPIV31SpecValidator(json.loads(openapi_text(api))).iter_errors()) == []


@every_api
def test_every_reference_leads_somewhere(api: Api) -> None:
    document = json.loads(openapi_text(api))
    for reference in references(document):
        at: Any = document
        for step in reference.removeprefix("#/").split("/"):
            at = at[step]


@every_api
def test_operation_ids_are_told_once(api: Api) -> None:
    found = [operation["operationId"] for item in openapi(api)["paths"].values() for name, operation in item.items() if name != "parameters"]
    assert len(found) == len(set(found))


@every_resource
def test_the_methods_told_are_those_that_are_served(found: tuple[Api, Resource]) -> None:
    api, resource = found
    paths = openapi(api)["paths"]
    base = collection_path(resource)
    told = {method.upper() for path in (base, f"{base}/{{id}}") for method in paths[path] if method != "parameters"}
    served = {"GET"} | {method for method, hook in (("POST", resource.create), ("PATCH", resource.change), ("DELETE", resource.remove))
                        if hook is not None and method in resource.methods}
    assert told == served
    assert "id" not in openapi(api)["components"]["schemas"].get(f"{resource.type}_Create", {"properties": {}})["properties"]


@every_resource
def test_every_event_is_a_webhook_with_its_document(found: tuple[Api, Resource]) -> None:
    api, resource = found
    document = openapi(api)
    for told in resource.told:
        assert listener_name(told) in document["webhooks"]
        assert document["components"]["schemas"][f"{told.type}Payload"]["properties"] == {resource.name: {"$ref": f"#/components/schemas/{resource.type}"}}


@every_resource
def test_the_example_has_the_resource_s_shape(found: tuple[Api, Resource]) -> None:
    _api, resource = found
    if resource.create is not None:
        example = example_of(resource)
        resource.document.model_validate(example)
        assert set(resource.required) <= set(example)


@every_api
def test_anybody_may_read_the_document_and_the_list_of_all(api: Api) -> None:
    answer = Client().get(f"/{api.root}/openapi.json")
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (200, "application/json")
    assert answer.json() == json.loads(openapi_text(api))
    assert f"/{api.root}/openapi.json" in {one["openapi"] for one in described()}


def test_what_may_be_null_in_python_is_absent_in_json() -> None:
    schema = {"title": "X", "properties": {"title": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None, "title": "Title"}}}
    assert tidy(schema) == {"properties": {"title": {"type": "string"}}}


def test_every_address_told_is_routed() -> None:
    resolver = get_resolver()
    for api in all_apis():
        for root in api.roots:
            for path in openapi(api)["paths"]:
                assert resolver.resolve(f"/{root}{path}".replace("{", "").replace("}", "")).url_name != "tmf-nothing", path
