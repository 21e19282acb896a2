"""The rules of TMF630 that hold for every resource, tried at every resource."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client, override_settings

from tests.factories import clients, network, party
from tests.factories import staff as make
from tongke.kernel.permissions import all_permissions
from tongke.tmf.kit.declared import Api, Resource
from tongke.tmf.kit.openapi import collection_path
from tongke.tmf.kit.openapi_parts import filter_parameters
from tongke.tmf.kit.openapi_schemas import example_of
from tongke.tmf.kit.registry import all_apis, all_resources
from tongke.tmf.kit.schema import kind_of, meets_list

pytestmark = pytest.mark.django_db
NOWHERE = "01890000-0000-7000-8000-000000000000"
FOUND = [pair for pair in all_resources() if not pair[1].within]
every = pytest.mark.parametrize("found", FOUND, ids=[f"{api.number}{api.version}-{resource.name}" for api, resource in FOUND])
VALUES = {"number": "1", "boolean": "true", "instant": "2026-01-01T00:00:00.000Z"}


@dataclass
class World:
    """Callers, and the documents that are there for each resource."""

    clear: Client
    masked: Client
    nobody: Client
    documents: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def root_of(found: tuple[Api, Resource]) -> str:
    """Return the address of a resource's list."""
    return f"/{found[0].root}{collection_path(found[1])}"


def role(name: str, *, but: str = "^$", only: str = "") -> Client:
    """A caller that may what the rooms give, but for some."""
    make.role(name, *(code for code in all_permissions() if not code.startswith("staff.own") and not re.search(but, code) and re.search(only, code)))
    return clients.caller(clients.token(name, org_id=3301, per_minute=100_000))


def samples(customer: party.services.NewCustomer) -> dict[str, dict[str, Any]]:
    """Return documents that can be sent where the declaration's own example refers to what is not there."""
    buyer = {"id": str(customer.customer_id), "@referredType": "Customer", "role": "customer"}
    return {
        "individual": {"givenName": "雷", "familyName": "李"}, "organization": {"name": "浙江蓝海贸易有限公司"},
        "billingAccount": {"name": "main", "relatedParty": [buyer]}, "partyInteraction": {"description": "asked", "relatedParty": [buyer]},
    }


@pytest.fixture(scope="module")
def world(module_rows: None) -> World:
    """Give callers and at least one document of most resources."""
    make.tree()
    made = World(role("all"), role("masked", but=r"\.see_"), role("nobody", only="^ordering.price$"))
    customer = party.customer("王芳", by=party.clerk())
    network.place("province", "浙江省")  # the group's to record: what lies in it is the caller's
    with override_settings(ROOT_URLCONF="tongke.config.urls"):
        for found in FOUND:
            if found[1].create is not None:
                made.clear.post(root_of(found), json.dumps(samples(customer).get(found[1].name) or example_of(found[1])), content_type="application/json")
        made.documents = {root_of(found): made.clear.get(f"{root_of(found)}?limit=20").json() for found in FOUND}
    return made


@every
def test_a_list_tells_its_counts_and_links(found: tuple[Api, Resource], world: World) -> None:
    answer = world.clear.get(f"{root_of(found)}?limit=1")
    total, count = int(answer["X-Total-Count"]), int(answer["X-Result-Count"])
    assert (answer.status_code, count) == (206 if total > 1 else 200, min(total, 1))
    assert {'rel="self"', 'rel="first"', 'rel="last"'} <= set(re.findall(r'rel="\w+"', answer["Link"]))
    beyond = world.clear.get(f"{root_of(found)}?offset=100000&limit=1")
    assert (beyond.json(), beyond["X-Total-Count"]) == ([], str(total))
    assert world.clear.head(root_of(found))["X-Total-Count"] == str(total)


@every
def test_every_document_stands_where_its_href_says_and_is_found_by_its_id(found: tuple[Api, Resource], world: World) -> None:
    root = root_of(found)
    for one in world.documents[root][:3]:
        assert one["href"].endswith(f"{root}/{one['id']}")
        read = world.clear.get(one["href"])
        assert (read.status_code, read.json()) == (200, one)
        assert world.clear.get(f"{root}/{one['id']}/").json() == one
        for query in ({"id": one["id"]}, {"href": one["href"]}):
            assert [other["id"] for other in world.clear.get(root, query).json()] == [one["id"]]
        assert world.clear.get(one["href"], headers={"If-None-Match": read["ETag"]}).status_code == 304


@every
def test_fields_gives_id_href_and_the_named_only(found: tuple[Api, Resource], world: World) -> None:
    root = root_of(found)
    for one in world.documents[root][:1]:
        for name in (name for name in one if not name.startswith("@")):
            assert set(world.clear.get(f"{root}/{one['id']}?fields={name}").json()) == {"id", "href", name}
        assert set(world.clear.get(f"{root}?fields=none&id={one['id']}").json()[0]) == {"id", "href"}


@every
def test_every_attribute_can_be_filtered_by_every_operator(found: tuple[Api, Resource], world: World) -> None:
    root, resource = root_of(found), found[1]
    for parameter in filter_parameters(resource):
        name = parameter["name"]
        kind = kind_of(resource.document, tuple(name.split("."))) or "text"
        for operator in ("eq", "ne", "gt", "gte", "lt", "lte", "regex"):
            answer = world.clear.get(root, {f"{name}.{operator}": VALUES.get(kind, "x")})
            assert answer.status_code in {200, 206}, (name, operator, answer.content)


@every
def test_a_value_given_out_finds_its_document(found: tuple[Api, Resource], world: World) -> None:
    root, resource = root_of(found), found[1]
    for one in world.documents[root][:3]:
        for name, value in one.items():
            if isinstance(value, str | int | float) and name != "href" and resource.schema_names.get(name):
                text = json.dumps(value) if not isinstance(value, str) else f'"{value}"' if "," in value else value
                ids = [other["id"] for other in world.clear.get(root, {name: text, "limit": 200}).json()]
                assert one["id"] in ids, (name, value)


@every
def test_every_plain_attribute_sorts_both_ways(found: tuple[Api, Resource], world: World) -> None:
    root, resource = root_of(found), found[1]
    total = world.clear.get(root)["X-Total-Count"]
    for name in resource.schema_names:
        answers = [world.clear.get(f"{root}?sort={sign}{name}&limit=200") for sign in ("", "-")]
        if kind_of(resource.document, (name,)) == "object" or meets_list(resource.document, (name,)):
            assert [answer.status_code for answer in answers] == [400, 400], name
        else:
            assert [(answer.status_code, answer["X-Total-Count"]) for answer in answers] == [(200, total)] * 2, (name, answers[0].content)
            assert {one["id"] for one in answers[0].json()} == {one["id"] for one in answers[1].json()}


@every
def test_an_unknown_attribute_is_400(found: tuple[Api, Resource], world: World) -> None:
    for query in ("noSuchAttribute=1", "sort=noSuchAttribute", "noSuchAttribute.gt=1", "id.noSuch.deep=1"):
        assert world.clear.get(f"{root_of(found)}?{query}").status_code == 400


@every
def test_what_is_not_there_is_404_and_other_methods_are_405(found: tuple[Api, Resource], world: World) -> None:
    root, resource = root_of(found), found[1]
    assert world.clear.get(f"{root}/{NOWHERE}").json()["code"] == "GEN-04"
    for address, here in ((root, {"GET", "POST"}), (f"{root}/{NOWHERE}", {"GET", "PATCH", "DELETE"})):
        answer = world.clear.put(address)
        assert (answer.status_code, set(answer["Allow"].split(", "))) == (405, here & set(resource.methods))
    for method, hook in (("PATCH", resource.change), ("DELETE", resource.remove)):
        status = world.clear.generic(method, f"{root}/{NOWHERE}", b"{}", content_type="application/merge-patch+json").status_code
        assert status == (404 if hook is not None and method in resource.methods else 405), method


@every
def test_nobody_reads_without_a_token_or_the_permission(found: tuple[Api, Resource], world: World) -> None:
    root = root_of(found)
    stranger = Client()
    assert [stranger.get(root).status_code, stranger.get(f"{root}/{NOWHERE}").status_code, stranger.post(root).status_code] == [401, 401, 401]
    assert [world.nobody.get(root).status_code, world.nobody.get(f"{root}/{NOWHERE}").status_code] == [403, 403]


@every
def test_what_only_the_server_sets_is_refused_by_name(found: tuple[Api, Resource], world: World) -> None:
    root, resource = root_of(found), found[1]
    for name in resource.server_set if resource.create is not None else ():
        answer = world.clear.post(root, json.dumps({**example_of(resource), name: "x"}), content_type="application/json")
        assert (answer.status_code, name in {fault["path"] for fault in answer.json()["details"]}) == (400, True), name
    for one in world.documents[root][:1] if resource.change is not None else ():
        for name in resource.server_set | resource.fixed:
            answer = world.clear.patch(f"{root}/{one['id']}", json.dumps({name: "other"}), content_type="application/merge-patch+json")
            assert answer.status_code == 400, (name, answer.content)


@every
def test_masks_hold_in_lists_and_documents(found: tuple[Api, Resource], world: World) -> None:
    root = root_of(found)
    text = world.masked.get(f"{root}?limit=50").content.decode()
    assert "王芳" not in text
    for one in world.documents[root][:2]:
        assert "王芳" not in world.masked.get(f"{root}/{one['id']}").content.decode()


def test_most_resources_have_a_document_to_try_on(world: World) -> None:
    without = [root for root, documents in world.documents.items() if not documents]
    assert len(without) <= len(FOUND) // 3, without


def test_every_api_answers_at_each_of_its_roots(world: World) -> None:
    for api in all_apis():
        for root in api.roots:
            path = collection_path(api.resources[0])
            assert world.clear.get(f"/{root}{path}?limit=1").status_code in {200, 206}, root
