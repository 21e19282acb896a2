"""TMF672: roles and posts over the staff room, sensitive rights left to two persons."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from tests.factories import staff as make
from tests.tmf.api.calling import NOWHERE, PATCH, Caller, refused
from tests.tmf.api.test_product_637 import told_of
from tongke.areas.staff.models import Approval, Post, Role
from tongke.areas.staff.queries.records import role_key
from tongke.kernel import clock
from tongke.kernel.actor import acting
from tongke.tmf.kit.shapes import instant_text

pytestmark = pytest.mark.django_db
MANAGER = ("staff.view", "staff.manage_roles", "staff.grant_roles")


def manager(resource: str, org_id: int = 1) -> Caller:
    """A client that may manage roles and posts below an organisation."""
    make.tree()
    make.role("rights", *MANAGER)
    # Whoever manages roles by hand must remain besides.
    if org_id == 1:
        make.person(org_id=1, roles=("administrator",))
    return Caller(resource, "rights", org_id=org_id)


def entitled(*codes: str) -> list[dict[str, str]]:
    return [{"id": code, "function": code.split(".")[0], "action": code.split(".")[1]} for code in sorted(codes)]


def stored(code: str) -> list[str]:
    with acting(make.TESTER):
        return Role.objects.get(code=code).permissions


def test_roles_are_made_changed_and_given_back() -> None:
    roles = manager("userRole")
    made = roles.made({"involvementRole": "shop_lead", "entitlement": [{"function": "party", "action": "view"}, {"id": "account.view"}], "grade": {"n": 3}})
    assert made["entitlement"] == entitled("account.view", "party.view")
    assert (made["id"], made["involvementRole"], made["grade"]) == (str(role_key("shop_lead")), "shop_lead", {"n": 3})
    assert roles.get(made["id"]).json() == made
    assert stored("shop_lead") == ["account.view", "party.view"]
    after = roles.patched(made["id"], {"entitlement": [*made["entitlement"], {"id": "inventory.view"}], "grade": None})
    assert ("grade" in after, after["entitlement"]) == (False, entitled("account.view", "inventory.view", "party.view"))
    after = roles.patched(made["id"], [{"op": "remove", "path": "/entitlement/0"}], PATCH)
    assert after["entitlement"] == entitled("inventory.view", "party.view")
    assert told_of(made["id"]) == ["UserRoleCreateEvent", "UserRoleAttributeValueChangeEvent", "UserRoleAttributeValueChangeEvent"]


def test_the_roles_of_the_house_are_listed_and_found() -> None:
    roles = manager("userRole")
    clerk = str(role_key("clerk"))
    assert roles.found("involvementRole=clerk") == [clerk]
    assert clerk in roles.found("entitlement.id=account.record_payment")
    assert clerk not in roles.found("entitlement.id=staff.manage_roles")
    shown = roles.get(clerk).json()
    assert [one["id"] for one in shown["entitlement"]] == stored("clerk")
    alias = roles.client.get(f"/userrolepermission/v4/userRole/{clerk}/")
    assert (alias.status_code, alias.json()) == (200, shown)
    assert shown["href"] == f"/tmf-api/userrolepermission/v4/userRole/{clerk}"


@pytest.mark.parametrize(("wrong", "status", "word"), [
    ({"involvementRole": None}, 400, "involvementRole"), ({"entitlement": None}, 400, "entitlement"), ({"id": "x"}, 400, "id"), ({"href": "x"}, 400, "href"),
    ({"involvementRole": "Ü"}, 422, "SEC-26"), ({"involvementRole": "x" * 200}, 422, "SEC-26"), ({"involvementRole": "clerk"}, 409, "TMF-11"),
    ({"entitlement": [{"id": "party.fly"}]}, 422, "SEC-28"), ({"entitlement": [{"action": "view"}]}, 422, "SEC-28"),
    ({"entitlement": [{"id": "staff.manage_roles"}]}, 403, "SEC-08"), ({"entitlement": "all"}, 400, "entitlement"),
])
def test_bad_roles_are_refused_and_nothing_is_made(wrong: dict[str, Any], status: int, word: str) -> None:
    roles = manager("userRole")
    before = len(roles.found("limit=200"))
    refused(roles.post({"involvementRole": "shop_lead", "entitlement": [], **wrong}), status, word)
    assert len(roles.found("limit=200")) == before
    with acting(make.TESTER):
        assert not Approval.objects.exists()


def test_sensitive_rights_are_neither_given_nor_taken_by_one() -> None:
    roles = manager("userRole")
    held = stored("administrator")
    refused(roles.patch(role_key("administrator"), {"entitlement": []}), 403, "SEC-08")
    refused(roles.patch(role_key("clerk"), {"entitlement": entitled("staff.grant_roles")}), 403, "SEC-08")
    refused(roles.patch(role_key("clerk"), {"involvementRole": "boss"}), 400, "involvementRole")
    assert stored("administrator") == held


def test_roles_hold_everywhere_so_only_the_group_changes_them() -> None:
    roles = manager("userRole", org_id=33)
    assert roles.get(role_key("clerk")).status_code == 200
    refused(roles.post({"involvementRole": "local", "entitlement": []}), 422, "SEC-")
    make.role("viewer", "staff.view")
    refused(Caller("userRole", "viewer").post({"involvementRole": "local", "entitlement": []}), 403, "SEC-01")
    make.role("nobody", "party.view")
    refused(Caller("userRole", "nobody").get(role_key("clerk")), 403, "SEC-01")
    refused(roles.get(NOWHERE), 404)
    refused(roles.delete(role_key("clerk")), 405, "DELETE")


def held(role: str, org: int = 3301) -> dict[str, Any]:
    return {"manageableAsset": {"id": str(org), "@referredType": "Organization"}, "userRole": {"id": str(role_key(role))}}


def post_body(user: Any, *roles: str, org: int = 3301, **more: Any) -> dict[str, Any]:
    return {"user": {"id": str(user), "@referredType": "Individual"}, "validFor": {}, "assetUserRole": [held(role, org) for role in roles], **more}


def test_posts_are_opened_changed_and_ended() -> None:
    posts = manager("permission")
    make.role("quiet", "analytics.view")
    person = make.person(org_id=3301, roles=("agent",), name="周洁")
    made = posts.made(post_body(person.id, "clerk", "quiet", validFor={"endDateTime": "2999-01-01T00:00:00.000Z"}, description="for the fair", badge=7))
    assert (made["description"], made["badge"], made["user"]) == ("for the fair", 7, {"id": str(person.id), "name": "周洁", "@referredType": "Individual"})
    assert {one["userRole"]["name"] for one in made["assetUserRole"]} == {"clerk", "quiet"}
    assert {one["manageableAsset"]["name"] for one in made["assetUserRole"]} == {"杭州"}
    assert {one["id"] for one in made["privilege"]} == {*stored("clerk"), *stored("quiet"), "staff.own"}
    assert made["validFor"]["endDateTime"] == "2999-01-01T00:00:00.000Z"
    assert posts.get(made["id"]).json() == made
    after = posts.patched(made["id"], {"assetUserRole": [held("agent")], "badge": None})
    assert ([one["userRole"]["name"] for one in after["assetUserRole"]], "badge" in after) == (["agent"], False)
    with acting(make.TESTER):
        assert Post.objects.get(id=made["id"]).roles == ["agent"]
    ended = posts.patched(made["id"], {"validFor": {"endDateTime": instant_text(clock.now())}})
    assert ended["validFor"]["endDateTime"] < "2999"
    refused(posts.patch(made["id"], {"assetUserRole": [held("clerk")]}), 409, "GEN-03")
    assert told_of(made["id"]) == [f"Permission{word}Event" for word in ("Create", "AttributeValueChange", "StateChange")]
    assert sorted(posts.found(f"user.id={person.id}")) == sorted([made["id"], *posts.found(f"user.id={person.id}&assetUserRole.userRole.name=agent")])[:2]


@pytest.mark.parametrize(("wrong", "status", "word"), [
    ({"user": None}, 400, "user"), ({"validFor": None}, 400, "validFor"), ({"assetUserRole": None}, 400, "assetUserRole"),
    ({"privilege": []}, 400, "privilege"), ({"granter": {"id": "x"}}, 400, "granter"), ({"creationDate": "2026-01-01T00:00:00Z"}, 400, "creationDate"),
    ({"id": "x"}, 400, "id"), ({"user": {"id": NOWHERE}}, 422, "user.id"), ({"user": {"id": "limin"}}, 422, "user.id"),
    ({"assetUserRole": []}, 400, "manageableAsset"), ({"assetUserRole": [held("clerk", 3301), held("clerk", 3302)]}, 400, "manageableAsset"),
    ({"assetUserRole": [{"manageableAsset": {"id": "3301"}, "userRole": {"id": NOWHERE}}]}, 422, "userRole.id"),
    ({"assetUserRole": [{"manageableAsset": {"id": "Hangzhou"}, "userRole": {"id": str(role_key("clerk"))}}]}, 422, "manageableAsset.id"),
    ({"assetUserRole": [held("administrator")]}, 403, "SEC-08"), ({"validFor": {"endDateTime": "2001-01-01T00:00:00Z"}}, 422, "SEC-"),
    ({"validFor": {"startDateTime": "2999-01-01T00:00:00Z"}}, 400, "validFor.startDateTime"),
])
def test_bad_posts_are_refused_and_nothing_is_made(wrong: dict[str, Any], status: int, word: str) -> None:
    posts = manager("permission")
    person = make.person(org_id=3301, roles=())
    refused(posts.post({**post_body(person.id, "clerk"), **wrong}), status, word)
    assert len(posts.found(f"user.id={person.id}")) == 1


def test_posts_of_other_organisations_are_not_to_be_seen() -> None:
    here, there = manager("permission", org_id=33), manager("permission", org_id=32)
    person = make.person(org_id=330101, roles=("clerk",))
    (ident,) = here.found(f"user.id={person.id}")
    assert here.get(ident).json()["assetUserRole"][0]["manageableAsset"]["id"] == "330101"
    for answer in (there.get(ident), there.patch(ident, {"assetUserRole": []}), there.get(NOWHERE)):
        refused(answer, 404)
    assert there.found(f"user.id={person.id}") == []
    refused(there.post(post_body(person.id, "clerk", org=3201)), 422)
    refused(here.patch(ident, {"user": {"id": NOWHERE}}), 400, "user")
    refused(here.delete(ident), 405)


def test_an_etag_guards_and_a_key_repeats() -> None:
    roles = manager("userRole")
    body = {"involvementRole": "shop_lead", "entitlement": entitled("party.view")}
    first = roles.post(body, **{"Idempotency-Key": "r1"})
    assert roles.post(body, **{"Idempotency-Key": "r1"}).json() == first.json()
    ident = first.json()["id"]
    assert roles.patch(ident, {"entitlement": []}, **{"If-Match": first["ETag"]}).status_code == 200
    refused(roles.patch(ident, {"entitlement": entitled("party.view")}, **{"If-Match": first["ETag"]}), 412)


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_of_one_post_at_once_one_holds() -> None:
    posts = manager("permission")
    make.role("quiet", "party.view")
    make.role("still", "account.view")
    ident = posts.made(post_body(make.person(org_id=3301, roles=("agent",)).id, "clerk"))["id"]
    etag, start, said = posts.get(ident)["ETag"], Barrier(3), []

    def change(role: str) -> None:
        start.wait()
        said.append(posts.patch(ident, {"assetUserRole": [held(role)]}, **{"If-Match": etag}).status_code)
        connection.close()

    threads = [Thread(target=change, args=(role,)) for role in ("agent", "quiet", "still")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [200, 412, 412]
