"""TMF673 and TMF674: the address tree, which address is meant, and sites."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tmf.api.calling import NOWHERE, Caller, refused

pytestmark = pytest.mark.django_db
PARK: dict[str, Any] = {
    "stateOrProvince": "浙江省", "city": "杭州市", "locality": "西湖区", "streetName": "文三路", "streetNr": "90号", "postcode": "310012",
    "geographicSubAddress": [{"privateStreetName": "东部软件园", "buildingName": "1幢"}],
    "geographicLocation": {"@type": "GeoJsonPoint", "geoJson": {"type": "Point", "coordinates": [120.13, 30.28]}},
}


@pytest.fixture
def addresses() -> Caller:
    """A caller of Hangzhou; its province stands in the tree, by the group."""
    Caller("geographicAddress", org_id=1).made({"stateOrProvince": "浙江省"})
    return Caller("geographicAddress", org_id=3301)


def unit(number: str, room: str = "") -> dict[str, Any]:
    units = [{"subUnitType": "unit", "subUnitNumber": number}] + ([{"subUnitType": "room", "subUnitNumber": room}] if room else [])
    return PARK | {"geographicSubAddress": [{"privateStreetName": "东部软件园", "buildingName": "1幢", "subUnit": units}]}


def test_an_address_brings_all_above_it_and_stands_once(addresses: Caller) -> None:
    made = addresses.made(PARK)
    assert (made["name"], made["geographicAddressType"], made["country"]) == ("浙江省杭州市西湖区文三路90号东部软件园1幢", "building", "中国")
    assert made["geographicLocation"]["geoJson"] == {"type": "Point", "coordinates": [120.13, 30.28]}
    assert addresses.get(made["id"]).json() == made
    assert addresses.made(PARK)["id"] == made["id"]
    assert {one["geographicAddressType"] for one in addresses.listing("").json()} == {"province", "city", "district", "street", "community", "building"}
    assert addresses.found("streetName=文三路&geographicAddressType=building") == [made["id"]]


def test_what_lies_below_is_listed_below(addresses: Caller) -> None:
    building = addresses.made(PARK)
    rooms = [addresses.made(unit("1单元", room))["id"] for room in ("301室", "302室")]
    below = addresses.client.get(f"{addresses.root}/{building['id']}/geographicSubAddress")
    assert (below.status_code, below["X-Total-Count"], [one["name"] for one in below.json()]) == (200, "1", ["1单元"])
    inner = addresses.client.get(f"{addresses.root}/{below.json()[0]['id']}/geographicSubAddress").json()
    assert sorted(one["id"] for one in inner) == sorted(rooms)
    one = addresses.client.get(f"{addresses.root}/{building['id']}/geographicSubAddress/{below.json()[0]['id']}").json()
    assert (one["subAddressType"], one["buildingName"]) == ("unit", "1幢")
    assert addresses.client.get(f"{addresses.root}/{NOWHERE}/geographicSubAddress").json() == []


def test_number_in_the_street_and_position_are_changed_and_taken_back(addresses: Caller) -> None:
    home = addresses.made(PARK | {"geographicSubAddress": [{"privateStreetName": "东部软件园"}]})
    changed = addresses.patched(home["id"], {"streetNr": "92号"})
    assert (changed["streetNr"], changed["name"]) == ("92", "浙江省杭州市西湖区文三路92号东部软件园")
    assert "geographicLocation" not in addresses.patched(home["id"], {"geographicLocation": None})
    building = addresses.made(PARK | {"streetNr": None})
    refused(addresses.patch(building["id"], {"streetNr": "94号"}), 400, "streetNr")
    refused(addresses.patch(building["id"], {"name": "somewhere else"}), 400, "name")
    refused(addresses.patch(home["id"], {"streetNr": "9" * 31}), 400, "streetNr")


def test_its_own_part_is_renamed_and_found_under_both_names(addresses: Caller) -> None:
    made = addresses.made(PARK)
    changed = addresses.patched(made["id"], {"geographicSubAddress": [{"privateStreetName": "东部软件园", "buildingName": "科技大楼"}], "postcode": "310013"})
    assert (changed["name"], changed["postcode"]) == ("浙江省杭州市西湖区文三路90号东部软件园科技大楼", "310013")
    refused(addresses.patch(made["id"], {"city": "宁波市"}), 400, "geographicAddressType")


@pytest.mark.parametrize(("wrong", "status", "word"), [
    ({"stateOrProvince": None, "city": "", "locality": " ", "streetName": None, "geographicSubAddress": None}, 400, "stateOrProvince"),
    ({"stateOrProvince": None}, 422, "RES-113"), ({"country": "France"}, 422, "TMF-13"),
    ({"geographicLocation": {"@type": "GeoJsonPoint", "geoJson": {"type": "Polygon", "coordinates": []}}}, 400, "Point"),
    ({"geographicLocation": {"@type": "GeoJsonPoint", "geoJson": {"type": "Point", "coordinates": [300, 99]}}}, 422, "RES-"),
    ({"geographicLocation": {"@type": "GeoJsonPoint", "geoJson": {"type": "Point", "coordinates": [True, 30]}}}, 400, "Point"),
    ({"streetNr": "9" * 31}, 400, "streetNr"), ({"postcode": "3" * 13}, 400, "postcode"),
    ({"geographicSubAddress": [{"subUnit": [{"subUnitType": "floor", "subUnitNumber": "3"}]}]}, 400, "subUnitType"),
])
def test_what_cannot_be_taken_leaves_nothing(addresses: Caller, wrong: dict[str, Any], status: int, word: str) -> None:
    refused(addresses.post(PARK | wrong), status, word)
    assert addresses.found("geographicAddressType.ne=province") == []


def test_a_province_is_the_groups(addresses: Caller) -> None:
    """Its name stands in everybody's addresses."""
    (zhejiang,) = addresses.found("")
    refused(addresses.post(PARK | {"stateOrProvince": "福建省"}), 422, "RES-126")
    refused(addresses.patch(zhejiang, {"stateOrProvince": "浙省"}), 404)
    refused(addresses.delete(zhejiang), 404)
    assert addresses.found("") == [zhejiang]
    assert addresses.made(PARK)["stateOrProvince"] == "浙江省"


def test_an_address_that_is_gone_is_found_no_more(addresses: Caller) -> None:
    made = addresses.made(PARK)
    assert addresses.delete(made["id"]).status_code == 204
    refused(addresses.get(made["id"]), 404)


@pytest.mark.parametrize(("text", "result"), [
    ("浙江省杭州市西湖区文三路90号东部软件园1幢", "success"), ("杭州西湖文三路90号 东部软件园 1栋", "success"), ("文三路90号东部软件园一号楼", "success"),
    ("杭州市西湖区文三路90号东部软件园9幢", "partial"), ("南京市长江路1号", "fails"),
])
def test_which_address_is_meant(addresses: Caller, text: str, result: str) -> None:
    made = addresses.made(PARK)
    validation = Caller("geographicAddressValidation", org_id=3301)
    answer = validation.made({"provideAlternative": True, "submittedGeographicAddress": {"name": text}})
    assert (answer["validationResult"], answer["state"]) == (result, "done")
    assert (answer.get("validGeographicAddress", {}).get("id") == made["id"]) is (result == "success")
    assert bool(answer.get("alternateGeographicAddress")) is (result == "partial")
    assert validation.get(answer["id"]).json() == answer


def test_parts_are_as_good_as_one_line(addresses: Caller) -> None:
    made = addresses.made(unit("2单元", "401室"))
    answer = Caller("geographicAddressValidation", org_id=3301).made({
        "provideAlternative": False, "submittedGeographicAddress": {"city": "杭州市", "streetName": "文三路", "streetNr": "90号", "geographicSubAddress": [
            {"privateStreetName": "东部软件园", "buildingName": "1号楼", "subUnit": [
                {"subUnitType": "unit", "subUnitNumber": "二单元"}, {"subUnitType": "room", "subUnitNumber": "401"}]}]}})
    assert answer["validGeographicAddress"]["id"] == made["id"]


def test_a_site_lives_and_stands_somewhere(addresses: Caller) -> None:
    place = addresses.made(PARK)
    sites = Caller("geographicSite", org_id=3301)
    made = sites.made({"code": "HZ-WS", "name": "文三局", "status": "planned", "@type": "StreetCabinet", "description": "沿街",
                       "place": [{"id": place["id"], "@referredType": "GeographicAddress"}]})
    assert (made["status"], made["@type"], made["place"][0]["name"], made["description"]) == ("planned", "StreetCabinet", place["name"], "沿街")
    assert sites.patched(made["id"], {"status": "active", "name": "文三路局"})["name"] == "文三路局"
    assert sites.found("status=active&code=HZ-WS") == [made["id"]]
    refused(sites.patch(made["id"], {"status": "planned"}), 409, "GEN-03")
    refused(sites.patch(made["id"], {"status": "former"}), 409, "DELETE")
    refused(sites.post({"code": "HZ-WS"}), 409, "HZ-WS")
    refused(sites.post({"code": "X", "status": "former"}), 400, "status")
    refused(sites.post({"code": "X", "place": [{"id": NOWHERE}]}), 422, "TMF-12")
    refused(Caller("geographicSite", org_id=3302).get(made["id"]), 404)
    assert sites.delete(made["id"]).status_code == 204
    refused(sites.get(made["id"]), 404)
