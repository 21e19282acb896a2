"""TMF639: equipment, ports, cards and numbers as one inventory, each moved along its life."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.tmf.api.calling import NOWHERE, Caller, refused
from tongke.areas.resource import services
from tongke.kernel import clock
from tongke.kernel.actor import system_actor

pytestmark = pytest.mark.django_db
TESTER = system_actor("test")
OLT: dict[str, Any] = {
    "name": "OLT-WL-01", "category": "equipment", "description": "wing B",
    "resourceCharacteristic": [{"name": "kind", "value": "olt"}, {"name": "technology", "value": "ftth_gpon"}, {"name": "maxDownMbps", "value": 1000}],
}
ICCID = "89860112851234567891"


@pytest.fixture
def resources() -> Caller:
    return Caller("resource", org_id=3301)


def in_olt(olt: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"relationshipType": "isContainedIn", "resource": {"id": olt["id"]}}]


def pool(first: str = "+8613857200000", last: str = "+8613857200099") -> UUID:
    """A pool of a hundred numbers in Hangzhou."""
    at = clock.now() - timedelta(days=1)
    services.record_block(code="138572", kind="mobile", first=first, last=last, org_id=1, by=TESTER, at=at)
    for org in (33, 3301):
        services.give_range(first=first, last=last, org_id=org, by=TESTER, at=at)
    made = services.open_pool(code="HZ-HALL", name_zh="杭州营业厅", kind="mobile", org_id=3301, by=TESTER, at=at)
    services.allot_range(pool_id=made, first=first, last=last, by=TESTER, at=at)
    return made


def test_equipment_and_its_ports(resources: Caller) -> None:
    olt = resources.made(OLT)
    assert (olt["@type"], olt["resourceStatus"], olt["operationalState"], olt["description"]) == ("PhysicalResource", "available", "enable", "wing B")
    assert {item["name"]: item["value"] for item in olt["resourceCharacteristic"]} == {
        "state": "in_service", "kind": "olt", "technology": "ftth_gpon", "maxDownMbps": 1000}
    port = resources.made({"name": "port", "category": "port", "resourceRelationship": in_olt(olt)})
    assert (port["name"], port["resourceStatus"], port["resourceRelationship"][0]["resource"]["name"]) == ("OLT-WL-01/1", "available", "OLT-WL-01")
    assert resources.get(port["id"]).json() == port
    assert sorted(resources.found("resourceStatus=available")) == sorted([olt["id"], port["id"]])
    assert resources.found("category=port&name=OLT-WL-01/1") == [port["id"]]


def test_what_is_shut_down_is_deleted(resources: Caller) -> None:
    """What is taken away is found no more: the answer to a PATCH could not show it, so none pretends to."""
    olt = resources.made(OLT)
    refused(resources.patch(olt["id"], {"administrativeState": "shutdown"}), 409, "DELETE")
    assert resources.get(olt["id"]).json() == olt
    assert resources.delete(olt["id"]).status_code == 204


def test_what_breaks_is_mended_and_what_is_retired_is_gone(resources: Caller) -> None:
    olt = resources.made(OLT)
    port = resources.made({"name": "port", "category": "port", "resourceRelationship": in_olt(olt)})
    broken = resources.patched(port["id"], {"operationalState": "disable", "note": [{"text": "no light"}]})
    assert (broken["resourceStatus"], broken["note"][0]["text"]) == ("alarm", "no light")
    assert resources.patched(port["id"], {"operationalState": "enable"})["resourceStatus"] == "available"
    refused(resources.patch(port["id"], {"resourceStatus": "suspended"}), 409, "GEN-03")
    refused(resources.delete(port["id"]), 409, "TMF-16")
    assert resources.patched(olt["id"], {"operationalState": "disable"})["resourceStatus"] == "alarm"
    assert resources.delete(olt["id"]).status_code == 204
    refused(resources.get(olt["id"]), 404)


def test_a_card_is_received_at_a_place(resources: Caller) -> None:
    at = clock.now()
    model = services.record_item_model(code="SIM-N", kind="sim", name_zh="白卡", name_en="SIM card", by=TESTER, at=at)
    place = services.record_stock_place(code="HZ-WH", name="杭州仓库", kind="warehouse", org_id=3301, by=TESTER, at=at)
    card = {"category": "sim", "name": ICCID, "resourceSpecification": {"id": str(model)}, "place": {"id": str(place), "role": "stock place"},
            "resourceCharacteristic": [{"name": "imsi", "value": "460011234567890"}]}
    made = resources.made(card)
    assert (made["serialNumber"], made["resourceStatus"], made["place"]["name"]) == (ICCID, "available", "杭州仓库")
    refused(resources.post(card), 409, "RES-")
    refused(resources.post(card | {"name": "89860112851234567892"}), 422, "RES-60")
    refused(resources.post(card | {"place": {"id": NOWHERE, "role": "stock place"}}), 422, "TMF-12")
    assert resources.patched(made["id"], {"operationalState": "disable"})["resourceStatus"] == "alarm"
    assert resources.delete(made["id"]).status_code == 204
    assert resources.found("category=sim") == []


def test_a_number_is_read_and_moved_but_never_made(resources: Caller) -> None:
    pool_id = pool()
    (found,) = resources.listing("category=number&value=%2B8613857200007").json()
    assert (found["@type"], found["resourceStatus"], found["usageState"]) == ("LogicalResource", "available", "idle")
    hold = services.hold_number("+8613857200007", by=TESTER, at=clock.now())
    services.confirm_hold(token=hold.token, assigned_to=UUID(NOWHERE), by=TESTER, at=clock.now())
    assert resources.get(found["id"]).json()["usageState"] == "active"
    assert resources.patched(found["id"], {"resourceStatus": "suspended"})["resourceStatus"] == "suspended"
    refused(resources.patch(found["id"], {"administrativeState": "locked"}), 409, "GEN-03")
    assert resources.patched(found["id"], {"resourceStatus": "reserved"})["resourceStatus"] == "reserved"
    refused(resources.delete(found["id"]), 409, "TMF-16")
    refused(resources.post({"category": "number", "name": "+8613857299999"}), 409, "TMF-16")
    refused(Caller("resource", org_id=3302).get(found["id"]), 404)
    assert resources.listing("category=number&resourceStatus=available&limit=5")["X-Total-Count"] == "99"
    assert str(pool_id) in str(found["resourceCharacteristic"])


@pytest.mark.parametrize(("wrong", "status", "word"), [
    ({"category": "satellite"}, 400, "category"), ({"resourceCharacteristic": [{"name": "kind", "value": "toaster"}]}, 400, "kind"),
    ({"resourceRelationship": [{"relationshipType": "isContainedIn", "resource": {"id": NOWHERE}}]}, 422, "TMF-12"),
    ({"usageState": "busy"}, 400, "usageState"), ({"resourceCharacteristic": [*OLT["resourceCharacteristic"], {"name": "colour", "value": "red"}]}, 422, "TMF-13"),
])
def test_what_cannot_be_taken_leaves_nothing(resources: Caller, wrong: dict[str, Any], status: int, word: str) -> None:
    refused(resources.post(OLT | wrong), status, word)
    assert resources.found("") == []


def test_who_may_only_look_changes_nothing() -> None:
    olt = Caller("resource", org_id=3301).made(OLT)
    reader = Caller("resource", "clerk", org_id=3301)
    assert reader.get(olt["id"]).status_code == 200
    refused(reader.patch(olt["id"], {"operationalState": "disable"}), 403)
    refused(reader.post(OLT | {"name": "OLT-2"}), 403)
