"""TMF669: parties in roles; the role of customer is the customer."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest

from tests.factories import party as make
from tests.factories.clients import actor
from tests.tmf.api.calling import NOWHERE, PATCH, Caller, refused
from tests.tmf.api.telling import told
from tongke.areas.party import services
from tongke.areas.party.models import Customer, PartyRole
from tongke.kernel.actor import acting
from tongke.tmf.kit.registry import all_apis

pytestmark = pytest.mark.django_db
RICH: dict[str, Any] = {
    "name": "supplier", "status": "active", "statusReason": "tender won", "engagedParty": {"id": "s-1", "name": "蓝海", "@referredType": "Organization", "role": "x"},
    "agreement": [{"id": "A-1"}], "characteristic": [{"name": "region", "value": "south"}], "paymentMethod": [{"id": "PM"}],
    "contactMedium": [{"mediumType": "email", "characteristic": {"emailAddress": "a@b.cn"}}],
    "relatedParty": [{"id": "r-1", "role": "owner", "@referredType": "Individual"}], "validFor": {"startDateTime": "2024-05-01T08:00:00.000Z"},
    "@type": "Supplier", "@baseType": "PartyRole", "rating": 5,
}


@pytest.fixture
def roles() -> Caller:
    return Caller("partyRole", org_id=3301)


def body(**more: Any) -> dict[str, Any]:
    return {"name": "supplier", "engagedParty": {"id": "s-1", "name": "蓝海", "@referredType": "Organization"}, **more}


def test_a_rich_role_comes_back_as_it_was_sent(roles: Caller) -> None:
    made = roles.made(RICH)
    assert {name: made[name] for name in RICH if name != "engagedParty"} == {name: value for name, value in RICH.items() if name != "engagedParty"}
    assert made["engagedParty"]["href"].endswith(f"/party/v4/organization/{made['engagedParty']['id']}")
    assert roles.get(made["id"]).json() == made
    assert roles.found("name=supplier&characteristic.value=south&status=active") == [made["id"]]


def test_one_party_plays_several_roles(roles: Caller) -> None:
    supplier = roles.made(body())
    partner = roles.made(body(name="partner"))
    assert partner["engagedParty"]["id"] == supplier["engagedParty"]["id"]
    customer = roles.made(body(name="customer", engagedParty={"id": supplier["engagedParty"]["id"], "@referredType": "Organization"}))
    assert (customer["name"], customer["status"]) == ("customer", "active")
    assert Caller("customer", org_id=3301, number="629").get(customer["id"]).json()["name"] == "蓝海"
    assert sorted(roles.found(f"engagedParty.id={supplier['engagedParty']['id']}")) == sorted([supplier["id"], partner["id"], customer["id"]])
    assert roles.listing("")["X-Total-Count"] == "3"
    refused(roles.post(body(name="customer")), 422, "PTY-101")


def test_a_role_may_be_known_before_its_party(roles: Caller) -> None:
    made = roles.made({"name": "installer"})
    assert "engagedParty" not in made
    assert roles.get(made["id"]).json() == made
    refused(Caller("partyRole", org_id=3302).get(made["id"]), 404)


def test_customers_of_the_hall_are_in_the_list(roles: Caller) -> None:
    made = make.customer("王芳")
    (shown,) = roles.listing("name=customer").json()
    assert (shown["id"], shown["engagedParty"]["name"], shown["engagedParty"]["@referredType"]) == (str(made.customer_id), "王芳", "Individual")
    assert roles.listing("sort=-validFor.startDateTime").status_code == 200


@pytest.mark.parametrize(("wrong", "status", "word"), [
    ({"name": ""}, 422, "PTY-103"), ({"name": "x" * 61}, 422, "PTY-103"), ({"name": None}, 400, "name"), ({"status": "Approved"}, 409, "TMF-14"),
    ({"validFor": {"startDateTime": "2999-01-01T00:00:00Z"}}, 422, "PTY-34"), ({"engagedParty": {"id": NOWHERE, "@referredType": "Individual"}}, 422, "TMF-12"),
    ({"engagedParty": {"id": "n-1", "name": "x"}}, 400, "@referredType"), ({"name": "customer", "engagedParty": None}, 400, "engagedParty"),
])
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(roles: Caller, wrong: dict[str, Any], status: int, word: str) -> None:
    refused(roles.post(body(**wrong)), status, word)
    with acting(make.TESTER):
        assert not PartyRole.objects.exists()
        assert not Customer.objects.exists()


@pytest.mark.parametrize("name", ["id", "href", "account", "creditProfile"])
def test_what_only_the_server_sets_is_refused_by_name(roles: Caller, name: str) -> None:
    value: Any = [{"name": "a"}] if name in {"account", "creditProfile"} else "x"
    refused(roles.post(body(**{name: value})), 400, name)
    made = roles.made(body())
    refused(roles.patch(made["id"], {name: value}), 400, name)
    refused(roles.patch(made["id"], {"engagedParty": {"id": "other"}}), 400, "engagedParty")


MOVES = {"active": {"suspended"}, "suspended": {"active"}}


@pytest.mark.parametrize("before", sorted(MOVES))
@pytest.mark.parametrize("after", ["active", "suspended", "terminated", "left", ""])
def test_every_state_with_every_move(roles: Caller, before: str, after: str) -> None:
    made = roles.made(body())
    if before == "suspended":
        roles.patched(made["id"], {"status": "suspended", "statusReason": "late"})
    answer = roles.patch(made["id"], {"status": after})
    if after == before or after in MOVES[before]:
        assert answer.json()["status"] == after
    else:
        refused(answer, 409, "TMF-14")


def test_a_customer_moves_and_ends_as_customers_do(roles: Caller) -> None:
    made = make.customer("王芳")
    assert roles.patched(made.customer_id, {"status": "suspended"})["status"] == "suspended"
    refused(roles.patch(made.customer_id, {"status": "prospect"}), 409, "TMF-14")
    refused(roles.patch(made.customer_id, {"name": "supplier"}), 400, "name")
    assert roles.delete(made.customer_id).status_code == 204
    refused(roles.get(made.customer_id), 404)
    refused(Caller("customer", org_id=3301, number="629").get(made.customer_id), 404)


def test_a_role_is_renamed_and_ended(roles: Caller) -> None:
    made = roles.made(RICH)
    changed = roles.patched(made["id"], [{"op": "replace", "path": "/name", "value": "partner"}, {"op": "add", "path": "/agreement/-", "value": {"id": "A-2"}}], PATCH)
    assert (changed["name"], [a["id"] for a in changed["agreement"]], changed["rating"]) == ("partner", ["A-1", "A-2"], 5)
    etag = roles.get(made["id"])["ETag"]
    roles.patched(made["id"], {"rating": 4})
    refused(roles.delete(made["id"], **{"If-Match": etag}), 412)
    assert roles.delete(made["id"]).status_code == 204
    refused(roles.get(made["id"]), 404)
    with acting(make.TESTER):
        assert PartyRole.objects.get(id=made["id"]).state == "terminated"


def test_a_merged_partys_roles_are_the_survivors(roles: Caller) -> None:
    made = roles.made(body())
    survivor = make.customer("蓝海贸易", kind="organization", segment="business", documents=(), addresses=())
    services.merge_parties(survivor_id=survivor.party_id, absorbed_id=UUID(made["engagedParty"]["id"]), reason="same", by=make.TESTER, at=make.NOON)
    assert roles.get(made["id"]).json()["engagedParty"]["id"] == str(survivor.party_id)


def test_two_organisations_do_not_see_one_another(roles: Caller) -> None:
    made = roles.made(body())
    other = Caller("partyRole", org_id=3302)
    for answer in (other.get(made["id"]), other.patch(made["id"], {"rating": 1}), other.delete(made["id"])):
        refused(answer, 404)
    assert other.found("") == []


def test_who_may_not_see_is_shown_masks() -> None:
    by = actor("integrator", org_id=3301)
    party_id = services.record_party(make.draft("王芳"), by=by, at=make.NOON)
    role_id = services.begin_role(party_id, role="guarantor", by=by, at=make.NOON)
    blind = Caller("partyRole", "agent", org_id=3301, scope="party.view")
    assert blind.get(role_id).json()["engagedParty"]["name"] == "王*"
    refused(blind.patch(role_id, {"rating": 1}), 403, "party.change")


def test_every_official_event_is_told(roles: Caller) -> None:
    made = roles.made(body())
    roles.patched(made["id"], {"name": "partner"})
    roles.patched(made["id"], {"status": "suspended"})
    assert told("669/v4") == ["PartyRoleCreateEvent", "PartyRoleAttributeValueChangeEvent", "PartyRoleStateChangeEvent"]
    roles.delete(made["id"])
    assert told("669/v4") == ["PartyRoleDeleteEvent"]


def test_what_is_told_exists(official_files: Any) -> None:
    api = next(a for a in all_apis() if a.number == "669")
    listeners = {path for path in json.loads((official_files / "TMF669-v4.json").read_text())["paths"] if path.startswith("/listener/")}
    assert {f"/listener/{t.type[0].lower()}{t.type[1:]}" for r in api.resources for t in r.told} == listeners
