"""TMF687 Stock, v4: how much of what is where, and the tasks that look for stock, reserve it and set it right."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.events import stock as events
from tongke.areas.resource.queries.records.stock import STOCK
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid, Refused
from tongke.tmf.kit import reading
from tongke.tmf.kit.declared import Api, Change, Resource, Told
from tongke.tmf.kit.errors import UnknownReference
from tongke.tmf.kit.mapping import Col, Const, Node, Obj
from tongke.tmf.kit.references import known, record_of
from tongke.tmf.kit.shapes import Quantity, instant_text
from tongke.tmf.kit.tasks import task_resource
from tongke.tmf.resource.stock_shapes import (
    AdjustProductStock,
    CheckItem,
    CheckProductStock,
    ProductStock,
    QueryProductStock,
    ReserveProductStock,
)

COUNT, RESERVE, VIEW = "resource.count_stock", "resource.reserve", "resource.view_stock"
EACH = Const("each")
# The official words for a state: what can be had, what is kept for orders, what cannot be had; and what is done with it.
STATUS = {"in_stock": "available", "reserved": "reserved"} | dict.fromkeys(
    ("in_transit", "handed_out", "installed", "returned", "faulty", "repair", "scrapped", "lost"), "unavailable")
USAGE = {"in_transit": "inTransit", "in_stock": "inShop", "reserved": "inShop", "returned": "returned", "faulty": "damaged", "repair": "damaged"}


class CountedBySerial(Refused):
    """Stock is not a number that is set: every item has a serial."""

    code = "TMF-17"
    says = _("Stock is counted by serial: a bare quantity cannot be set")
    mend = _("Name the items in `resource` that were lost or found, or receive new ones over TMF639")
    status = 422


ATTRIBUTES: dict[str, Node] = {
    "id": Col("id"), "name": Col("model_name", loose=True), "stockLevelCategory": Col("kind", loose=True), "lastInventoryDate": Col("counted_at"),
    "productStockLevel": Obj({"amount": Col("quantity"), "units": EACH}),
    "minStockLevel": Obj({"amount": Col("low_at"), "units": EACH}), "maxStockLevel": Obj({"amount": Col("target"), "units": EACH}),
    "place": Obj({"id": Col("stock_place_id"), "name": Col("place_name", loose=True), "role": Const("stock place"), "@referredType": Const("StockPlace")}),
    "productStockStatusType": Col("state", values=STATUS), "productStockUsageType": Col("usage", values=USAGE),
    "stockedProduct": Obj({"id": Col("model_id"), "name": Col("model_name", loose=True),
                           "productSpecification": Obj({"id": Col("model_code"), "name": Col("model_name", loose=True)})}),
}


def _model_code(model: str | None, path: str, *, by: Actor) -> str:
    """Return the code of a model that is referred to by id or code. Raises ``UnknownReference``."""
    for found in queries.item_models(by=by):
        if str(model) in {str(found.id), found.code}:
            return found.code
    raise UnknownReference(path=path, value=str(model)[:60], field=path)


def _stock(ident: str | None, path: str, *, by: Actor) -> dict[str, Any]:
    """Return the document of a stock that is referred to. Raises ``UnknownReference``."""
    wanted = record_of(ident, path)
    found = _documents([wanted], by=by)
    if not found:
        raise UnknownReference(path=path, value=str(ident), field=path)
    return found[0]


def _documents(ids: Iterable[UUID], *, by: Actor) -> list[dict[str, Any]]:
    wanted = list(dict.fromkeys(ids))
    found = reading.documents(APIS[0], PRODUCT_STOCK, wanted, by=by)
    return [found[ident] for ident in wanted if ident in found]


def _watch(document: ProductStock, *, by: Actor, at: datetime) -> None:
    """Say how little of a model at a place is too little, and how much should lie there."""
    place = record_of(document.place.id if document.place else None, "place.id")
    low, target = _amount(document.min_stock_level), _amount(document.max_stock_level)
    code = _model_code(document.stocked_product.id if document.stocked_product else None, "stockedProduct.id", by=by)
    known("place.id", place, lambda: services.set_stock_level(
        stock_place_id=place, model_code=code, low_at=low, target=max(target, low), by=by, at=at))


def _amount(given: Quantity | None) -> int:
    if given is None or given.amount is None:
        return 0
    if given.amount < 0 or given.amount != int(given.amount):
        raise Invalid(what="amount", field="amount")
    return int(given.amount)


def _wanted(given: Quantity | None, path: str) -> int:
    """Return how many are asked for. Raises ``Invalid`` where it is not said: officially it must be."""
    wanted = _amount(given)
    if wanted < 1:
        raise Invalid(what=path, field=path)
    return wanted


def _some(items: list[Any] | None, path: str) -> list[Any]:
    """Return the items of a task. Raises ``Invalid`` for a task about nothing."""
    if not items:
        raise Invalid(what=path, field=path)
    return items


def create(document: ProductStock, *, by: Actor, at: datetime) -> UUID:
    """Watch a model at a place from now on; what lies there is counted, not said."""
    _watch(document, by=by, at=at)
    place = record_of(document.place.id if document.place else None, "place.id")
    wanted = document.stocked_product.id if document.stocked_product else None
    model = next(model.id for model in queries.item_models(by=by) if str(wanted) in {str(model.id), model.code})
    return queries.stock_id(place, model)


def change(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Change how little is too little and how much should lie there."""
    del record_id
    if wanted.changed & {"productStockLevel", "productStockStatusType", "productStockUsageType"}:
        raise CountedBySerial(field="productStockLevel")
    _watch(wanted.after, by=by, at=at)


def adjust(document: AdjustProductStock, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Set stock right by serial: items that are named were lost (below zero) or found (above)."""
    items = []
    for place, item in enumerate(_some(document.adjust_product_stock_item, "adjustProductStockItem")):
        path = f"adjustProductStockItem[{place}]"
        stock = _stock(item.product_stock_target.id if item.product_stock_target else None, f"{path}.productStockTarget.id", by=by)
        quantity = item.adjust_product_stock_quantity.amount if item.adjust_product_stock_quantity else None
        named = item.resource or []
        if not quantity or len(named) != abs(quantity):
            raise CountedBySerial(field=f"{path}.resource")
        for one in named:
            _set_right(record_of(one.id, f"{path}.resource.id"), stock, found=quantity > 0, reason=document.adjust_reason or "TMF687", by=by, at=at)
        items.append(item.document() | {"state": "done"})
    return {"adjustProductStockItem": items}


def _set_right(item_id: UUID, stock: dict[str, Any], *, found: bool, reason: str, by: Actor, at: datetime) -> None:
    item = known("resource.id", item_id, lambda: queries.item_seen(item_id, by=by))
    lies_there = found or str(item.stock_place_id) == stock["place"]["id"]
    if not lies_there or item.model_code != stock["stockedProduct"]["productSpecification"]["id"]:
        raise UnknownReference(path="resource.id", value=str(item_id), field="resource.id")
    if found:
        services.find_item(item_id=item_id, stock_place_id=UUID(stock["place"]["id"]), reason=reason, by=by, at=at)
    else:
        services.report_item_lost(item_id=item_id, reason=reason, by=by, at=at)


def check(document: CheckProductStock, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Answer for each stock whether enough can be had now, else where else."""
    del at
    return {"checkProductStockItem": [
        _checked(item, f"checkProductStockItem[{place}]", alternatives=bool(document.provide_alternative or item.provide_alternative), by=by)
        for place, item in enumerate(_some(document.check_product_stock_item, "checkProductStockItem"))]}


def _checked(item: CheckItem, path: str, *, alternatives: bool, by: Actor) -> dict[str, Any]:
    stock = _stock(item.checked_product_stock.id if item.checked_product_stock else None, f"{path}.checkedProductStock.id", by=by)
    wanted = _wanted(item.requested_quantity, f"{path}.requestedQuantity")
    code = stock["stockedProduct"]["productSpecification"]["id"]
    there = {str(row.stock_place_id): row for row in queries.available_to_promise(code, by=by)}
    here = there.pop(stock["place"]["id"], None)
    enough = here is not None and here.available >= wanted
    answer = item.document() | {"checkedProductStock": stock, "state": "done", "availabilityResult": "available" if enough else "unavailable"}
    if not enough and alternatives:
        answer["alternate"] = [
            {"alternatePlace": {"id": ident, "name": row.place_name, "@referredType": "StockPlace"}, "alternateQuantity": {"amount": row.available, "units": "each"},
             "alternateStock": {"id": str(queries.stock_id(row.stock_place_id, row.model_id))}}
            for ident, row in there.items() if row.available >= wanted][:10]
    return answer


def reserve(document: ReserveProductStock, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Reserve so many of each stock for the order that ``relatedEntity`` names. All or none.

    The order and an item's id (its place in the list, where it has none) make the asking repeatable, so they are told
    apart by them. What opens the reservation is not in the document: whoever works the order asks for it by order and item.
    """
    order = next((entity.id for entity in document.related_entity or () if entity.id), None)
    if order is None:
        raise Invalid(what="relatedEntity (the order)", field="relatedEntity")
    answers, until = [], at
    items = _some(document.reserve_product_stock_item, "reserveProductStockItem")
    keys = [item.id or str(place) for place, item in enumerate(items)]
    for place, item in enumerate(items):
        path = f"reserveProductStockItem[{place}]"
        if keys[place] in keys[:place]:
            raise Invalid(what=f"{path}.id", field=f"{path}.id")
        stock = _stock(item.product_stock_requested.id if item.product_stock_requested else None, f"{path}.productStockRequested.id", by=by)
        held = services.reserve_item(
            order_ref=order, key=keys[place], model_code=stock["stockedProduct"]["productSpecification"]["id"],
            stock_place_id=UUID(stock["place"]["id"]), quantity=_wanted(item.quantity_requested, f"{path}.quantityRequested"), by=by, at=at)
        until = max(until, held.expires_at)
        answers.append(item.document() | {
            "quantityReserved": {"amount": len(held.item_ids), "units": "each"}, "productStockReserved": {"id": stock["id"]},
            "reserveProductStockState": "done", "reservation": {"id": str(held.id)},
            "resource": [{"id": str(ident)} for ident in held.item_ids]})
    return {"reserveProductStockItem": answers, "validFor": {"startDateTime": instant_text(at), "endDateTime": instant_text(until)}}


def query(document: QueryProductStock, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Answer what can be had, by place, model and kind of thing."""
    del at
    wanted = document.search_criteria or ProductStock()
    place = record_of(wanted.place.id, "searchCriteria.place.id") if wanted.place and wanted.place.id else None
    product = wanted.stocked_product
    model = product.id or (product.product_specification.id if product.product_specification else None) if product else None
    rows = queries.stock_on_hand(
        stock_place_id=place, model_code=_model_code(model, "searchCriteria.stockedProduct.id", by=by) if model else "",
        kind=wanted.stock_level_category or "", by=by)
    return {"queryProductStockItem": _documents([queries.stock_id(row.stock_place_id, row.model_id) for row in rows if row.available], by=by)}


def _dates(word: str, at_once: str) -> dict[str, Any]:
    return {"completed": f"completed{word}Date", "at_once": at_once, "told": ("Create", "StateChange"), "view": VIEW}


PRODUCT_STOCK = Resource(
    name="productStock", type="ProductStock", document=ProductStock, rows=STOCK, attributes=ATTRIBUTES, view=VIEW, create=create, change=change,
    about="How many of a model lie at a stock place in a state", may_create=COUNT, may_change=COUNT, methods=("GET", "POST", "PATCH"),
    required=("productStockStatusType", "productStockLevel", "stockedProduct", "place"), server_set=frozenset({"id", "href", "lastInventoryDate"}),
    fixed=frozenset({"place", "stockedProduct"}),
    example={
        "productStockStatusType": "available", "productStockLevel": {"amount": 0, "units": "each"}, "minStockLevel": {"amount": 20, "units": "each"},
        "maxStockLevel": {"amount": 100, "units": "each"}, "place": {"id": "01890000-0000-7000-8000-000000000000", "role": "stock place"},
        "stockedProduct": {"id": "SIM-N"},
    },
    told=(
        Told(event=events.StockLow, type="ProductStockAttributeValueChangeEvent", key="stock_id"),
        Told(event=events.StockPlentyAgain, type="ProductStockAttributeValueChangeEvent", key="stock_id"),
        Told(event=events.StockWatched, type="ProductStockCreateEvent", key="stock_id"),
    ),
)
A_STOCK = {"id": "01890000-0000-7000-8000-000000000000"}
ONE = {"amount": 1, "units": "each"}
APIS = [
    Api(number="687", version="v4", base="stock", title="Stock", about="What lies where, by serial, and what of it can be promised", resources=(
        PRODUCT_STOCK,
        task_resource("adjustProductStock", AdjustProductStock, about="Set stock right by serial", run=adjust, may_run=COUNT,
                      required=("adjustProductStockItem",), **_dates("AdjustProductStock", "instantSyncAdjust"),
                      example={"adjustReason": "stocktake", "adjustProductStockItem": [
                          {"id": "1", "productStockTarget": A_STOCK, "adjustProductStockQuantity": {"amount": -1, "units": "each"}, "resource": [A_STOCK]}]}),
        task_resource("checkProductStock", CheckProductStock, about="Ask whether enough is there, or where else", run=check, may_run=VIEW,
                      required=("checkProductStockItem",), **_dates("CheckProductStock", "instantSyncCheck"),
                      example={"provideAlternative": True, "checkProductStockItem": [{"id": "1", "checkedProductStock": A_STOCK, "requestedQuantity": ONE}]}),
        task_resource("reserveProductStock", ReserveProductStock, about="Reserve stock for an order", run=reserve, may_run=RESERVE, view=VIEW,
                      required=("reserveProductStockItem",), state_attribute="reserveProductStockState", told=("Create", "StateChange"),
                      server_set=frozenset({"validFor"}),
                      example={"relatedEntity": [{"id": "order-7", "role": "order", "@referredType": "ProductOrder"}], "reserveProductStockItem": [
                          {"id": "1", "productStockRequested": A_STOCK, "quantityRequested": ONE}]}),
        task_resource("queryProductStock", QueryProductStock, about="Ask what can be had where", run=query, may_run=VIEW, required=("searchCriteria",),
                      **_dates("QueryProductStock", "instantSyncCheck"), server_set=frozenset({"queryProductStockItem"}), example={"searchCriteria": {"stockLevelCategory": "sim"}}),
    )),
]
