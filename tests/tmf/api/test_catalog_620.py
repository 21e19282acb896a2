"""TMF620: catalogues, categories, specifications, offerings and prices over the catalogue room, with its life of versions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.tmf.api.calling import NOWHERE, PATCH, Caller, refused
from tests.tmf.api.telling import told
from tongke.kernel import clock
from tongke.tmf.kit.shapes import instant_text

pytestmark = pytest.mark.django_db
MANAGER = "product_manager"
MONTHLY: dict[str, Any] = {
    "name": "月费", "nameEn": "Monthly fee", "priceType": "recurring", "recurringChargePeriod": "month",
    "price": {"taxIncludedAmount": {"unit": "CNY", "value": 99.5}, "taxCategory": "value_added_telecom"},
}
SPEED: dict[str, Any] = {
    "id": "speed", "name": "速率", "nameEn": "Speed", "valueType": "integer", "configurable": False, "required": True,
    "productSpecCharacteristicValue": [{"valueFrom": 100, "valueTo": 2000, "unitOfMeasure": "Mbit/s"}],
}


class Office:
    """A designer, and a second person who approves."""

    def __init__(self, org_id: int = 1) -> None:
        self.org_id = org_id
        self.catalogs, self.categories, self.specifications, self.offerings, self.prices = (
            Caller(name, MANAGER, org_id=org_id) for name in ("catalog", "category", "productSpecification", "productOffering", "productOfferingPrice"))
        self.second = {caller.root: Caller(caller.root.rsplit("/", 1)[1], MANAGER, org_id=org_id) for caller in (self.specifications, self.offerings)}

    def spec(self, **more: Any) -> dict[str, Any]:
        """A specification as a draft."""
        return self.specifications.made({"name": "家庭宽带", "kind": "broadband", "productSpecCharacteristic": [SPEED], **more})

    def offer(self, **more: Any) -> dict[str, Any]:
        """An offering as a draft."""
        return self.offerings.made({"name": "畅享99", "kind": "mobile", "productOfferingPrice": [MONTHLY], **more})

    def launched(self, caller: Caller, ident: str) -> dict[str, Any]:
        """A draft brought on sale over the interface, approved by the second person."""
        caller.patched(ident, {"lifecycleStatus": "In test"})
        self.second[caller.root].patched(ident, {"lifecycleStatus": "Active"})
        return caller.patched(ident, {"lifecycleStatus": "Launched"})


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_specification_comes_back_as_it_was_sent(office: Office) -> None:
    sent = {
        "name": "家庭宽带", "nameEn": "Home broadband", "description": "光纤", "kind": "broadband", "productNumber": "SPEC-FTTH", "brand": "Tongke",
        "attachment": [{"name": "leaflet", "url": "https://shop.example.com/a.pdf"}], "shelf": {"row": 3},
        "relatedParty": [{"id": "9", "name": "产品部", "role": "owner", "@referredType": "Organization"}],
        "serviceSpecification": [{"id": "elsewhere-7", "name": "access"}],
        "productSpecCharacteristic": [
            SPEED, {"name": "Colour", "valueType": "string", "isUnique": True, "productSpecCharacteristicValue": [
                {"value": "red", "isDefault": True, "validFor": {"startDateTime": "2026-01-01T00:00:00.000Z"}}]},
            {"id": "grade", "name": "档位", "valueType": "choice", "productSpecCharacteristicValue": [{"value": "A"}, {"value": "B", "isDefault": True}]}],
    }
    made = office.specifications.made(sent)
    for name in ("name", "nameEn", "description", "kind", "productNumber", "brand", "attachment", "shelf", "relatedParty", "serviceSpecification"):
        assert made[name] == sent[name], name
    speed, colour, grade = made["productSpecCharacteristic"]
    assert speed["productSpecCharacteristicValue"] == [
        {"id": "range", "valueFrom": 100, "valueTo": 2000, "unitOfMeasure": "Mbit/s", "rangeInterval": "closed"}]
    assert (colour["id"], colour["valueType"], colour["isUnique"]) == ("Colour", "text", True)
    assert colour["productSpecCharacteristicValue"] == [
        {"id": "red", "value": "red", "isDefault": True, "validFor": {"startDateTime": "2026-01-01T00:00:00.000Z"}}]
    assert [(one["value"], one["isDefault"]) for one in grade["productSpecCharacteristicValue"]] == [("A", False), ("B", True)]
    assert (made["lifecycleStatus"], made["version"], made["isBundle"]) == ("In design", "1", False)
    assert office.specifications.get(made["id"]).json() == made


def test_specifications_consist_of_and_relate_to_others(office: Office) -> None:
    line, extra = office.spec(), office.spec(name="电视", kind="tv")
    both = office.specifications.made({
        "name": "融合", "kind": "bundle", "bundledProductSpecification": [{"id": line["id"]}, {"id": extra["id"]}],
        "productSpecificationRelationship": [{"id": extra["id"], "relationshipType": "exclusivity"}, {"id": "old-1", "relationshipType": "migration"}]})
    assert (both["isBundle"], [one["id"] for one in both["bundledProductSpecification"]]) == (True, [line["id"], extra["id"]])
    assert [(one["id"], one["relationshipType"]) for one in both["productSpecificationRelationship"]] == [
        (extra["id"], "exclusivity"), ("old-1", "migration")]
    assert office.specifications.found("isBundle=true") == [both["id"]]
    refused(office.specifications.post({"name": "x", "bundledProductSpecification": [{"id": NOWHERE}]}), 422, "TMF-12")
    circle = office.specifications.patch(line["id"], {"bundledProductSpecification": [{"id": both["id"]}]})
    refused(circle, 422, "CAT-16")


def test_an_offering_comes_back_as_it_was_sent(office: Office) -> None:
    spec = office.spec()
    term = {"name": "两年合约", "nameEn": "Two years", "duration": {"amount": 2, "units": "year"}, "isDefault": True, "penaltyKind": "remaining_months",
            "penaltyPercent": 30.0}
    made = office.offerings.made({
        "name": "宽带500", "description": "500M", "code": "BB-500", "productSpecification": {"id": spec["id"]}, "channel": [{"id": "hall"}, {"id": "web"}],
        "marketSegment": [{"id": "residential"}], "place": [{"id": "33"}], "agreement": [{"id": "agr-1"}], "statusReason": "new",
        "productOfferingTerm": [term], "allowance": [{"usageType": "data_mb", "amount": 1024.0, "shared": True}],
        "prodSpecCharValueUse": [{"name": "速率", "productSpecCharacteristicValue": [{"value": 500}]}],
        "productOfferingPrice": [{**MONTHLY, "priceAlteration": [{"priceType": "discount", "price": {"percentage": 10.0}}]}],
        "validFor": {"startDateTime": "2027-01-01T00:00:00.000Z", "endDateTime": "2028-01-01T00:00:00.000Z"}})
    assert (made["kind"], made["isBundle"], made["isSellable"], made["version"]) == ("broadband", False, True, "1")
    assert [one["id"] for one in made["channel"]] == ["hall", "web"]
    assert (made["place"][0]["id"], made["place"][0]["name"]) == ("33", "浙江省公司")
    assert made["agreement"] == [{"id": "agr-1"}]
    assert made["validFor"] == {"startDateTime": "2027-01-01T00:00:00.000Z", "endDateTime": "2028-01-01T00:00:00.000Z"}
    assert (made["productSpecification"]["id"], made["productSpecification"]["name"]) == (spec["id"], "家庭宽带")
    assert made["prodSpecCharValueUse"][0]["productSpecCharacteristicValue"] == [{"id": "500", "value": 500, "isDefault": True}]
    (first,) = made["productOfferingTerm"]
    assert (first["duration"], first["penaltyPercent"], first["noticeDays"]) == ({"amount": 24, "units": "month"}, 30.0, 30)
    assert made["allowance"][0] | {"rolloverMonths": 0} == {
        "id": "data_mb.shared", "usageType": "data_mb", "amount": 1024.0, "shared": True, "rolloverMonths": 0, "proration": "daily"}
    (price,) = made["productOfferingPrice"]
    assert price["price"] == {"taxIncludedAmount": {"unit": "CNY", "value": 99.5}, "taxCategory": "value_added_telecom", "taxRate": 6.0}
    assert price["priceAlteration"] == [{"priceType": "discount", "price": {"percentage": 10.0}}]
    assert office.offerings.get(made["id"]).json() == made


def test_a_bundle_names_its_parts_and_how_many(office: Office) -> None:
    phone, line = office.offer(), office.offer(name="宽带", kind="broadband")
    option = {"numberRelOfferLowerLimit": 1, "numberRelOfferUpperLimit": 3, "numberRelOfferDefault": 2}
    made = office.offerings.made({"name": "融合129", "bundledProductOffering": [
        {"id": phone["id"], "bundledProductOfferingOption": option}, {"id": line["id"]}], "productOfferingPrice": [MONTHLY]})
    assert (made["isBundle"], made["kind"]) == (True, "bundle")
    assert made["bundledProductOffering"][0]["bundledProductOfferingOption"] == option
    assert [one["name"] for one in made["bundledProductOffering"]] == ["畅享99", "宽带"]
    office.offerings.patched(made["id"], {"bundledProductOffering": [{"id": line["id"]}]})
    assert [one["id"] for one in office.offerings.get(made["id"]).json()["bundledProductOffering"]] == [line["id"]]


def test_from_draft_to_sale_and_out_of_it_by_two_people(office: Office) -> None:
    made = office.offer(code="M-99")
    ident = str(made["id"])
    office.offerings.patched(ident, {"lifecycleStatus": "in test"})
    refused(office.offerings.patch(ident, {"lifecycleStatus": "Active"}), 409, "CAT-40")
    office.second[office.offerings.root].patched(ident, {"lifecycleStatus": "Active"})
    onsale = office.offerings.patched(ident, {"lifecycleStatus": "Launched"})
    assert onsale["lifecycleStatus"] == "Launched"
    refused(office.offerings.patch(ident, {"name": "other"}), 409, "CAT-38")
    refused(office.prices.patch(onsale["productOfferingPrice"][0]["id"], {"price": {"value": 1.0}}), 409, "CAT-38")
    refused(office.prices.post({"name": "x", "price": {"value": 1.0}, "productOffering": {"id": ident}}), 409, "CAT-38")
    refused(office.offerings.delete(ident), 409, "CAT-38")
    assert office.offerings.patched(ident, {"statusReason": "kept beside"})["statusReason"] == "kept beside"
    retired = office.offerings.patched(ident, {"lifecycleStatus": "Retired"})
    assert "endDateTime" in retired["validFor"]
    assert office.offerings.patched(ident, {"lifecycleStatus": "Obsolete"})["lifecycleStatus"] == "Obsolete"


# From each state the states that may follow.
LIFE: dict[str, set[str]] = {
    "In design": {"In test", "Rejected"}, "In test": {"In design", "Active", "Rejected"}, "Active": {"Launched", "Obsolete"},
    "Launched": {"Retired", "Active"}, "Retired": {"Obsolete"}, "Rejected": set(), "Obsolete": set(),
}
WAYS: dict[str, tuple[str, ...]] = {
    "In design": (), "In test": ("In test",), "Active": ("In test", "Active"), "Launched": ("In test", "Active", "Launched"),
    "Retired": ("In test", "Active", "Launched", "Retired"), "Rejected": ("Rejected",), "Obsolete": ("In test", "Active", "Obsolete"),
}


@pytest.mark.parametrize("start", LIFE)
def test_every_state_from_every_state(office: Office, start: str) -> None:
    second = office.second[office.offerings.root]
    for end in {*LIFE, "In study"} - {start}:
        ident = str(office.offer()["id"])
        for step in WAYS[start]:
            (second if step == "Active" else office.offerings).patched(ident, {"lifecycleStatus": step})
        answer = (second if end == "Active" else office.offerings).patch(ident, {"lifecycleStatus": end})
        if (start, end) == ("Launched", "Active"):
            refused(answer, 422, "CAT-49")
        elif end in LIFE[start]:
            assert (answer.status_code, answer.json()["lifecycleStatus"]) == (200, end), answer.content.decode()
        else:
            refused(answer, 409, "GEN-03")


def test_a_launch_ahead_is_a_fact_at_once_and_may_be_recalled(office: Office) -> None:
    ident = str(office.offer()["id"])
    office.offerings.patched(ident, {"lifecycleStatus": "In test"})
    office.second[office.offerings.root].patched(ident, {"lifecycleStatus": "Active"})
    ahead = instant_text(clock.now() + timedelta(days=30))
    made = office.offerings.patched(ident, {"lifecycleStatus": "Launched", "validFor": {"startDateTime": ahead}})
    assert (made["lifecycleStatus"], made["validFor"]["startDateTime"]) == ("Launched", ahead)
    assert office.offerings.patched(ident, {"lifecycleStatus": "Active"})["lifecycleStatus"] == "Active"


def test_the_next_version_has_an_id_of_its_own_and_the_first_stands(office: Office) -> None:
    first = office.offer(code="M-59")
    office.launched(office.offerings, first["id"])
    before = office.offerings.get(first["id"]).json()
    second = office.offer(code="M-59", name="畅享59新")
    assert (second["version"], second["id"] != first["id"]) == ("2", True)
    assert office.offerings.get(first["id"]).json() == before
    refused(office.offerings.post({"name": "third", "code": "M-59"}), 409, "CAT-39")
    assert sorted(office.offerings.found("code=M-59")) == sorted([first["id"], second["id"]])
    assert office.offerings.found("code=M-59&version=2") == [second["id"]]
    assert office.offerings.found("code=M-59&lifecycleStatus=Launched") == [first["id"]]
    office.launched(office.offerings, second["id"])
    assert "endDateTime" in office.offerings.get(first["id"]).json()["validFor"]


def test_a_price_is_a_document_of_its_own(office: Office) -> None:
    offer = office.offerings.made({"name": "语音", "kind": "mobile"})
    tiers = [{"fromUnits": 0.0, "amount": 0.15}, {"fromUnits": 100.0, "amount": 0.1}]
    made = office.prices.made({
        "name": "通话", "priceType": "usage", "unitOfMeasure": {"amount": 1.0, "units": "voice_minute"}, "productOffering": {"id": offer["id"]},
        "marketSegment": [{"id": "business"}], "channel": [{"id": "hall"}], "place": [{"id": "3301"}], "tax": [{"taxCategory": "value_added_telecom"}],
        "pricingLogicAlgorithm": [{"id": "tiers", "plaSpecId": "volume", "tier": tiers}],
        "constraint": [{"id": "c-1"}]})
    assert (made["productOffering"]["name"], made["tax"][0]["taxRate"], made["place"][0]["name"]) == ("语音", 6.0, "杭州")
    (logic,) = made["pricingLogicAlgorithm"]
    assert (logic["plaSpecId"], [(one["fromUnits"], one["amount"]) for one in logic["tier"]]) == ("volume", [(0, 0.15), (100, 0.1)])
    assert made["constraint"] == [{"id": "c-1"}]
    refused(office.prices.patch(made["id"], {"price": {"value": 0.2}}), 422, "CAT-25")
    changed = office.prices.patched(made["id"], {"price": {"value": 0.2}, "pricingLogicAlgorithm": None, "marketSegment": None})
    assert (changed["id"], changed["price"]["value"], "marketSegment" in changed) == (made["id"], 0.2, False)
    (inline,) = office.offerings.get(offer["id"]).json()["productOfferingPrice"]
    assert (inline["id"], inline["unitOfMeasure"]) == (made["id"], {"amount": 1, "units": "voice_minute"})
    assert office.prices.found(f"productOffering.id={offer['id']}") == [made["id"]]
    assert office.prices.found("tax.taxCategory=value_added_telecom&priceType=usage") == [made["id"]]
    refused(office.prices.patch(made["id"], {"lifecycleStatus": "Launched"}), 400)
    assert office.prices.delete(made["id"]).status_code == 204
    assert "productOfferingPrice" not in office.offerings.get(offer["id"]).json()


def test_a_bundle_prices_its_part_instead_of_the_parts_own_price(office: Office) -> None:
    part = office.offer(productOfferingPrice=[{**MONTHLY, "code": "rent"}])
    bundle = office.offerings.made({"name": "融合", "bundledProductOffering": [{"id": part["id"]}]})
    made = office.prices.made({"name": "部件价", "code": "rent", "priceType": "recurring", "percentage": 50.0, "productOffering": {"id": bundle["id"]},
                               "bundledProductOffering": {"id": part["id"]}})
    assert (made["percentage"], made["bundledProductOffering"]["id"]) == (50.0, part["id"])
    assert [(one["id"], one["relationshipType"]) for one in made["popRelationship"]] == [(part["productOfferingPrice"][0]["id"], "override")]


def test_prices_keep_their_ids_when_the_offering_is_edited(office: Office) -> None:
    offer = office.offer(productOfferingPrice=[MONTHLY, {"name": "Installation", "priceType": "oneTime", "price": {"taxIncludedAmount": {"value": 100.0}}}])
    ids = [one["id"] for one in offer["productOfferingPrice"]]
    office.offerings.patched(offer["id"], {"name": "改名"})
    prices = office.offerings.get(offer["id"]).json()["productOfferingPrice"]
    assert [one["id"] for one in prices] == ids
    prices[1]["price"]["taxIncludedAmount"]["value"] = 120.0
    again = office.offerings.patched(offer["id"], {"productOfferingPrice": prices})["productOfferingPrice"]
    assert [(one["id"], one["price"]["taxIncludedAmount"]["value"]) for one in again] == [(ids[0], 99.5), (ids[1], 120)]
    added = office.offerings.patched(offer["id"], [{"op": "add", "path": "/productOfferingPrice/-", "value": {**MONTHLY, "name": "Rent"}}], PATCH)
    assert [one["id"] for one in added["productOfferingPrice"]][:2] == ids


def test_categories_form_a_tree_and_hold_offerings(office: Office) -> None:
    catalog = office.catalogs.made({"name": "大众", "catalogType": "product"})
    root = office.categories.made({"name": "个人", "catalog": {"id": catalog["id"]}})
    leaf = office.categories.made({"name": "套餐", "parentId": root["id"]})
    offer = office.offer(category=[{"id": leaf["id"]}])
    assert [one["id"] for one in office.catalogs.get(catalog["id"]).json()["category"]] == [root["id"]]
    assert ([one["id"] for one in office.categories.get(root["id"]).json()["subCategory"]], leaf["isRoot"], leaf["catalog"]["id"]) == (
        [leaf["id"]], False, catalog["id"])
    assert [one["name"] for one in office.categories.get(leaf["id"]).json()["productOffering"]] == ["畅享99"]
    assert office.offerings.found(f"category.id={leaf['id']}") == [offer["id"]]
    refused(office.categories.patch(root["id"], {"parentId": leaf["id"]}), 422, "CAT-")
    refused(office.categories.delete(leaf["id"]), 422, "CAT-08")
    office.offerings.patched(offer["id"], {"category": [{"id": root["id"]}]})
    assert office.categories.delete(leaf["id"]).status_code == 204
    refused(office.catalogs.delete(catalog["id"]), 422, "CAT-08")
    assert office.catalogs.patched(catalog["id"], {"lifecycleStatus": "Retired", "name": "旧"})["lifecycleStatus"] == "Retired"
    refused(office.catalogs.patch(catalog["id"], {"lifecycleStatus": "In test"}), 409, "GEN-03")
    refused(office.catalogs.post({"name": "again", "code": catalog["code"]}), 409, "CAT-97")


def test_what_cannot_be_is_refused_with_every_reason(office: Office) -> None:
    refused(office.offerings.post({"name": "x", "channel": [{"id": "moon"}]}), 400, "channel.id", "hall")
    refused(office.offerings.post({"name": "x", "code": "small letters"}), 422, "CAT-11")
    refused(office.offerings.post({"name": "x", "lifecycleStatus": "Launched"}), 409, "In design")
    refused(office.offerings.post({"name": "x", "kind": "mobile", "productOfferingPrice": [{**MONTHLY, "priceType": "barter"}]}), 400, "priceType")
    said = refused(office.offerings.post({"name": "x", "kind": "mobile", "place": [{"id": "777"}], "productOfferingPrice": [
        {**MONTHLY, "price": {"taxIncludedAmount": {"value": 1.0}, "taxCategory": "air"}}]}), 422)
    assert {fault["code"] for fault in said["details"]} == {"CAT-29", "CAT-33"}
    refused(office.offerings.post({"name": "x", "productOfferingPrice": [{**MONTHLY, "price": {"taxIncludedAmount": {"value": -1.0}}}]}), 422, "CAT-12")
    unfinished = office.offerings.made({"name": "x", "kind": "mobile"})
    refused(office.offerings.patch(unfinished["id"], {"lifecycleStatus": "In test"}), 422, "CAT-24")
    refused(office.offerings.patch(unfinished["id"], {"version": "7"}), 400)
    refused(office.prices.post({"name": "alone"}), 400, "productOffering")
    refused(office.offerings.get(NOWHERE), 404, "GEN-04")


def test_all_read_the_catalogue_and_each_writes_what_it_owns() -> None:
    group, hangzhou = Office(), Office(3301)
    offer = group.offer(agreement=[{"id": "agr-1"}])
    assert hangzhou.offerings.get(offer["id"]).json() == offer
    refused(hangzhou.offerings.patch(offer["id"], {"name": "theirs"}), 404)
    own = hangzhou.offer(name="本地套餐")
    assert Caller("productOffering", MANAGER, org_id=3201).get(own["id"]).json()["name"] == "本地套餐"
    refused(Office(3201).offerings.patch(own["id"], {"name": "theirs"}), 404)
    refused(Caller("productOffering", "clerk", org_id=3301).post({"name": "x"}), 403)


def test_offerings_tell_their_official_events(office: Office) -> None:
    offer = office.offer()
    office.prices.made({"name": "fee", "priceType": "oneTime", "price": {"value": 1.0}, "productOffering": {"id": offer["id"]}})
    office.launched(office.offerings, offer["id"])
    assert told("620/v4", resource="productOffering") == [
        "ProductOfferingCreateEvent", "ProductOfferingAttributeValueChangeEvent", *["ProductOfferingStateChangeEvent"] * 3]
    kinds = told("620/v4", resource="productOfferingPrice")
    assert kinds == [*["ProductOfferingPriceCreateEvent"] * 2, *["ProductOfferingPriceStateChangeEvent"] * 6]


def test_shelves_tell_their_official_events(office: Office) -> None:
    catalog = office.catalogs.made({"name": "大众"})
    office.catalogs.patched(catalog["id"], {"name": "大众市场", "lifecycleStatus": "Retired"})
    office.categories.made({"name": "宽带"})
    assert told("620/v4", resource="catalog") == ["CatalogCreateEvent", "CatalogAttributeValueChangeEvent", "CatalogStateChangeEvent"]
    assert told("620/v4", resource="category") == ["CategoryCreateEvent"]
