"""Receiving stock from suppliers: by hand, or in bulk from a file through the runner of bulk work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from pydantic import BaseModel

from tongke.areas.resource.errors.stock import SerialTaken
from tongke.areas.resource.events import stock as events
from tongke.areas.resource.models import Delivery, ItemModel, StockItem, StockMove, StockPlace
from tongke.areas.resource.rules import serials
from tongke.areas.resource.rules import stock as rules
from tongke.areas.resource.rules.serials import ItemDraft
from tongke.areas.resource.services.stock import MOVE, own_place, watch_levels
from tongke.areas.resource.states.stock import STOCK_ITEM
from tongke.kernel.actor import Actor
from tongke.kernel.bulk import bulk
from tongke.kernel.errors import NotFound
from tongke.kernel.ids import uuid7
from tongke.kernel.keys import document_key
from tongke.kernel.numbering import sequence_number
from tongke.kernel.outbox import publish
from tongke.kernel.rules import Broken, collect, require
from tongke.kernel.sealing import blind_index, seal
from tongke.kernel.verb import verb

EID_FIELD = "resource.eid"
ACTIVATION_FIELD = "resource.activation"
NAMED_MAX = 5
TAKEN = {"stock_item_serial_once": "serial", "stock_item_imsi_once": "imsi", "stock_item_mac_once": "mac"}


@verb(MOVE)
def receive_items(
    *, stock_place_id: UUID, model_code: str, items: Sequence[ItemDraft], delivery_no: str = "", supplier_id: UUID | None = None, note: str = "",
    by: Actor, at: datetime,
) -> UUID:
    """Receive items of one model at a place, all or none, and return the delivery's id.

    Raises ``RulesBroken`` with every wrong serial, ``SerialTaken`` where one is recorded already.
    """
    place, model = own_place(stock_place_id, by=by), _model(model_code)
    drafts = [serials.cleaned(model.kind, draft) for draft in items]
    broken: list[Broken] = collect(
        (rules.is_a_quantity, {"count": len(drafts)}), (rules.place_is_open, {"place": place.name, "active": place.active}),
        (rules.model_is_bought, {"model": model.code, "active": model.active}),
        *((rules.stands_once, {"serial": serial}) for serial in rules.doubled(draft.serial for draft in drafts)),
    )
    for draft in drafts:
        broken += serials.broken_in_item(model.kind, draft)
    require(broken)
    delivery = Delivery.objects.create(
        org_id=place.org_id, number=delivery_no.strip() or sequence_number("SD", on=by.day(at)), supplier_id=supplier_id or model.supplier_id,
        stock_place=place, received_by=by.name, received_at=at, note=note)
    write_items([item_of(draft, model=model, place=place, delivery=delivery, by=by, at=at) for draft in drafts], reference=delivery.number, by=by, at=at)
    watch_levels([(place.id, model.id)], by=by, at=at)
    publish(events.StockReceived(
        subject_id=delivery.id, org_id=place.org_id, stock_place_id=place.id, model_id=model.id, quantity=len(drafts)), by=by, at=at)
    return delivery.id


def _model(code: str) -> ItemModel:
    model = ItemModel.objects.filter(code=code).first()
    if model is None:
        raise NotFound
    return model


def item_of(draft: ItemDraft, *, model: ItemModel, place: StockPlace, delivery: Delivery | None, by: Actor, at: datetime) -> StockItem:
    """Return the record of a clean draft; EID and activation code are sealed."""
    return StockItem(
        id=uuid7(), org_id=place.org_id, model=model, kind=model.kind, serial=draft.serial, serial_kind=serials.SERIAL_KINDS[model.kind], imsi=draft.imsi,
        imei2=draft.imei2, mac=draft.mac, stock_place=place, state=STOCK_ITEM.initial, state_at=at, delivery=delivery, created_at=at, changed_at=at,
        eid_cipher=seal(draft.eid, field=EID_FIELD) if draft.eid else None,
        eid_index=blind_index(document_key(draft.eid), field=EID_FIELD) if draft.eid else None,
        activation_cipher=seal(draft.activation_code, field=ACTIVATION_FIELD) if draft.activation_code else None,
        warranty_until=_warranty(model, by.day(at)),
    )


def _warranty(model: ItemModel, on: date) -> date | None:
    return rules.months_later(on, model.warranty_months) if model.warranty_months else None


def write_items(items: list[StockItem], *, reference: str, by: Actor, at: datetime) -> None:
    """Insert items with their first move; the unique constraints say whether a number is recorded already."""
    try:
        with transaction.atomic():
            StockItem.objects.bulk_create(items, batch_size=1_000)
    except IntegrityError as clash:
        column = next((column for name, column in TAKEN.items() if name in str(clash)), "")
        if not column:
            raise
        held = taken_numbers(column, items)
        raise SerialTaken(serial=", ".join(held[:NAMED_MAX]) or getattr(items[0], column), field=column) from clash
    StockMove.objects.bulk_create([
        StockMove(
            id=uuid7(), org_id=item.org_id, item=item, verb="receive", to_state=item.state, to_place_id=item.stock_place_id, reference=reference,
            moved_by=by.name, moved_at=at)
        for item in items
    ], batch_size=1_000)


def taken_numbers(column: str, items: Sequence[StockItem]) -> list[str]:
    """Return which of the items' numbers (``serial``, ``imsi`` or ``mac``) are recorded already, by whomever; in their order."""
    kinds, given = [item.serial_kind for item in items], [getattr(item, column) for item in items]
    with connection.cursor() as cursor:
        cursor.execute("SELECT given FROM resource_stock_taken(%s, %s::text[], %s::text[])", [column, kinds, given])
        held = {row[0] for row in cursor.fetchall()}
    return [number for number in given if number in held]


class ItemRow(BaseModel):
    """One row of a supplier's file: model and place by their codes, and the numbers of the item."""

    model: str
    stock_place: str
    serial: str
    imsi: str = ""
    imei2: str = ""
    mac: str = ""
    eid: str = ""
    activation_code: str = ""
    delivery_no: str = ""


@verb(MOVE)
def receive_item(row: ItemRow, *, by: Actor, at: datetime) -> UUID:
    """Receive one item of a supplier's file; rows of one delivery number share the delivery. Returns the item's id."""
    place_id = StockPlace.objects.filter(code=row.stock_place).values_list("id", flat=True).first()
    if place_id is None:
        raise NotFound(field="stock_place")
    place, model = own_place(place_id, by=by), _model(row.model)
    draft = serials.cleaned(model.kind, ItemDraft(
        serial=row.serial, imsi=row.imsi, imei2=row.imei2, mac=row.mac, eid=row.eid, activation_code=row.activation_code))
    require([*collect(
        (rules.place_is_open, {"place": place.name, "active": place.active}), (rules.model_is_bought, {"model": model.code, "active": model.active}),
    ), *serials.broken_in_item(model.kind, draft)])
    delivery = delivery_of(row.delivery_no, place=place, model=model, by=by, at=at) if row.delivery_no else None
    item = item_of(draft, model=model, place=place, delivery=delivery, by=by, at=at)
    write_items([item], reference=row.delivery_no, by=by, at=at)
    watch_levels([(place.id, model.id)], by=by, at=at)
    publish(events.StockReceived(
        subject_id=delivery.id if delivery else item.id, org_id=place.org_id, stock_place_id=place.id, model_id=model.id, quantity=1), by=by, at=at)
    return item.id


receive_item_row = bulk("resource.receive_item", row=ItemRow)(receive_item)
"""The same for every row of a file: the kernel's runner owns chunks, savepoints, reject rows, progress and resume."""


def delivery_of(number: str, *, place: StockPlace, model: ItemModel, by: Actor, at: datetime) -> Delivery:
    """Return the delivery of this number, made where it is its first item."""
    facts: dict[str, Any] = {"supplier_id": model.supplier_id, "stock_place": place, "received_by": by.name, "received_at": at}
    delivery, _made = Delivery.objects.get_or_create(org_id=place.org_id, number=number.strip(), defaults=facts)
    return delivery
