"""Texts longer than any column and numbers beyond any: refused or cut as documented, never a fault of the server, in every API of resources."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import network
from tests.tmf.api.calling import Caller
from tests.tmf.api.test_resource_639 import OLT, in_olt, pool
from tests.tmf.api.test_stock_687 import Hall

pytestmark = pytest.mark.django_db
LONG, LARGE = "x" * 300, 2**40
KIND = OLT["resourceCharacteristic"][:2]
ORDER = {"relatedEntity": [{"id": "o", "role": "order", "@referredType": "ProductOrder"}]}
POOL = {"role": "pool", "@referredType": "ResourcePool"}
PLACE = {"stateOrProvince": "浙江省", "city": "杭州市"}


class World:
    """A hall with stock, a pool, a card, a number and an OLT, by which bodies refer to what is there."""

    def __init__(self) -> None:
        resources = Caller("resource", org_id=3301)
        self.hall, self.pool = Hall(), str(pool())
        network.place("province", "浙江省")
        self.olt = resources.made(OLT)
        self.card = resources.listing(f"category=sim&place.id={self.hall.hall}").json()[0]
        (self.number,) = resources.listing("value=%2B8613857200008").json()

    def item(self, name: str = "1") -> dict[str, Any]:
        """One item to reserve."""
        return {"id": name, "productStockRequested": {"id": self.hall.in_store}, "quantityRequested": {"amount": 1, "units": "each"}}


def of_pool(world: World, **more: Any) -> dict[str, Any]:
    return {"relatedParty": [{"id": "p", "role": "buyer"}], "reservationItem": [{"relatedEntity": [POOL | {"id": world.pool}]}], **more}


CREATED: dict[str, tuple[str, Any]] = {
    "order": ("reserveProductStock", lambda w: {"relatedEntity": [ORDER["relatedEntity"][0] | {"id": LONG}], "reserveProductStockItem": [w.item()]}),
    "item": ("reserveProductStock", lambda w: ORDER | {"reserveProductStockItem": [w.item(LONG)]}),
    "label of a port": ("resource", lambda w: {
        "name": "port", "category": "port", "resourceRelationship": in_olt(w.olt), "resourceCharacteristic": [{"name": "label", "value": LONG}]}),
    "split": ("resource", lambda _w: OLT | {"name": "OLT-2", "resourceCharacteristic": [*KIND, {"name": "split", "value": LONG}]}),
    "code of equipment": ("resource", lambda _w: OLT | {"name": LONG}),
    "speed": ("resource", lambda _w: OLT | {"name": "OLT-3", "resourceCharacteristic": [*KIND, {"name": "maxDownMbps", "value": LARGE}]}),
    "uplink": ("resource", lambda _w: OLT | {"name": "OLT-4", "resourceCharacteristic": [*KIND, {"name": "uplinkMbps", "value": LARGE}]}),
    "serial": ("resource", lambda w: {
        "name": LONG, "category": "sim", "serialNumber": LONG, "resourceSpecification": {"id": w.card["resourceSpecification"]["id"]},
        "place": {"id": str(w.hall.hall), "role": "stock place"}}),
    "code of a pool": ("resourcePool", lambda _w: {"code": LONG, "name": "x"}),
    "name of a pool": ("resourcePool", lambda _w: {"code": "c", "name": LONG}),
    "channel of a pool": ("resourcePool", lambda _w: {"code": "c", "name": "x", "channel": [{"name": LONG}]}),
    "channel": ("reservation", lambda w: of_pool(w, channel={"name": LONG})),
    "code of a site": ("geographicSite", lambda _w: {"code": LONG, "name": "x"}),
    "name of a site": ("geographicSite", lambda _w: {"code": "s", "name": LONG}),
    "street": ("geographicAddress", lambda _w: PLACE | {"streetName": LONG}),
    "place of a nul": ("geographicAddress", lambda _w: PLACE | {"streetName": "a\x00b"}),
}
TAKEN: dict[str, tuple[str, Any]] = {
    "far end of a reservation": ("reservation", lambda w: of_pool(w, reservationPeriod={"endDateTime": "9999-12-31T00:00:00Z"})),
    "reason of the desk": ("extract", lambda w: {"resourcePool": {"id": w.pool}, "resource": [{"id": w.number["id"]}], "reason": LONG}),
    "reason of a loss": ("adjustProductStock", lambda w: {"adjustReason": LONG, "adjustProductStockItem": [{
        "productStockTarget": {"id": w.hall.in_hall}, "adjustProductStockQuantity": {"amount": -1, "units": "each"}, "resource": [{"id": w.card["id"]}]}]}),
    "text to look for": ("geographicAddressValidation", lambda _w: {"provideAlternative": True, "submittedGeographicAddress": {"name": LONG * 30}}),
}


def test_what_no_column_takes_is_refused() -> None:
    world = World()
    got = {}
    for what, (resource, body) in CREATED.items():
        caller = Caller(resource, org_id=3301)
        caller.client.raise_request_exception = False
        got[what] = caller.post(body(world)).status_code
    assert {what: status for what, status in got.items() if status not in {400, 409, 422}} == {}


def test_what_is_as_long_as_one_likes_is_taken() -> None:
    world = World()
    assert {what: Caller(resource, org_id=3301).post(body(world)).status_code for what, (resource, body) in TAKEN.items()} == dict.fromkeys(TAKEN, 201)
    resources = Caller("resource", org_id=3301)
    resources.patched(world.olt["id"], {"operationalState": "disable", "note": [{"text": LONG}]})
