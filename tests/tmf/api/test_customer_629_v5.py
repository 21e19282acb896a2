"""TMF629 v5: the same customers as v4, in the fifth version's shapes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import party as make
from tests.tmf.api.calling import Caller, refused
from tongke.tmf.kit.registry import all_apis

pytestmark = pytest.mark.django_db
RICH: dict[str, Any] = {
    "@type": "Customer", "name": "王芳", "description": "buys much", "role": "buyer", "status": "active",
    "engagedParty": {"@type": "PartyRef", "id": "crm-77", "name": "王芳", "@referredType": "Individual"},
    "partyRoleSpecification": {"@type": "PartyRoleSpecificationRef", "id": "prs-1", "name": "Customer"},
    "contactMedium": [
        {"@type": "PhoneContactMedium", "contactType": "mobile", "phoneNumber": "13857107788", "preferred": True},
        {"@type": "EmailContactMedium", "contactType": "private", "emailAddress": "fang@example.com"},
        {"@type": "GeographicAddressContactMedium", "contactType": "work", "street1": "15 Rue Taunat", "city": "Paris", "country": "FR",
         "geographicAddress": {"@type": "GeographicAddressRef", "id": "ga-1"}},
        {"@type": "SocialContactMedium", "contactType": "wechat", "socialNetworkId": "wx_fang_01", "consent": "said so in the hall"},
        {"@type": "FaxContactMedium", "faxNumber": "0571-87654321"},
    ],
    "characteristic": [{"@type": "StringCharacteristic", "name": "pet", "value": "cat"}, {"@type": "NumberCharacteristic", "name": "seats", "value": 4},
                       {"@type": "BooleanCharacteristic", "name": "vip", "value": True}],
    "relatedParty": [{"@type": "RelatedPartyOrPartyRole", "role": "referrer", "partyOrPartyRole": {
        "@type": "PartyRef", "id": "x-1", "name": "Li Si", "@referredType": "Individual"}}],
    "agreement": [{"@type": "AgreementRef", "id": "AG-1"}], "validFor": {"startDateTime": "2024-05-01T00:00:00.000Z"}, "ourKey": {"deep": [1]},
}


class Fifth(Caller):
    """A client of the fifth version; ``root`` is another than the fourth's."""

    def __init__(self, *roles: str, **more: Any) -> None:
        super().__init__("customer", *roles, number="629", **more)
        self.api = next(a for a in all_apis() if (a.number, a.version) == ("629", "v5"))
        self.root = f"/{self.api.root}/customer"


@pytest.fixture
def customers() -> Fifth:
    return Fifth(org_id=3301)


@pytest.fixture
def fourth() -> Caller:
    return Caller("customer", org_id=3301, number="629")


def by_class(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {medium["@type"]: medium for medium in document["contactMedium"]}


def every_class(value: Any, path: str = "$") -> list[str]:
    """Paths of objects that name no class; periods have none officially."""
    if isinstance(value, list):
        return [found for place, item in enumerate(value) for found in every_class(item, f"{path}[{place}]")]
    if not isinstance(value, dict) or path.endswith("validFor") or path.startswith("$.ourKey"):
        return []
    own = [] if "@type" in value else [path]
    return own + [found for name, inner in value.items() for found in every_class(inner, f"{path}.{name}")]


def test_a_rich_customer_comes_back_as_it_was_sent(customers: Fifth) -> None:
    made = customers.made(RICH)
    same = set(RICH) - {"engagedParty", "contactMedium", "characteristic"}
    assert {name: made[name] for name in same} == {name: RICH[name] for name in same}
    assert made["href"] == f"/tmf-api/customer/v5/customer/{made['id']}"
    assert made["engagedParty"]["@type"] == "PartyRef"
    said = {t["name"]: (t["@type"], t["value"]) for t in made["characteristic"]}
    assert (said["pet"], said["seats"], said["vip"], said["level"]) == (
        ("StringCharacteristic", "cat"), ("NumberCharacteristic", 4), ("BooleanCharacteristic", True), ("StringCharacteristic", "standard"))
    media = by_class(made)
    assert media["PhoneContactMedium"]["phoneNumber"] == "+8613857107788"
    assert media["PhoneContactMedium"]["contactType"] == "mobile"
    assert media["EmailContactMedium"]["contactType"] == "private"
    place = media["GeographicAddressContactMedium"]
    assert (place["contactType"], place["geographicAddress"]["id"], place["city"]) == ("work", "ga-1", "Paris")
    assert media["SocialContactMedium"]["socialNetworkId"] == "wx_fang_01"
    assert every_class(made) == []
    assert customers.get(made["id"]).json() == made


def test_both_versions_speak_of_one_record(customers: Fifth, fourth: Caller) -> None:
    made = customers.made(RICH)
    older = fourth.get(made["id"]).json()
    assert older["relatedParty"] == [{"id": "x-1", "name": "Li Si", "@referredType": "Individual", "role": "referrer", "@type": "RelatedPartyOrPartyRole"}]
    assert (older["ourKey"], older["agreement"][0]["id"], older["name"]) == ({"deep": [1]}, "AG-1", "王芳")
    changed = fourth.patched(made["id"], {"relatedParty": [{"id": "y-2", "name": "Wu", "role": "guardian", "@referredType": "Individual"}],
                                          "status": "suspended"})
    newer = customers.get(made["id"]).json()
    assert (newer["status"], newer["description"], changed["status"]) == ("suspended", "buys much", "suspended")
    assert newer["relatedParty"] == [{"@type": "RelatedPartyOrPartyRole", "role": "guardian", "partyOrPartyRole": {
        "@type": "PartyRef", "id": "y-2", "name": "Wu", "@referredType": "Individual"}}]
    assert every_class(newer) == []


def test_customers_of_the_hall_have_their_classes(customers: Fifth) -> None:
    made = make.customer("王芳")
    shown = customers.get(made.customer_id).json()
    assert (shown["@type"], shown["role"]) == ("Customer", "customer")
    assert every_class(shown) == []


@pytest.mark.parametrize("patch", [
    {"@type": None}, {"engagedParty": None}, {"name": None}, {"engagedParty": {"id": "k", "@referredType": "Individual"}},
    {"contactMedium": [{"phoneNumber": "13857107788"}]},
])
def test_every_object_of_a_new_customer_names_its_class(customers: Fifth, patch: dict[str, Any]) -> None:
    refused(customers.post({**RICH, **patch}), 400, "@type" if "name" not in patch else "name")


def test_a_patch_needs_no_mandatory_attributes_and_takes_fields(customers: Fifth) -> None:
    made = customers.made(RICH)
    answer = customers.client.patch(f"{customers.root}/{made['id']}?fields=description", b'{"description": "new"}', content_type="application/merge-patch+json")
    assert answer.json() == {"id": made["id"], "href": made["href"], "description": "new"}
    answer = customers.client.post(f"{customers.root}?fields=name", b'{"@type":"Customer","name":"A B","engagedParty":{"@type":"PartyRef","id":"q","@referredType":"Individual"}}',
                                   content_type="application/json")
    assert (answer.status_code, set(answer.json())) == (201, {"id", "href", "name"})


def test_contact_media_are_replaced(customers: Fifth) -> None:
    made = customers.made(RICH)
    media = by_class(made)
    changed = customers.patched(made["id"], {"contactMedium": [{**media["PhoneContactMedium"], "phoneNumber": "13857100009"}, media["EmailContactMedium"]]})
    assert {k: v.get("phoneNumber") for k, v in by_class(changed).items()} == {"PhoneContactMedium": "+8613857100009", "EmailContactMedium": None}
    assert customers.found("contactMedium.phoneNumber=13857100009") == [made["id"]]


@pytest.mark.parametrize("name", ["id", "href", "account", "creditProfile"])
def test_what_only_the_server_sets_is_refused_by_name(customers: Fifth, name: str) -> None:
    value: Any = [] if name in {"account", "creditProfile"} else "x"
    refused(customers.post({**RICH, name: value}), 400, name)


def test_two_organisations_do_not_see_one_another(customers: Fifth) -> None:
    made = customers.made(RICH)
    refused(Fifth(org_id=3302).get(made["id"]), 404)
    assert customers.delete(made["id"]).status_code == 204
    refused(customers.get(made["id"]), 404)


def test_who_may_not_see_is_shown_masks(customers: Fifth) -> None:
    made = customers.made(RICH)
    shown = Fifth("agent", org_id=3301, scope="party.view").get(made["id"]).json()
    assert (shown["name"], "relatedParty" in shown, "geographicAddress" in by_class(shown)["GeographicAddressContactMedium"]) == ("王*", False, False)
    assert "*" in by_class(shown)["PhoneContactMedium"]["phoneNumber"]
