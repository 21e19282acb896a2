"""TMF629: customers created, read, changed, moved and closed by other systems."""

from __future__ import annotations

import json
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from tests.factories import party as make
from tests.factories import staff
from tests.factories.clients import actor
from tests.tmf.api.calling import NOWHERE, PATCH, Caller, refused
from tests.tmf.api.telling import told
from tongke.areas.party import services
from tongke.areas.party.models import Customer, Party
from tongke.areas.staff.models import Look
from tongke.kernel.actor import acting
from tongke.kernel.outbox import all_events
from tongke.tmf.kit.registry import all_apis

pytestmark = pytest.mark.django_db
MEDIA: list[dict[str, Any]] = [
    {"mediumType": "postalAddress", "preferred": True, "characteristic": {
        "contactType": "home", "street1": "文三路388号", "street2": "15楼", "city": "杭州市", "stateOrProvince": "浙江省", "country": "China", "postCode": "310012"}},
    {"mediumType": "mobile", "preferred": True, "characteristic": {"phoneNumber": "138 5710 7788"}, "validFor": {"startDateTime": "2025-01-01T00:00:00.000Z"},
     "x-source": "shop"},
    {"mediumType": "email", "characteristic": {"emailAddress": "Fang.Wang@Example.com", "contactType": "private"}},
    {"mediumType": "fax", "characteristic": {"faxNumber": "0571-87654321"}},
]
RICH: dict[str, Any] = {
    "name": "王芳", "status": "prospect", "statusReason": "walked in",
    "engagedParty": {"id": "crm-77", "name": "王芳", "@referredType": "Individual", "role": "buyer"},
    "contactMedium": MEDIA,
    "characteristic": [{"name": "level", "value": "gold"}, {"name": "pet", "value": "cat", "valueType": "string"}, {"name": "seats", "value": 4}],
    "agreement": [{"id": "AG-1", "name": "Frame"}], "paymentMethod": [{"id": "PM-1", "name": "card"}],
    "relatedParty": [{"id": "x-1", "name": "Li Si", "role": "referrer", "@referredType": "Individual"}],
    "validFor": {"startDateTime": "2024-05-01T00:00:00.000Z"}, "@type": "VipCustomer", "@baseType": "Customer", "ourKey": {"deep": [1, 2]},
}


def body(key: str = "crm-1", name: str = "李雷", **more: Any) -> dict[str, Any]:
    """The smallest customer."""
    return {"name": name, "engagedParty": {"id": key, "name": name, "@referredType": "Individual"}, **more}


@pytest.fixture
def customers() -> Caller:
    return Caller("customer", org_id=3301, number="629")


def media_by_type(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {medium["mediumType"]: medium for medium in document["contactMedium"]}


def test_a_rich_customer_comes_back_as_it_was_sent(customers: Caller) -> None:
    made = customers.made(RICH)
    for name in ("name", "status", "statusReason", "agreement", "paymentMethod", "relatedParty", "validFor", "@type", "@baseType", "ourKey"):
        assert made[name] == RICH[name]
    assert made["engagedParty"] | {"role": "buyer", "@referredType": "Individual"} == made["engagedParty"]
    said = {trait["name"]: trait for trait in made["characteristic"]}
    assert (said["level"]["value"], said["pet"]["value"], said["pet"]["valueType"], said["seats"]["value"]) == ("gold", "cat", "string", 4)
    media = media_by_type(made)
    assert media["mobile"]["characteristic"] == {"phoneNumber": "+8613857107788"}
    assert (media["mobile"]["x-source"], media["mobile"]["validFor"]) == ("shop", MEDIA[1]["validFor"])
    assert media["email"]["characteristic"] == {"emailAddress": "fang.wang@example.com", "contactType": "private"}
    assert media["fax"]["characteristic"] == {"faxNumber": "+8657187654321"}
    assert media["postalAddress"]["characteristic"] == {
        "contactType": "home", "street1": "浙江省杭州市文三路388号", "street2": "15楼", "city": "杭州市", "stateOrProvince": "浙江省", "country": "CN",
        "postCode": "310012"}
    assert customers.get(made["id"]).json() == made
    assert customers.found(f"id={made['id']}&status=prospect") == [made["id"]]


def test_the_same_key_of_another_system_finds_the_same_party(customers: Caller) -> None:
    made = customers.made(body("erp-9"))
    refused(customers.post(body("erp-9")), 422, "PTY-101")
    other = Caller("customer", org_id=3301, number="629").made(body("erp-9"))
    assert other["engagedParty"]["id"] != made["engagedParty"]["id"]


def test_a_party_on_record_becomes_a_customer_once(customers: Caller) -> None:
    by = actor("integrator", org_id=3301)
    party_id = services.record_party(make.draft("韩梅梅"), by=by, at=make.NOON)
    reference = {"id": str(party_id), "@referredType": "Individual"}
    made = customers.made({"name": "韩梅梅", "engagedParty": reference, "contactMedium": [MEDIA[2]]})
    assert made["engagedParty"]["id"] == str(party_id)
    assert set(media_by_type(made)) == {"mobile", "postalAddress", "email"}
    refused(customers.post({"name": "韩梅梅", "engagedParty": reference}), 422, "PTY-101")
    refused(customers.post({"name": "别人", "engagedParty": reference}), 422, "PTY-101")
    refused(customers.post(body(NOWHERE)), 422, "TMF-12", NOWHERE)


def test_a_name_that_is_not_the_partys_is_refused(customers: Caller) -> None:
    party_id = services.record_party(make.draft("韩梅梅"), by=actor("integrator", org_id=3301), at=make.NOON)
    refused(customers.post({"name": "别人", "engagedParty": {"id": str(party_id), "@referredType": "Individual"}}), 422, "TMF-13", "name")
    with acting(make.TESTER):
        assert not Customer.objects.filter(party_id=party_id).exists()


@pytest.mark.parametrize(("wrong", "status", "word"), [
    ({"engagedParty": {"id": "k-1", "name": "x"}}, 400, "@referredType"), ({"engagedParty": None}, 400, "engagedParty"), ({"name": None}, 400, "name"),
    ({"status": "suspended"}, 422, "PTY-08"), ({"status": "merged"}, 422, "PTY-08"), ({"contactMedium": [{"mediumType": "pigeon"}]}, 400, "contactMedium[0]"),
    ({"contactMedium": [{"mediumType": "mobile", "characteristic": {"phoneNumber": "12"}}]}, 422, "PTY-30"),
    ({"contactMedium": [{"characteristic": {"street1": "x 1", "contactType": "holiday"}}]}, 422, "PTY-45"),
    ({"contactMedium": [{"characteristic": {"socialNetworkId": "wx_fang", "contactType": "wechat"}}]}, 422, "PTY-31"),
    ({"characteristic": [{"name": "a", "value": 1}, {"name": "a", "value": 2}]}, 400, "characteristic[1]"),
    ({"characteristic": [{"name": "level", "value": "platinum"}]}, 422, "PTY-04"), ({"characteristic": [{"name": "level", "value": 3}]}, 400, "level"),
    ({"validFor": {"startDateTime": "2999-01-01T00:00:00Z"}}, 422, "PTY-07"), ({"validFor": {"endDateTime": "2030-01-01T00:00:00Z"}}, 422, "TMF-13"),
    ({"name": "\u200b"}, 422, "PTY-01"),
])
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(customers: Caller, wrong: dict[str, Any], status: int, word: str) -> None:
    refused(customers.post({**body(), **wrong}), status, word)
    with acting(make.TESTER):
        assert not Party.objects.exists()


SERVERS: dict[str, Any] = {"id": "x", "href": "/x", "account": [{"name": "a"}], "creditProfile": [{"creditScore": 9}]}


@pytest.mark.parametrize("name", sorted(SERVERS))
def test_what_only_the_server_sets_is_refused_by_name(customers: Caller, name: str) -> None:
    refused(customers.post({**body(), name: SERVERS[name]}), 400, name)
    made = customers.made(body())
    refused(customers.patch(made["id"], {name: SERVERS[name]}), 400, name)
    assert customers.get(made["id"]).json() == made


@pytest.mark.parametrize("patch", [{"engagedParty": {"id": "other"}}, {"validFor": {"startDateTime": "2020-01-01T00:00:00Z"}}])
def test_what_is_fixed_at_creation_stays(customers: Caller, patch: dict[str, Any]) -> None:
    made = customers.made(body())
    refused(customers.patch(made["id"], patch), 400, next(iter(patch)))


# The life cycle: from each state, the states that a client may set.
MOVES = {"prospect": {"active", "left"}, "active": {"suspended", "left"}, "suspended": {"active", "left"}, "left": {"active"}}
PATHS = {"prospect": (), "active": ("active",), "suspended": ("active", "suspended"), "left": ("active", "left")}


@pytest.mark.parametrize("before", sorted(MOVES))
@pytest.mark.parametrize("after", ["prospect", "active", "suspended", "left", "merged", "Approved", ""])
def test_every_state_with_every_move(customers: Caller, before: str, after: str) -> None:
    made = customers.made(body(status="prospect"))
    for step in PATHS[before]:
        customers.patched(made["id"], {"status": step, "statusReason": "as asked"})
    answer = customers.patch(made["id"], {"status": after})
    if after == before:
        assert answer.json()["status"] == before
    elif after in MOVES[before]:
        assert answer.json()["status"] == after
    else:
        refused(answer, 409, "TMF-14")
        assert customers.get(made["id"]).json()["status"] == before


def test_a_person_is_renamed_by_a_document_only_an_organisation_at_once(customers: Caller) -> None:
    person = customers.made(body())
    refused(customers.patch(person["id"], {"name": "李蕾"}), 422, "PTY-24")
    company = customers.made({"name": "蓝海贸易", "engagedParty": {"id": "o-1", "@referredType": "Organization"}})
    assert customers.patched(company["id"], {"name": "蓝海国际贸易"})["engagedParty"]["name"] == "蓝海国际贸易"
    assert {t["name"]: t["value"] for t in company["characteristic"]}["segment"] == "business"


def test_contact_media_are_ended_replaced_preferred_and_added(customers: Caller) -> None:
    made = customers.made(body(contactMedium=MEDIA))
    media = media_by_type(made)
    new_phone = {**media["mobile"], "characteristic": {"phoneNumber": "13857100002"}}
    moved = {**media["postalAddress"], "characteristic": {**media["postalAddress"]["characteristic"], "street1": "浙江省杭州市文一路1号"}}
    second = {"mediumType": "mobile", "characteristic": {"phoneNumber": "13857100003"}}
    changed = customers.patched(made["id"], {"contactMedium": [second, moved, new_phone, media["email"]]})
    phones = [m["characteristic"]["phoneNumber"] for m in changed["contactMedium"] if m["mediumType"] == "mobile"]
    assert sorted(phones) == ["+8613857100002", "+8613857100003"]
    again = media_by_type(changed)
    assert "fax" not in again
    assert again["email"] == media["email"]
    assert again["postalAddress"]["characteristic"]["street1"] == "浙江省杭州市文一路1号"
    assert again["postalAddress"]["characteristic"]["street2"] == "15楼"
    assert again["postalAddress"]["id"] != media["postalAddress"]["id"]
    other = next(m for m in changed["contactMedium"] if m["characteristic"].get("phoneNumber") == "+8613857100003")
    preferred = customers.patched(made["id"], {"contactMedium": [m | ({"preferred": m["id"] == other["id"]} if m["mediumType"] == "mobile" else {})
                                                                 for m in changed["contactMedium"]]})
    assert {m["characteristic"]["phoneNumber"]: m["preferred"] for m in preferred["contactMedium"] if m["mediumType"] == "mobile"} == {
        "+8613857100002": False, "+8613857100003": True}
    assert "contactMedium" not in customers.patched(made["id"], {"contactMedium": None})


def test_json_patch_works_on_lists(customers: Caller) -> None:
    made = customers.made(body(contactMedium=[MEDIA[2]], characteristic=[{"name": "pet", "value": "cat"}]))
    changed = customers.patched(made["id"], [
        {"op": "test", "path": "/contactMedium/0/mediumType", "value": "email"},
        {"op": "add", "path": "/contactMedium/-", "value": {"mediumType": "phone", "characteristic": {"phoneNumber": "0571-87654321"}}},
        {"op": "replace", "path": "/characteristic/3/value", "value": "dog"},
        {"op": "add", "path": "/relatedParty", "value": [{"id": "p-1", "role": "friend", "@referredType": "Individual"}]},
    ], PATCH)
    assert set(media_by_type(changed)) == {"email", "phone"}
    assert {t["name"]: t["value"] for t in changed["characteristic"]}["pet"] == "dog"
    assert changed["relatedParty"][0]["role"] == "friend"
    removed = customers.patched(made["id"], [{"op": "remove", "path": "/contactMedium/0"}, {"op": "remove", "path": "/characteristic/3"}], PATCH)
    assert set(media_by_type(removed)) == {"phone"}
    assert "pet" not in {t["name"] for t in removed["characteristic"]}
    refused(customers.patch(made["id"], [{"op": "remove", "path": "/contactMedium/7"}], PATCH), 400, "TMF-08")


def test_a_patch_is_answered_with_all_and_so_leaves_a_look(customers: Caller) -> None:
    made = customers.made(RICH)
    customers.patched(made["id"], {"characteristic": [{"name": "level", "value": "silver"}]})
    with acting(make.TESTER):
        assert [look.detail for look in Look.objects.filter(customer_id=made["id"])] == [{"resource": "customer"}]


def test_merge_patch_keeps_what_it_does_not_name(customers: Caller) -> None:
    made = customers.made(RICH)
    changed = customers.patched(made["id"], {"ourKey": {"more": 1}, "agreement": None, "characteristic": [{"name": "level", "value": "silver"}]})
    assert changed["ourKey"] == {"deep": [1, 2], "more": 1}
    assert "agreement" not in changed
    assert {t["name"]: t["value"] for t in changed["characteristic"]}["level"] == "silver"
    assert "pet" not in {t["name"] for t in changed["characteristic"]}
    assert {name: changed[name] for name in ("relatedParty", "contactMedium", "status")} == {name: made[name] for name in ("relatedParty", "contactMedium", "status")}


def test_of_two_changes_the_second_must_know_the_first(customers: Caller) -> None:
    made = customers.made(body())
    etag = customers.get(made["id"])["ETag"]
    assert customers.patch(made["id"], {"ourKey": 1}, **{"If-Match": etag}).status_code == 200
    refused(customers.patch(made["id"], {"ourKey": 2}, **{"If-Match": etag}), 412, "TMF-07")
    refused(customers.delete(made["id"], **{"If-Match": etag}), 412, "TMF-07")


def at_once(call: Callable[[int], int]) -> list[int]:
    """What four calls made at the same moment answer."""
    start, said = Barrier(4), []

    def run(n: int) -> None:
        start.wait()
        said.append(call(n))
        connection.close()

    threads = [Thread(target=run, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


@pytest.mark.django_db(transaction=True)
def test_of_four_patches_at_once_with_one_etag_one_holds() -> None:
    customers = Caller("customer", org_id=3301, number="629")
    ident = customers.made(body())["id"]
    etag = customers.get(ident)["ETag"]
    assert at_once(lambda n: int(customers.patch(ident, {"ourKey": n}, **{"If-Match": etag}).status_code)) == [200, 412, 412, 412]


@pytest.mark.django_db(transaction=True)
def test_of_four_creates_at_once_for_one_foreign_key_one_holds() -> None:
    customers = Caller("customer", org_id=3301, number="629")
    said = at_once(lambda _n: int(customers.post(body("erp-9")).status_code))
    assert said[0] == 201
    assert set(said[1:]) <= {409, 422}
    with acting(make.TESTER):
        assert Party.objects.count() == Customer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_changes_of_a_customer_and_of_its_party_do_not_wait_for_each_other_for_ever() -> None:
    customers, people = Caller("customer", org_id=3301, number="629"), Caller("individual", org_id=3301)
    made = customers.made(body())

    def change(n: int) -> int:
        if n % 2:
            return int(customers.patch(made["id"], {"characteristic": [{"name": "n", "value": n}]}).status_code)
        return int(people.patch(made["engagedParty"]["id"], {"partyCharacteristic": [{"name": "n", "value": n}]}).status_code)

    assert at_once(change) == [200] * 4


def test_a_repeated_create_with_the_same_key_creates_once(customers: Caller) -> None:
    first = customers.post(body(), **{"Idempotency-Key": "a"})
    second = customers.post(body(), **{"Idempotency-Key": "a"})
    assert (first.status_code, second.status_code, first.json()) == (201, 201, second.json())
    refused(customers.post(body("other"), **{"Idempotency-Key": "a"}), 422, "GEN-10")


def test_a_closed_customer_is_gone_for_callers_and_stays_on_record(customers: Caller) -> None:
    made, kept = customers.made(body()), customers.made(body("crm-2"))
    assert customers.delete(made["id"]).status_code == 204
    refused(customers.get(made["id"]), 404)
    refused(customers.patch(made["id"], {"ourKey": 1}), 404)
    refused(customers.delete(made["id"]), 404)
    assert customers.found("") == [kept["id"]]
    assert customers.listing("")["X-Total-Count"] == "1"
    with acting(make.TESTER):
        customer = Customer.objects.select_related("party").get(id=made["id"])
    assert (customer.state, customer.closed, customer.party.state) == ("left", True, "closed")


def test_two_organisations_do_not_see_one_another(customers: Caller) -> None:
    made = customers.made(body())
    other = Caller("customer", org_id=3302, number="629")
    refused(other.get(made["id"]), 404)
    refused(other.patch(made["id"], {"ourKey": 1}), 404)
    refused(other.delete(made["id"]), 404)
    assert other.found("") == []
    reference = {"id": made["engagedParty"]["id"], "@referredType": "Individual"}
    refused(other.post({"name": "李雷", "engagedParty": reference}), 422, "TMF-12")
    assert Caller("customer", org_id=33, number="629").get(made["id"]).json() == made


def test_who_may_not_see_is_shown_masks_and_cannot_write_them_back(customers: Caller) -> None:
    made = customers.made(RICH)
    blind = Caller("customer", "agent", org_id=3301, number="629", scope="party.view party.change")
    shown = blind.get(made["id"]).json()
    assert (shown["name"], shown["engagedParty"]["name"]) == ("王*", "王*")
    media = media_by_type(shown)
    assert "7788" in media["mobile"]["characteristic"]["phoneNumber"]
    assert "*" in media["mobile"]["characteristic"]["phoneNumber"]
    assert "*" in media["postalAddress"]["characteristic"]["street1"]
    assert "street2" not in media["postalAddress"]["characteristic"]
    assert "relatedParty" not in shown
    assert blind.patched(made["id"], {"ourKey": {"seen": True}})["ourKey"]["seen"] is True
    added = {"mediumType": "phone", "characteristic": {"phoneNumber": "0571-87654322"}}
    changed = blind.patched(made["id"], {"contactMedium": [*shown["contactMedium"], added]})
    assert len(changed["contactMedium"]) == 5
    masked = [{**m, "characteristic": {**m["characteristic"], "city": "宁波市"}} if m["mediumType"] == "postalAddress" else m for m in changed["contactMedium"]]
    refused(blind.patch(made["id"], {"contactMedium": masked}), 400, "contactMedium")
    clear = customers.get(made["id"]).json()
    assert media_by_type(clear)["mobile"]["characteristic"]["phoneNumber"] == "+8613857107788"
    assert clear["relatedParty"] == RICH["relatedParty"]
    refused(blind.post(body("b-1")), 403, "party.create")
    refused(blind.delete(made["id"]), 403, "party.close")
    reader = Caller("customer", "agent", org_id=3301, number="629", scope="party.view")
    refused(reader.patch(made["id"], {"ourKey": 1}), 403, "party.change")


def test_an_account_manager_works_on_own_customers_only() -> None:
    seller = staff.person(org_id=330103, roles=("account_manager",), own_rows_only=True)
    page = staff.signed_in(seller)
    theirs = make.customer("王芳", by=make.clerk())
    by = staff.actor(seller)
    own = services.create_customer(make.draft("李雷"), by=by, at=make.NOON)
    listed = page.get("/tmf-api/customerManagement/v4/customer").json()
    assert [c["id"] for c in listed] == [str(own.customer_id)]
    assert page.get(f"/tmf-api/customerManagement/v4/customer/{theirs.customer_id}").status_code == 404


def test_customers_are_found_by_phone_mail_and_characteristic(customers: Caller) -> None:
    made = customers.made(RICH)
    customers.made(body("crm-2"))
    for query in ("contactMedium.characteristic.phoneNumber=13857107788", "contactMedium.characteristic.emailAddress=fang.wang@example.com",
                  "characteristic.name=pet", "characteristic.value=gold", "name=王芳", "relatedParty.role=referrer",
                  "contactMedium.mediumType=postalAddress", "status=prospect", "agreement.id=AG-1"):
        assert customers.found(query) == [made["id"]], query
    assert customers.found("contactMedium.characteristic.phoneNumber=13857107789") == []


def test_every_official_event_is_told(customers: Caller) -> None:
    made = customers.made(body())
    customers.patched(made["id"], {"characteristic": [{"name": "level", "value": "gold"}]})
    customers.patched(made["id"], {"status": "suspended"})
    customers.patched(made["id"], {"ourKey": 1})
    for api in ("629/v4", "629/v5"):
        assert told(api) == ["CustomerCreateEvent", "CustomerAttributeValueChangeEvent", "CustomerStateChangeEvent", "CustomerAttributeValueChangeEvent"]
    customers.delete(made["id"])
    assert told("629/v4") == ["CustomerDeleteEvent"]


def test_what_is_told_exists(official_files: Any) -> None:
    api = next(a for a in all_apis() if (a.number, a.version) == ("629", "v4"))
    listeners = {path for path in json.loads((official_files / "TMF629-v4.json").read_text())["paths"] if path.startswith("/listener/")}
    assert {f"/listener/{t.type[0].lower()}{t.type[1:]}" for r in api.resources for t in r.told} == listeners
    assert {t.event.wire for r in api.resources for t in r.told} <= set(all_events())
