"""What TMF630 says of single documents, rule by rule: create, read, change, remove, and how each is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import staff as make
from tests.tmf.thing import JSON, MERGE, PATCH, ROOT, Shelf, caller, made, patch, post

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.tmf.thing")]
NOWHERE = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
def client() -> Client:
    """A client that may keep things."""
    return caller()


def place(document: dict[str, Any]) -> str:
    """Return the address of a thing."""
    return f"{ROOT}/{document['id']}"


def test_a_creation_is_201_with_the_document_its_place_and_its_version(client: Client) -> None:
    answer = post(client, {"name": "a", "weight": 1.5})
    document = answer.json()
    assert (answer.status_code, document["name"], document["status"], document["weight"]) == (201, "a", "new", 1.5)
    assert answer["Location"] == document["href"] == f"{ROOT}/{document['id']}"
    read = client.get(answer["Location"])
    assert (read.status_code, read.json(), read["ETag"]) == (200, document, answer["ETag"])


def test_href_leads_to_the_document_also_out_of_a_list(shelf: Shelf) -> None:
    client, rows = shelf
    for one in client.get(ROOT).json():
        assert client.get(one["href"]).json() == one
    assert {one["id"] for one in rows} <= {one["id"] for one in client.get(ROOT).json()}


@pytest.mark.parametrize(("body", "path"), [
    ({}, "name"), ({"name": None}, "name"), ({"name": 5}, "name"), ({"name": "a", "weight": "1"}, "weight"), ({"name": "a", "lent": 1}, "lent"),
    ({"name": "a", "count": 1.5}, "count"), ({"name": "a", "madeAt": 5}, "madeAt"), ({"name": "a", "madeAt": "soon"}, "madeAt"),
    ({"name": "a", "size": []}, "size"), ({"name": "a", "size": {"width": "x"}}, "size.width"), ({"name": "a", "note": {}}, "note"),
    ({"name": "a", "part": [{"href": "x"}]}, "part.0.id"), ({"name": "a", "id": "x"}, "id"), ({"name": "a", "href": "x"}, "href"),
    ({"name": "a", "rank": 1}, "rank"), ([], "$"), ("a", "$"), (None, "$"), ({"name": "a", "@type": {}}, "@type"), ({"name": "x" * 10_001}, "name"),
])
def test_a_document_of_a_wrong_shape_is_400_and_names_the_attribute(client: Client, body: Any, path: str) -> None:
    answer = post(client, body)
    assert answer.status_code == 400
    assert path in [fault["path"] for fault in answer.json()["details"]]
    assert client.get(ROOT).json() == []


def test_every_fault_is_told_at_once(client: Client) -> None:
    details = post(client, {"weight": "x", "lent": "y", "id": "1"}).json()["details"]
    assert {fault["path"] for fault in details} == {"name", "weight", "lent", "id"}


def test_a_merge_patch_changes_what_it_names_null_removes_and_lists_are_replaced(client: Client) -> None:
    one = made(client, weight=1.0, size={"width": 1.0, "unit": "cm"}, note=[{"text": "a"}, {"text": "b"}])
    after = patch(client, place(one), {"weight": None, "size": {"unit": "mm"}, "note": [{"text": "c"}]}).json()
    assert after == {**{k: v for k, v in one.items() if k != "weight"}, "size": {"width": 1.0, "unit": "mm"}, "note": [{"text": "c"}]}
    assert client.get(place(one)).json() == after


@pytest.mark.parametrize("kind", [MERGE, JSON, f"{MERGE}; charset=utf-8", f"{JSON}; charset=UTF-8"])
def test_plain_json_is_a_merge_patch(client: Client, kind: str) -> None:
    one = made(client)
    assert patch(client, place(one), {"weight": 2.0}, kind=kind).json()["weight"] == 2.0


def test_a_json_patch_is_applied_in_order(client: Client) -> None:
    one = made(client, note=[{"text": "a"}, {"text": "b"}], size={"width": 1.0})
    after = patch(client, place(one), [
        {"op": "test", "path": "/name", "value": "a thing"}, {"op": "replace", "path": "/name", "value": "b"}, {"op": "remove", "path": "/note/0"},
        {"op": "add", "path": "/note/-", "value": {"text": "c"}}, {"op": "copy", "from": "/size/width", "path": "/weight"},
        {"op": "move", "from": "/size/width", "path": "/size/height"},
    ], kind=PATCH)
    assert after.status_code == 200, after.content
    assert {name: after.json()[name] for name in ("name", "note", "weight", "size")} == {
        "name": "b", "note": [{"text": "b"}, {"text": "c"}], "weight": 1.0, "size": {"height": 1.0}}


@pytest.mark.parametrize(("operations", "status"), [
    ([{"op": "test", "path": "/name", "value": "other"}, {"op": "remove", "path": "/weight"}], 400), ([{"op": "remove", "path": "/nothing"}], 400),
    ([{"op": "replace", "path": "", "value": {}}], 400), ([{"op": "spoil", "path": "/name"}], 400), ([{"path": "/name"}], 400), ({}, 400), ([5], 400),
    ([{"op": "add", "path": "name", "value": 1}], 400), ([{"op": "add", "path": "/note/99", "value": {}}], 400), ([{"op": "move", "path": "/a"}], 400),
    ([{"op": "add", "path": "/name"}], 400), ([{"op": "replace", "path": "/id", "value": "x"}], 400), ([{"op": "remove", "path": "/href"}], 400),
    ([{"op": "move", "from": "/id", "path": "/name"}], 400), ([{"op": "add", "path": "/rank", "value": 1}], 400),
    ([{"op": "copy", "from": "/note", "path": "/note/0"}] * 40, 400), ([{"op": "test", "path": "/name", "value": "a thing"}] * 501, 400),
    ([{"op": "add", "path": "/weight", "value": "x"}], 400), ([{"op": "add", "path": "/~2", "value": "x"}], 400), ([{"op": "copy", "from": 5, "path": "/a"}], 400),
])
def test_a_json_patch_that_does_not_fit_changes_nothing(client: Client, operations: Any, status: int) -> None:
    one = made(client, weight=1.0, note=[{"text": "a"}])
    answer = patch(client, place(one), operations, kind=PATCH)
    assert (answer.status_code, answer.json()["@type"]) == (status, "Error")
    assert client.get(place(one)).json() == one


@pytest.mark.parametrize(("kind", "method"), [
    ("text/plain", "post"), ("application/xml", "post"), (PATCH, "post"), (MERGE, "post"), ("multipart/form-data; boundary=x", "post"),
    ("application/x-www-form-urlencoded", "post"), ("application/json; charset=latin-1", "post"), ("application/json; charset=utf-16", "post"),
    ("", "post"), ("text/plain", "patch"), ("application/xml", "patch"), ("application/json-patch-query+json", "patch"), ("", "patch"),
])
def test_another_media_type_is_415(client: Client, kind: str, method: str) -> None:
    one = made(client)
    answer = post(client, {"name": "a"}, kind=kind) if method == "post" else patch(client, place(one), {"name": "b"}, kind=kind)
    assert (answer.status_code, answer.json()["code"]) == (415, "TMF-06")


@pytest.mark.parametrize("name", ["id", "href", "rank"])
@pytest.mark.parametrize("value", ["x", 5, None])
def test_what_only_the_server_sets_is_refused_in_a_patch(client: Client, name: str, value: Any) -> None:
    one = made(client)
    before = one.get(name)
    answer = patch(client, place(one), {name: value})
    assert (answer.status_code == 400) is (value != before)
    assert client.get(place(one)).json() == one


def test_sending_back_what_was_read_changes_nothing_and_is_no_mistake(client: Client) -> None:
    one = made(client, weight=1.0, madeAt="2026-01-01T00:00:00+08:00")
    answer = patch(client, place(one), one)
    assert (answer.status_code, answer.json()) == (200, one)


def test_a_change_meant_for_another_version_is_412_and_nothing_changes(client: Client) -> None:
    one = made(client)
    first = client.get(place(one))["ETag"]
    assert patch(client, place(one), {"weight": 1.0}, **{"If-Match": first}).status_code == 200
    late = patch(client, place(one), {"weight": 2.0}, **{"If-Match": first})
    assert (late.status_code, late.json()["code"], client.get(place(one)).json()["weight"]) == (412, "TMF-07", 1.0)
    assert client.delete(place(one), headers={"If-Match": first}).status_code == 412
    assert patch(client, place(one), {"weight": 3.0}, **{"If-Match": "*"}).status_code == 200
    now = client.get(place(one))["ETag"]
    assert patch(client, place(one), {"weight": 4.0}, **{"If-Match": f'"other", W/{now}'}).status_code == 200


def test_what_the_client_has_already_is_304_without_a_body(client: Client) -> None:
    one = made(client)
    first = client.get(place(one))
    again = client.get(place(one), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    patch(client, place(one), {"weight": 1.0})
    assert client.get(place(one), headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_removal_is_204_and_the_document_is_gone(client: Client) -> None:
    one = made(client)
    answer = client.delete(place(one))
    assert (answer.status_code, answer.content) == (204, b"")
    assert [client.get(place(one)).status_code, client.delete(place(one)).status_code, patch(client, place(one), {}).status_code] == [404, 404, 404]
    assert client.get(ROOT)["X-Total-Count"] == "0"


@pytest.mark.parametrize("key", [NOWHERE, "x", "1", "null", "%00", "..%2f", "'; --", "x" * 200, NOWHERE.upper(), f"{{{NOWHERE}}}", "密"])
def test_what_is_not_there_is_404_in_one_form(client: Client, key: str) -> None:
    bodies = [answer.json() for answer in (client.get(f"{ROOT}/{key}"), client.delete(f"{ROOT}/{key}"), patch(client, f"{ROOT}/{key}", {"name": "b"}))]
    assert bodies[0] == bodies[1] == bodies[2]
    assert {name: bodies[0][name] for name in ("code", "status", "@type")} == {"code": "GEN-04", "status": "404", "@type": "Error"}


@pytest.mark.parametrize("address", ["/tmf-api/", "/tmf-api/nothing", "/tmf-api/thingManagement/v4", "/tmf-api/thingManagement/v4/nothing/1/2", "/tmf-api//thing"])
def test_an_address_where_nothing_is_served_is_404_in_the_same_form(client: Client, address: str) -> None:
    for answer in (client.get(address), post(client, {}, address)):
        assert (answer.status_code, answer.json()["@type"]) == (404, "Error")


@pytest.mark.parametrize(("method", "at", "allowed"), [
    ("put", "", "GET, POST"), ("delete", "", "GET, POST"), ("patch", "", "GET, POST"), ("trace", "", "GET, POST"),
    ("put", "/x", "GET, PATCH, DELETE"), ("post", "/x", "GET, PATCH, DELETE"),
])
def test_another_method_is_405_and_told_what_is_allowed(client: Client, method: str, at: str, allowed: str) -> None:
    answer = getattr(client, method)(f"{ROOT}{at}")
    assert (answer.status_code, answer["Allow"], answer.json()["code"]) == (405, allowed, "TMF-09")


def test_options_tells_what_is_possible_and_head_answers_without_a_body(client: Client) -> None:
    one = made(client)
    assert (client.options(ROOT).status_code, client.options(ROOT)["Allow"]) == (204, "GET, POST, OPTIONS")
    asked = client.options(place(one))
    assert (asked["Allow"], asked["Accept-Patch"]) == ("GET, PATCH, DELETE, OPTIONS", "application/merge-patch+json, application/json-patch+json, application/json")
    head = client.head(place(one))
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", client.get(place(one))["ETag"])
    assert (client.head(ROOT)["X-Total-Count"], client.head(ROOT).content) == ("1", b"")


def test_without_a_token_it_is_401_with_a_challenge(client: Client) -> None:
    one = made(client)
    stranger = Client()
    for answer in (stranger.get(ROOT), stranger.get(place(one)), post(stranger, {"name": "a"}), patch(stranger, place(one), {}), stranger.delete(place(one))):
        assert (answer.status_code, answer["WWW-Authenticate"][:6], answer.json()["@type"]) == (401, "Bearer", "Error")


def test_without_the_permission_it_is_403_whether_or_not_it_is_there(client: Client) -> None:
    one = made(client)
    make.role("reader", "integration.view")
    make.role("none", "home.view")
    reader, none = caller("reader"), caller("none")
    assert reader.get(place(one)).json() == one
    for answer in (post(reader, {"name": "a"}), patch(reader, place(one), {"weight": 1.0}), reader.delete(place(one)), none.get(ROOT), none.get(place(one)),
                   none.get(f"{ROOT}/{NOWHERE}"), patch(reader, f"{ROOT}/{NOWHERE}", {"weight": 1.0}), reader.delete(f"{ROOT}/{NOWHERE}")):
        assert (answer.status_code, answer.json()["code"]) == (403, "SEC-01")
    assert client.get(place(one)).json() == one


def test_an_error_has_the_official_shape_and_leads_to_its_explanation(client: Client) -> None:
    answer = client.get(f"{ROOT}/{NOWHERE}")
    body = answer.json()
    assert set(body) == {"code", "reason", "message", "status", "referenceError", "@type"}
    assert all(isinstance(value, str) and value for value in body.values())
    assert (body["referenceError"], answer["Content-Type"].split(";")[0], answer["Cache-Control"]) == ("/developers/errors#GEN-04", JSON, "no-store")


def test_errors_come_in_the_language_asked_for(client: Client) -> None:
    zh, en = (client.get(f"{ROOT}/{NOWHERE}", headers={"Accept-Language": language}).json() for language in ("zh-Hans", "en"))
    assert zh["code"] == en["code"]
    assert [bool(re.search("[一-鿿]", body[part])) for body in (zh, en) for part in ("message", "reason")] == [True, True, False, False]


def test_the_same_key_and_body_create_once_and_another_body_is_422(client: Client) -> None:
    headers = {"Idempotency-Key": "order-1"}
    first, again = post(client, {"name": "a"}, **headers), post(client, {"name": "a"}, **headers)
    assert (first.status_code, again.status_code, again.json(), again["Location"]) == (201, 201, first.json(), first["Location"])
    other = post(client, {"name": "b"}, **headers)
    assert (other.status_code, other.json()["code"], client.get(ROOT)["X-Total-Count"]) == (422, "GEN-10", "1")
    assert post(caller(org_id=3302), {"name": "b"}, **headers).status_code == 201


def test_a_key_whose_creation_was_refused_may_be_used_again(client: Client) -> None:
    headers = {"Idempotency-Key": "order-2"}
    assert post(client, {"name": "a", "status": "broken"}, **headers).status_code == 409
    assert post(client, {"name": "a"}, **headers).status_code == 201
    assert post(client, {"name": "a"}, **{"Idempotency-Key": "x" * 201}).status_code == 400


EXTENSION = {
    "@type": "Bicycle", "@baseType": "Thing", "@schemaLocation": "https://shop.example.com/bicycle.json", "gears": 21, "frame": {"colour": "red"},
    "size": {"width": 1.0, "tolerance": 0.1, "@type": "FineSize"}, "note": [{"text": "a", "stars": 5}], "part": [{"id": "1", "bolted": True, "@referredType": "Wheel"}],
}


def test_extensions_and_types_survive_a_round_trip(client: Client) -> None:
    one = made(client, **EXTENSION)
    assert {name: one[name] for name in EXTENSION} == EXTENSION
    after = patch(client, place(one), {"gears": 22, "frame": {"colour": None, "bent": False}}).json()
    assert (after["gears"], after["frame"], after["@type"]) == (22, {"bent": False}, "Bicycle")
    assert "gears" not in patch(client, place(one), {"gears": None}).json()
    assert client.get(f"{ROOT}?fields=frame,@type").json() == [{name: after[name] for name in ("id", "href", "frame", "@type")}]


def test_a_schema_location_is_kept_and_never_fetched(client: Client) -> None:
    # Whoever fetched it would hang here: nothing listens at this address of the documentation's network.
    one = made(client, **{"@schemaLocation": "http://192.0.2.1/schema.json"})
    assert one["@schemaLocation"] == "http://192.0.2.1/schema.json"


@pytest.mark.parametrize("start", ["new", "used", "broken"])
@pytest.mark.parametrize("end", ["new", "used", "broken", "melted", None])
def test_a_state_moves_along_its_life_cycle_only(client: Client, start: str, end: str | None) -> None:
    one = made(client)
    for step in ("used", "broken")[: ("new", "used", "broken").index(start)]:
        patch(client, place(one), {"status": step})
    answer = patch(client, place(one), {"status": end})
    allowed = end == start or (start, end) in {("new", "used"), ("used", "broken")}
    assert (answer.status_code, client.get(place(one)).json()["status"]) == ((200, end) if allowed else (409, start))


def test_a_document_of_another_organisation_is_404_like_one_that_is_not_there(client: Client) -> None:
    one, other = made(client), caller(org_id=3302)
    for call in (lambda key: other.get(f"{ROOT}/{key}"), lambda key: patch(other, f"{ROOT}/{key}", {"weight": 1.0}), lambda key: other.delete(f"{ROOT}/{key}")):
        theirs, nothing = call(one["id"]), call(NOWHERE)
        assert (theirs.status_code, theirs.content, sorted(theirs.headers)) == (404, nothing.content, sorted(nothing.headers))
    assert (client.get(place(one)).json(), other.get(ROOT).json()) == (one, [])


def test_a_signed_in_person_may_try_with_the_form_token_only() -> None:
    make.tree()
    make.role("documents", "integration.view", "integration.documents")
    browser = make.signed_in(make.person(org_id=3301, roles=("documents",)), enforce_csrf_checks=True)
    assert browser.get(ROOT).status_code == 200
    assert post(browser, {"name": "a"}).status_code == 403
    browser.cookies[settings.CSRF_COOKIE_NAME] = "x" * 32
    assert post(browser, {"name": "a"}, **{"X-CSRFToken": "x" * 32}).status_code == 201


def test_a_token_of_fewer_scopes_may_less() -> None:
    make.tree()
    make.role("documents", "integration.view", "integration.documents")
    reader = caller("documents", scope="integration.view")
    assert (reader.get(ROOT).status_code, post(reader, {"name": "a"}).status_code) == (200, 403)


