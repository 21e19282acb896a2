"""Reads of stock: what is available where, what runs low, papers and the history of items. Counts are running ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from tongke.areas.resource.models import (
    Delivery,
    ItemModel,
    StockCount,
    StockCountLine,
    StockItem,
    StockMove,
    StockPlace,
    StockTransfer,
    StockTransferLine,
    Supplier,
)
from tongke.areas.resource.rules.serials import readings
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound
from tongke.kernel.sealing import unseal

VIEW = "resource.view_stock"


@dataclass(frozen=True, slots=True)
class OnHand:
    """How much of one model there is at one place: ``available`` can be promised now (ATP), ``on_way`` is coming."""

    stock_place_id: UUID
    place_code: str
    place_name: str
    place_kind: str
    org_id: int
    model_id: UUID
    model_code: str
    model_zh: str
    model_en: str
    kind: str
    available: int
    reserved: int
    on_way: int
    returned: int
    faulty: int
    low_at: int | None
    target: int | None
    alarmed_at: datetime | None

    @property
    def is_low(self) -> bool:
        """Tell whether too little is left."""
        return self.low_at is not None and self.available <= self.low_at


@dataclass(frozen=True, slots=True)
class ItemSeen:
    """One item with its model and place in words."""

    id: UUID
    org_id: int
    kind: str
    serial: str
    imsi: str
    mac: str
    state: str
    state_at: datetime
    model_code: str
    model_zh: str
    model_en: str
    stock_place_id: UUID
    place_name: str
    service_ref: str
    warranty_until: date | None
    order_ref: str
    transfer_no: str


# Running counts, summed; a level without any stock is shown too, for it is what runs dry.
ON_HAND = """
WITH counts AS (
  SELECT t.stock_place_id, t.model_id, t.state, sum(t.n)::int AS n FROM resource_stock_item_tally t
  WHERE (%(place)s::uuid IS NULL OR t.stock_place_id = %(place)s) AND (%(model)s::uuid IS NULL OR t.model_id = %(model)s)
    AND (%(orgs)s::int[] IS NULL OR t.org_id = ANY (%(orgs)s)) GROUP BY 1, 2, 3),
pairs AS (
  SELECT stock_place_id, model_id FROM counts
  UNION SELECT l.stock_place_id, l.model_id FROM resource_stock_level l
    WHERE (%(place)s::uuid IS NULL OR l.stock_place_id = %(place)s) AND (%(model)s::uuid IS NULL OR l.model_id = %(model)s)
      AND (%(orgs)s::int[] IS NULL OR l.org_id = ANY (%(orgs)s)))
SELECT p.id, p.code, p.name, p.kind, p.org_id, m.id, m.code, m.name_zh, m.name_en, m.kind,
  coalesce(sum(c.n) FILTER (WHERE c.state = 'in_stock'), 0)::int, coalesce(sum(c.n) FILTER (WHERE c.state = 'reserved'), 0)::int,
  coalesce(sum(c.n) FILTER (WHERE c.state = 'in_transit'), 0)::int, coalesce(sum(c.n) FILTER (WHERE c.state = 'returned'), 0)::int,
  coalesce(sum(c.n) FILTER (WHERE c.state IN ('faulty', 'repair')), 0)::int, max(l.low_at), max(l.target), max(l.alarmed_at)
FROM pairs x JOIN resource_stock_place p ON p.id = x.stock_place_id JOIN resource_item_model m ON m.id = x.model_id
LEFT JOIN counts c ON c.stock_place_id = x.stock_place_id AND c.model_id = x.model_id
LEFT JOIN resource_stock_level l ON l.stock_place_id = x.stock_place_id AND l.model_id = x.model_id
WHERE (%(kind)s = '' OR m.kind = %(kind)s)
GROUP BY p.id, m.id HAVING NOT %(low)s OR max(l.alarmed_at) IS NOT NULL
ORDER BY p.code, m.kind, m.code LIMIT %(limit)s OFFSET %(offset)s
"""
ITEMS = """
SELECT i.id, i.org_id, i.kind, i.serial, i.imsi, i.mac, i.state, i.state_at, m.code, m.name_zh, m.name_en, i.stock_place_id, p.name,
  i.service_ref, i.warranty_until, coalesce(r.order_ref, ''), coalesce(t.number, '')
FROM resource_stock_item i JOIN resource_item_model m ON m.id = i.model_id JOIN resource_stock_place p ON p.id = i.stock_place_id
LEFT JOIN resource_reservation r ON r.id = i.reservation_id LEFT JOIN resource_stock_transfer t ON t.id = i.transfer_id
WHERE {where} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
"""


def stock_on_hand(
    *, stock_place_id: UUID | None = None, model_code: str = "", kind: str = "", low_only: bool = False, org_ids: Sequence[int] | None = None,
    offset: int = 0, limit: int = 500, by: Actor,
) -> list[OnHand]:
    """Return what is available where, by place and model; ``low_only``: what runs low. Within the actor's scope."""
    by.require(VIEW)
    with acting(by):
        model = ItemModel.objects.filter(code=model_code).values_list("id", flat=True).first() if model_code else None
        if model_code and model is None:
            return []
        with connection.cursor() as cursor:
            cursor.execute(ON_HAND, {
                "place": stock_place_id, "model": model, "kind": kind, "low": low_only, "limit": limit, "offset": offset,
                "orgs": list(org_ids) if org_ids is not None else None if by.scope is None else list(by.scope)})
            return [OnHand(*row) for row in cursor.fetchall()]


def available_to_promise(model_code: str, *, by: Actor) -> list[OnHand]:
    """Return where a model can be had now, most first (F7: ATP)."""
    return sorted((row for row in stock_on_hand(model_code=model_code, by=by) if row.available), key=lambda row: -row.available)


def items_of_place(
    stock_place_id: UUID, *, model_id: UUID | None = None, state: str = "", offset: int = 0, limit: int = 100, by: Actor
) -> list[ItemSeen]:
    """Return the items of a place (those bound for it among them), by model and state."""
    by.require(VIEW)
    where = "i.stock_place_id = %(place)s AND (%(model)s::uuid IS NULL OR i.model_id = %(model)s) AND (%(state)s = '' OR i.state = %(state)s)"
    return _items(where, "m.code, i.state, i.id", {"place": stock_place_id, "model": model_id, "state": state}, offset=offset, limit=limit, by=by)


def items_by_serial(given: str, *, limit: int = 20, by: Actor) -> list[ItemSeen]:
    """Return the items with a serial, IMSI or MAC address, however it is written."""
    by.require(VIEW)
    keys = sorted(readings(given))
    return _items("i.serial = ANY (%(keys)s) OR i.imsi = ANY (%(keys)s) OR i.mac = ANY (%(keys)s)", "i.id", {"keys": keys}, limit=limit, by=by)


def item_seen(item_id: UUID, *, by: Actor) -> ItemSeen:
    """Return one item; raises ``NotFound``."""
    by.require(VIEW)
    found = _items("i.id = %(id)s", "i.id", {"id": item_id}, by=by)
    if not found:
        raise NotFound
    return found[0]


def _items(where: str, order: str, facts: dict[str, Any], *, offset: int = 0, limit: int = 1, by: Actor) -> list[ItemSeen]:
    with acting(by), connection.cursor() as cursor:
        cursor.execute(ITEMS.format(where=where, order=order), {**facts, "offset": offset, "limit": limit})
        return [ItemSeen(*row) for row in cursor.fetchall()]


def items_visible_to(actor: Actor) -> QuerySet[StockItem]:
    """Items within scope, and those on their way to it, with model and place."""
    actor.require(VIEW)
    rows = StockItem.objects.select_related("model", "stock_place").order_by("-id")
    return rows if actor.scope is None else rows.filter(Q(org_id__in=actor.scope) | Q(to_org_id__in=actor.scope))


def item_history(item_id: UUID, *, by: Actor) -> list[StockMove]:
    """Return every move of an item, newest first, with both places."""
    by.require(VIEW)
    with acting(by):
        return list(StockMove.objects.filter(item_id=item_id).select_related("from_place", "to_place").order_by("-moved_at", "-id")[:200])


def activation_code(item_id: UUID, *, by: Actor) -> str:
    """Return the activation code of an eSIM profile for whoever hands it out; empty where it has none. Needs ``resource.move_stock``."""
    by.require("resource.move_stock")
    with acting(by):
        found = StockItem.objects.filter(id=item_id).values_list("activation_cipher", flat=True).first()
    return unseal(found, field="resource.activation") if found else ""


def stock_places(*, everywhere: bool = False, by: Actor) -> list[StockPlace]:
    """Return the stock places in use: the actor's own, or all of the operator (to send something there)."""
    by.require(VIEW)
    with acting(by):
        rows = StockPlace.objects.filter(active=True).order_by("code")
        return list(rows if everywhere or by.scope is None else rows.filter(org_id__in=by.scope))


def item_models(*, kind: str = "", by: Actor) -> list[ItemModel]:
    """Return the models in use, with their suppliers."""
    by.require(VIEW)
    with acting(by):
        rows = ItemModel.objects.filter(active=True).select_related("supplier").order_by("kind", "code")
        return list(rows.filter(kind=kind) if kind else rows)


def suppliers(*, by: Actor) -> list[Supplier]:
    """Return the suppliers."""
    by.require(VIEW)
    with acting(by):
        return list(Supplier.objects.filter(active=True).order_by("code"))


def deliveries_visible_to(actor: Actor) -> QuerySet[Delivery]:
    """Deliveries within scope, newest first."""
    actor.require(VIEW)
    rows = Delivery.objects.select_related("stock_place", "supplier").order_by("-received_at", "-id")
    return rows if actor.scope is None else rows.filter(org_id__in=actor.scope)


def transfers_visible_to(actor: Actor) -> QuerySet[StockTransfer]:
    """Transfers from or to organisations within scope, newest first."""
    actor.require(VIEW)
    return StockTransfer.objects.select_related("from_place", "to_place").order_by("-sent_at", "-id")


def transfer_lines(transfer_id: UUID, *, by: Actor) -> list[StockTransferLine]:
    """Return the serials of a transfer with what the receiving end said, differences first."""
    by.require(VIEW)
    with acting(by):
        return sorted(StockTransferLine.objects.filter(transfer_id=transfer_id), key=lambda line: (line.finding == "received", line.serial))


def counts_visible_to(actor: Actor) -> QuerySet[StockCount]:
    """Stocktakes within scope, newest first."""
    actor.require(VIEW)
    rows = StockCount.objects.select_related("stock_place").order_by("-opened_at", "-id")
    return rows if actor.scope is None else rows.filter(org_id__in=actor.scope)


def count_lines(count_id: UUID, *, finding: str = "", limit: int = 1_000, by: Actor) -> list[StockCountLine]:
    """Return the serials of a stocktake, differences first."""
    by.require(VIEW)
    with acting(by):
        rows = StockCountLine.objects.filter(count_id=count_id).select_related("item").order_by("-finding", "serial")
        return list((rows.filter(finding=finding) if finding else rows)[:limit])
