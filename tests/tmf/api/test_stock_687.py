"""TMF687: how much is where, by serial; what is looked for, reserved, lost and found."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from stdnum import luhn

from tests.tmf.api.calling import NOWHERE, Caller, refused
from tests.tmf.api.telling import told
from tests.tmf.api.test_resource_639 import TESTER
from tongke.areas.resource import errors, queries, services
from tongke.kernel import clock
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db


class Hall:
    """A warehouse with five SIM cards and a hall with one."""

    def __init__(self) -> None:
        at = clock.now()
        self.model = services.record_item_model(code="SIM-N", kind="sim", name_zh="白卡", name_en="SIM card", by=TESTER, at=at)
        self.store, self.hall = (services.record_stock_place(code=code, name=name, kind=kind, org_id=3301, by=TESTER, at=at) for code, name, kind in (
            ("HZ-WH", "杭州仓库", "warehouse"), ("WL", "武林营业厅", "hall")))
        for place, first, count in ((self.store, 0, 5), (self.hall, 100, 1)):
            bases = [f"898601128512345{first + n:04d}" for n in range(count)]
            services.receive_items(stock_place_id=place, model_code="SIM-N", by=TESTER, at=at, items=[
                services.ItemDraft(serial=base + luhn.calc_check_digit(base), imsi=f"46001{base[-10:]}") for base in bases])
        self.in_store, self.in_hall = (str(queries.stock_id(place, self.model)) for place in (self.store, self.hall))


@pytest.fixture
def hall() -> Hall:
    return Hall()


@pytest.fixture
def stocks() -> Caller:
    return Caller("productStock", org_id=3301)


def amount(stocks: Caller, ident: str) -> int:
    return int(stocks.get(ident).json()["productStockLevel"]["amount"])


def test_what_lies_where(stocks: Caller, hall: Hall) -> None:
    found = {one["id"]: one for one in stocks.listing("").json()}
    assert {ident: (one["place"]["name"], one["productStockLevel"]["amount"], one["productStockStatusType"]) for ident, one in found.items()} == {
        hall.in_store: ("杭州仓库", 5, "available"), hall.in_hall: ("武林营业厅", 1, "available")}
    assert stocks.get(hall.in_store).json() == found[hall.in_store]
    assert stocks.found(f"place.id={hall.hall}&stockedProduct.productSpecification.id=SIM-N") == [hall.in_hall]
    assert stocks.found("productStockLevel.amount.gt=3&productStockStatusType=available") == [hall.in_store]
    refused(Caller("productStock", org_id=3302).get(hall.in_store), 404)


def test_a_level_is_watched_and_told(stocks: Caller, hall: Hall) -> None:
    body: dict[str, Any] = {
        "productStockStatusType": "available", "productStockLevel": {"amount": 1, "units": "each"}, "minStockLevel": {"amount": 2, "units": "each"},
        "maxStockLevel": {"amount": 10, "units": "each"}, "place": {"id": str(hall.hall), "role": "stock place"}, "stockedProduct": {"id": str(hall.model)}}
    made = stocks.made(body)
    assert (made["id"], made["minStockLevel"]["amount"]) == (hall.in_hall, 2)
    assert {"ProductStockCreateEvent", "ProductStockAttributeValueChangeEvent"} <= set(told("687/v4"))
    assert stocks.patched(made["id"], {"maxStockLevel": {"amount": 20, "units": "each"}})["maxStockLevel"]["amount"] == 20
    refused(stocks.patch(made["id"], {"productStockLevel": {"amount": 9, "units": "each"}}), 422, "TMF-17")
    refused(stocks.post(body | {"productStockLevel": {"amount": 7, "units": "each"}}), 422, "TMF-13")
    refused(stocks.post(body | {"stockedProduct": {"id": "SIM-X"}}), 422, "TMF-12")


def test_enough_here_or_elsewhere(hall: Hall) -> None:
    check = Caller("checkProductStock", org_id=3301)
    wanted = {"provideAlternative": True, "checkProductStockItem": [
        {"id": "1", "checkedProductStock": {"id": hall.in_hall}, "requestedQuantity": {"amount": 3, "units": "each"}},
        {"id": "2", "checkedProductStock": {"id": hall.in_store}, "requestedQuantity": {"amount": 3, "units": "each"}}]}
    first, second = check.made(wanted)["checkProductStockItem"]
    assert (first["availabilityResult"], second["availabilityResult"]) == ("unavailable", "available")
    assert [(one["alternatePlace"]["name"], one["alternateQuantity"]["amount"]) for one in first["alternate"]] == [("杭州仓库", 5)]
    refused(check.post({"checkProductStockItem": [{"id": "1", "checkedProductStock": {"id": NOWHERE}}]}), 422, "TMF-12")


@pytest.mark.parametrize("quantity", [None, {}, {"amount": 0}, {"amount": -1}, {"amount": 1.5}])
def test_a_task_says_how_many_of_what(stocks: Caller, hall: Hall, quantity: dict[str, Any] | None) -> None:
    """Officially an item has a quantity, and a task has items; none of them is made up."""
    order = {"relatedEntity": [{"id": "order-9", "role": "order", "@referredType": "ProductOrder"}]}
    for name, body, item in (
        ("checkProductStock", {}, {"id": "1", "checkedProductStock": {"id": hall.in_store}, "requestedQuantity": quantity}),
        ("reserveProductStock", order, {"id": "1", "productStockRequested": {"id": hall.in_store}, "quantityRequested": quantity}),
    ):
        task = Caller(name, org_id=3301)
        refused(task.post(body | {f"{name}Item": [item]}), 400)
        refused(task.post(body | {f"{name}Item": []}), 400, f"{name}Item")
        refused(task.post(body | {f"{name}Item": [item] * 101}), 400, f"{name}Item", "too_long")
    refused(Caller("adjustProductStock", org_id=3301).post({"adjustProductStockItem": []}), 400, "adjustProductStockItem")
    assert amount(stocks, hall.in_store) == 5


def test_stock_is_reserved_once_for_an_order(stocks: Caller, hall: Hall) -> None:
    reserve = Caller("reserveProductStock", org_id=3301)
    order: dict[str, Any] = {"relatedEntity": [{"id": "order-7", "role": "order", "@referredType": "ProductOrder"}], "reserveProductStockItem": [
        {"id": "sim", "productStockRequested": {"id": hall.in_store}, "quantityRequested": {"amount": 2, "units": "each"}}]}
    made = reserve.made(order)
    item = made["reserveProductStockItem"][0]
    assert (item["quantityReserved"]["amount"], len(item["resource"]), made["reserveProductStockState"]) == (2, 2, "done")
    assert amount(stocks, hall.in_store) == 3
    assert reserve.made(order)["reserveProductStockItem"][0]["reservation"] == item["reservation"] == {"id": item["reservation"]["id"]}
    assert amount(stocks, hall.in_store) == 3
    much = order | {"relatedEntity": [{"id": "order-8", "role": "order", "@referredType": "ProductOrder"}], "reserveProductStockItem": [
        {"id": "a", "productStockRequested": {"id": hall.in_hall}, "quantityRequested": {"amount": 1, "units": "each"}},
        {"id": "b", "productStockRequested": {"id": hall.in_store}, "quantityRequested": {"amount": 9, "units": "each"}}]}
    refused(reserve.post(much), 409, "RES-")
    assert amount(stocks, hall.in_hall) == 1
    refused(reserve.post({"reserveProductStockItem": order["reserveProductStockItem"]}), 400, "relatedEntity")
    twice = {**order, "relatedEntity": much["relatedEntity"], "reserveProductStockItem": order["reserveProductStockItem"] * 2}
    refused(reserve.post(twice), 400, "reserveProductStockItem[1].id")
    assert amount(stocks, hall.in_store) == 3


def test_what_opens_a_reservation_is_kept_in_no_document(hall: Hall) -> None:
    """Whoever may look at stock reads the task and subscribers are sent it; the order is worked by asking for it again."""
    made = Caller("reserveProductStock", org_id=3301).made({
        "relatedEntity": [{"id": "order-7", "role": "order", "@referredType": "ProductOrder"}],
        "reserveProductStockItem": [{"id": "sim", "productStockRequested": {"id": hall.in_store}, "quantityRequested": {"amount": 1, "units": "each"}}]})
    held = services.reserve_item(order_ref="order-7", key="sim", model_code="SIM-N", stock_place_id=hall.store, by=TESTER, at=clock.now())
    assert (held.repeated, str(held.id)) == (True, made["reserveProductStockItem"][0]["reservation"]["id"])
    with connection.cursor() as cursor, acting(TESTER):
        cursor.execute("SELECT content::text FROM tmf_document WHERE resource = 'reserveProductStock'")
        assert all(str(held.token) not in text for (text,) in cursor.fetchall())
    services.confirm_reservation(reservation_id=held.id, token=held.token, service_ref="line-1", by=TESTER, at=clock.now())


def test_what_documents_of_before_showed_opens_nothing(hall: Hall, as_owner: Callable[[], AbstractContextManager[Any]]) -> None:
    at, reserve = clock.now(), Caller("reserveProductStock", org_id=3301)
    order = {"relatedEntity": [{"id": "order-7", "role": "order", "@referredType": "ProductOrder"}], "reserveProductStockItem": [
        {"id": name, "productStockRequested": {"id": hall.in_store}, "quantityRequested": {"amount": 1, "units": "each"}} for name in ("a", "b")]}
    made = reserve.made(order)

    def held(key: str) -> services.Reserved:
        return services.reserve_item(order_ref="order-7", key=key, model_code="SIM-N", stock_place_id=hall.store, by=TESTER, at=at)

    before = {key: held(key) for key in ("a", "b")}
    migration = import_module("tongke.tmf.migrations.0008_no_tokens")
    with as_owner() as cursor:
        for place, key in enumerate(before):
            cursor.execute("UPDATE tmf_document SET content = jsonb_set(content, %s, to_jsonb(%s::text)) WHERE id = %s",
                           [["reserveProductStockItem", str(place), "reservation", "token"], str(before[key].token), made["id"]])
        cursor.execute(migration.ANEW)
        cursor.execute(migration.FORGET)
    assert reserve.get(made["id"]).json() == made
    for key, old in before.items():
        with pytest.raises(errors.WrongToken):
            services.confirm_reservation(reservation_id=old.id, token=old.token, service_ref="line-1", by=TESTER, at=at)
        services.confirm_reservation(reservation_id=old.id, token=held(key).token, service_ref="line-1", by=TESTER, at=at)


def test_what_was_lost_is_set_right_by_serial(stocks: Caller, hall: Hall) -> None:
    adjust = Caller("adjustProductStock", org_id=3301)
    (card,) = Caller("resource", org_id=3301).listing(f"category=sim&place.id={hall.hall}").json()

    def body(quantity: int, *cards: str) -> dict[str, Any]:
        return {"adjustReason": "盘点", "adjustProductStockItem": [{
            "id": "1", "productStockTarget": {"id": hall.in_hall}, "adjustProductStockQuantity": {"amount": quantity, "units": "each"},
            "resource": [{"id": ident} for ident in cards]}]}

    watch = {"productStockStatusType": "available", "productStockLevel": {"amount": 1, "units": "each"}, "stockedProduct": {"id": "SIM-N"},
             "place": {"id": str(hall.hall), "role": "stock place"}}
    stocks.post(watch)
    assert adjust.made(body(-1, card["id"]))["state"] == "done"
    assert amount(stocks, hall.in_hall) == 0
    adjust.made(body(1, card["id"]))
    assert amount(stocks, hall.in_hall) == 1
    refused(adjust.post(body(-1)), 422, "TMF-17")
    for nonsense in (5, {"id": card["id"]}, [card["id"]], True):
        wrong = body(-1, card["id"])
        wrong["adjustProductStockItem"][0]["resource"] = nonsense
        refused(adjust.post(wrong), 400, "resource")
    refused(adjust.post(body(-1, NOWHERE)), 422, "TMF-12")
    elsewhere = Caller("resource", org_id=3301).listing(f"category=sim&place.id={hall.store}").json()[0]
    refused(adjust.post(body(-1, elsewhere["id"])), 422, "TMF-12")
    assert amount(stocks, hall.in_store) == 5
    refused(Caller("adjustProductStock", "clerk", org_id=3301).post(body(-1, card["id"])), 403)


def test_what_can_be_had(hall: Hall) -> None:
    query = Caller("queryProductStock", org_id=3301)
    answer = query.made({"searchCriteria": {"stockLevelCategory": "sim"}})
    assert {one["id"] for one in answer["queryProductStockItem"]} == {hall.in_store, hall.in_hall}
    only = query.made({"searchCriteria": {"place": {"id": str(hall.hall), "role": "stock place"}, "stockedProduct": {"id": "SIM-N"}}})
    assert [one["id"] for one in only["queryProductStockItem"]] == [hall.in_hall]
    assert query.get(only["id"]).json() == only
