"""Stock: suppliers, models, places and levels; single moves of items. Each move is one conditional statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction

from tongke.areas.resource.errors.network import LabelTaken
from tongke.areas.resource.errors.stock import ItemElsewhere
from tongke.areas.resource.events import stock as events
from tongke.areas.resource.models import ItemModel, StockLevel, StockPlace, Supplier
from tongke.areas.resource.rules import stock as rules
from tongke.areas.resource.services.history import note_moves
from tongke.areas.resource.states.stock import STOCK_ITEM
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

MOVE = "resource.move_stock"
COUNT = "resource.count_stock"
# Locked in the order of ids, so that two papers over the same items wait for each other and never deadlock.
MOVE_ITEMS = """
WITH old AS MATERIALIZED (
  SELECT id, state, stock_place_id FROM resource_stock_item WHERE id = ANY (%(ids)s) ORDER BY id FOR UPDATE),
moved AS (
  UPDATE resource_stock_item i SET state = %(end)s, state_at = %(at)s, changed_at = %(at)s{also}
  FROM old WHERE i.id = old.id AND old.state = ANY (%(starts)s){only}
  RETURNING i.id, i.org_id, i.serial, i.model_id, old.state AS from_state, old.stock_place_id AS from_place, i.stock_place_id AS to_place),
move AS (
  INSERT INTO resource_stock_move (id, org_id, item_id, verb, from_state, to_state, from_place_id, to_place_id, reference, reason, moved_by, moved_at)
  SELECT tongke_uuid7(), org_id, id, %(verb)s, from_state, %(end)s, from_place, to_place, %(reference)s, %(reason)s, %(by)s, %(at)s FROM moved)
SELECT id, org_id, serial, model_id, from_state, from_place, to_place FROM moved ORDER BY id
"""
# The levels of what was moved: an alarm goes off once and is over once there is enough again.
LOW = """
WITH now AS (
  SELECT l.id, coalesce((SELECT sum(t.n) FROM resource_stock_item_tally t
    WHERE t.org_id = l.org_id AND t.stock_place_id = l.stock_place_id AND t.model_id = l.model_id AND t.state = 'in_stock'), 0)::int AS left_there
  FROM resource_stock_level l JOIN unnest(%(places)s::uuid[], %(models)s::uuid[]) m(place, model) ON l.stock_place_id = m.place AND l.model_id = m.model)
UPDATE resource_stock_level l SET alarmed_at = CASE WHEN now.left_there <= l.low_at THEN %(at)s::timestamptz END
FROM now WHERE l.id = now.id AND (now.left_there <= l.low_at) <> (l.alarmed_at IS NOT NULL)
RETURNING l.id, l.org_id, l.stock_place_id, l.model_id, now.left_there, l.low_at, l.target
"""


# What lies at a place belongs to its organisation, wherever it was sold.
LIES_AT = "stock_place_id = %(place)s, org_id = %(place_org)s"


@dataclass(frozen=True, slots=True)
class MovedItem:
    """One item as it was moved: where from, where to."""

    id: UUID
    org_id: int
    serial: str
    model_id: UUID
    from_state: str
    from_place: UUID
    to_place: UUID


def own_place(stock_place_id: UUID, *, by: Actor) -> StockPlace:
    """Return a stock place that the actor may write at: everybody reads where others' stock lies. Raises ``NotFound``."""
    place = StockPlace.objects.filter(id=stock_place_id).first()
    if place is None or not by.sees(place.org_id):
        raise NotFound
    return place


def move_items(
    ids: Sequence[UUID], verb_: str, *, also: str = "", only: str = "", facts: dict[str, Any] | None = None, reference: str = "", reason: str = "",
    by: Actor, at: datetime,
) -> list[MovedItem]:
    """Move items by a verb of their life cycle, all or none; raises ``ItemElsewhere`` with those that were not ready.

    ``also`` and ``only`` are further SET and WHERE clauses of our own, never input; their values stand in ``facts``.
    """
    starts, end = STOCK_ITEM.moves[verb_]
    with connection.cursor() as cursor:
        cursor.execute(MOVE_ITEMS.format(also=f", {also}" if also else "", only=f" AND {only}" if only else ""), {
            "ids": list(ids), "end": end, "starts": [str(s) for s in starts], "verb": verb_, "reference": reference[:80], "reason": reason[:200],
            "by": by.name, "at": at, **(facts or {})})
        moved = [MovedItem(*row) for row in cursor.fetchall()]
        if len(moved) != len(set(ids)):
            left = set(ids) - {item.id for item in moved}
            cursor.execute("SELECT serial FROM resource_stock_item WHERE id = ANY (%s) ORDER BY serial LIMIT 5", [list(left)])
            serials = ", ".join(row[0] for row in cursor.fetchall())
            if not serials:
                raise NotFound
            raise ItemElsewhere(count=len(left), serials=serials)
    note_moves(STOCK_ITEM, verb_, [(item.id, item.from_state) for item in moved], reason=reason, by=by, at=at)
    watch_levels({(place, item.model_id) for item in moved for place in (item.from_place, item.to_place)}, by=by, at=at)
    return moved


def watch_levels(pairs: Iterable[tuple[UUID, UUID]], *, by: Actor, at: datetime) -> None:
    """Set off or end the alarms of (place, model) pairs whose stock was changed."""
    listed = sorted(set(pairs))
    with connection.cursor() as cursor:
        cursor.execute(LOW, {"places": [place for place, _m in listed], "models": [model for _p, model in listed], "at": at})
        changed = cursor.fetchall()
    for ident, org_id, place, model, left, low_at, target in changed:
        if left <= low_at:
            publish(events.StockLow(
                subject_id=ident, org_id=org_id, stock_id=rules.stock_id(place, model), stock_place_id=place, model_id=model, left=left, low_at=low_at, target=target), by=by, at=at)
        else:
            publish(events.StockPlentyAgain(
                subject_id=ident, org_id=org_id, stock_id=rules.stock_id(place, model), stock_place_id=place, model_id=model, left=left), by=by, at=at)


def _insert(row: models.Model, code: str) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as clash:
        if "_once" in str(clash):
            raise LabelTaken(given=code) from clash
        raise


@verb(MOVE)
def record_supplier(
    *, code: str, name: str, contact: str = "", payment_days: int = 30, org_id: int | None = None, by: Actor, at: datetime
) -> UUID:
    """Record a supplier and its terms; raises ``LabelTaken``."""
    require(collect((rules.has_a_name, {"code": code, "name": name}), (rules.is_a_term, {"payment_days": payment_days})))
    row = Supplier(
        org_id=org_id or by.base_org_id or 1, code=code.strip(), name=name.strip(), contact=contact, payment_days=payment_days, created_at=at, changed_at=at)
    _insert(row, code)
    return row.id


@verb(MOVE)
def record_item_model(
    *, code: str, kind: str, name_zh: str, name_en: str, supplier_id: UUID | None = None, warranty_months: int = 0,
    characteristics: dict[str, Any] | None = None, org_id: int | None = None, by: Actor, at: datetime,
) -> UUID:
    """Record a model of SIM card, handset or customer equipment with its warranty; raises ``LabelTaken``."""
    require(collect(
        (rules.has_a_name, {"code": code, "name": name_zh or name_en}), (rules.is_an_item_kind, {"kind": kind}),
        (rules.is_a_warranty, {"warranty_months": warranty_months})))
    row = ItemModel(
        org_id=org_id or by.base_org_id or 1, supplier_id=supplier_id, code=code.strip(), kind=kind, name_zh=name_zh or name_en,
        name_en=name_en or name_zh, warranty_months=warranty_months, characteristics=characteristics or {}, created_at=at, changed_at=at)
    _insert(row, code)
    return row.id


@verb(MOVE)
def record_stock_place(
    *, code: str, name: str, kind: str, org_id: int | None = None, unit_id: int | None = None, keeper_id: UUID | None = None,
    place_id: UUID | None = None, by: Actor, at: datetime,
) -> UUID:
    """Record a warehouse, a hall's stock, a van or a dealer; raises ``LabelTaken``."""
    require(collect((rules.has_a_name, {"code": code, "name": name}), (rules.is_a_place_kind, {"kind": kind})))
    row = StockPlace(
        org_id=org_id or by.base_org_id or 1, unit_id=unit_id, code=code.strip(), name=name.strip(), kind=kind, keeper_id=keeper_id,
        place_id=place_id, created_at=at, changed_at=at)
    _insert(row, code)
    return row.id


@verb(COUNT)
def set_stock_level(*, stock_place_id: UUID, model_code: str, low_at: int, target: int, by: Actor, at: datetime) -> UUID:
    """Say how little of a model at a place is too little, and how much there should be; the alarm is judged at once."""
    place = own_place(stock_place_id, by=by)
    model = ItemModel.objects.filter(code=model_code).first()
    if model is None:
        raise NotFound
    require(collect((rules.is_a_level, {"low_at": low_at, "target": target})))
    level, made = StockLevel.objects.update_or_create(
        stock_place=place, model=model, defaults={"low_at": low_at, "target": target}, create_defaults={"org_id": place.org_id, "low_at": low_at, "target": target})
    watch_levels([(place.id, model.id)], by=by, at=at)
    if made:
        publish(events.StockWatched(
            subject_id=level.id, org_id=place.org_id, stock_id=rules.stock_id(place.id, model.id), stock_place_id=place.id, model_id=model.id,
            low_at=low_at, target=target), by=by, at=at)
    return level.id


def _one(item_id: UUID, verb_: str, *, also: str = "", only: str = "", facts: dict[str, Any] | None = None, reference: str, reason: str, by: Actor, at: datetime) -> None:
    """Move one item and announce it."""
    (item,) = move_items([item_id], verb_, also=also, only=only, facts=facts, reference=reference, reason=reason, by=by, at=at)
    publish(events.StockItemMoved(
        subject_id=item.id, org_id=item.org_id, verb=verb_, from_state=item.from_state, to_state=STOCK_ITEM.moves[verb_][1],
        stock_place_id=item.to_place, reference=reference), by=by, at=at)


@verb(MOVE)
def hand_out_item(*, item_id: UUID, service_ref: str, reason: str = "", by: Actor, at: datetime) -> None:
    """Hand a free item over the counter; what an order reserved is handed out by ``confirm_reservation``."""
    _one(item_id, "hand_out", also="service_ref = %(service)s", only="old.state = 'in_stock'", facts={"service": service_ref}, reference=service_ref, reason=reason, by=by, at=at)


@verb(MOVE)
def install_item(*, item_id: UUID, service_ref: str, reason: str = "", by: Actor, at: datetime) -> None:
    """Install a free item, or one that was handed out, for a service."""
    _one(item_id, "install", also="service_ref = %(service)s", only="old.state <> 'reserved'", facts={"service": service_ref}, reference=service_ref, reason=reason, by=by, at=at)


@verb(MOVE)
def take_back_item(*, item_id: UUID, stock_place_id: UUID | None = None, reason: str = "", by: Actor, at: datetime) -> None:
    """Take back what was handed out or installed, to be looked at; at another place than it left where one is given."""
    also, facts = "service_ref = ''", {}
    if stock_place_id is not None:
        also, facts = f"{also}, {LIES_AT}", _lies_at(stock_place_id, by=by)
    _one(item_id, "take_back", also=also, facts=facts, reference="", reason=reason, by=by, at=at)


@verb(MOVE)
def restock_item(*, item_id: UUID, reason: str = "", by: Actor, at: datetime) -> None:
    """Put a returned item that is as good as new back on the shelf."""
    _one(item_id, "restock", reference="", reason=reason, by=by, at=at)


@verb(MOVE)
def report_item_faulty(*, item_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Say that an item is broken."""
    _one(item_id, "report_faulty", reference="", reason=reason, by=by, at=at)


@verb(MOVE)
def send_item_to_repair(*, item_id: UUID, reference: str = "", by: Actor, at: datetime) -> None:
    """Send a broken item away to be repaired."""
    _one(item_id, "send_to_repair", reference=reference, reason="", by=by, at=at)


@verb(MOVE)
def mend_item(*, item_id: UUID, reason: str = "", by: Actor, at: datetime) -> None:
    """Put a repaired item back on the shelf."""
    _one(item_id, "mend", also="service_ref = ''", reference="", reason=reason, by=by, at=at)


@verb(COUNT)
def scrap_item(*, item_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Give an item up for good."""
    require(collect((rules.is_explained, {"reason": reason})))
    _one(item_id, "scrap", reference="", reason=reason, by=by, at=at)


@verb(COUNT)
def report_item_lost(*, item_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Say that an item is lost; what an order has reserved must be released first, what is on its way is settled at its transfer."""
    require(collect((rules.is_explained, {"reason": reason})))
    _one(item_id, "lose", only="i.reservation_id IS NULL AND old.state <> 'in_transit'", reference="", reason=reason, by=by, at=at)


@verb(COUNT)
def find_item(*, item_id: UUID, stock_place_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Put a lost item that turned up back on the shelf of a place."""
    _one(item_id, "find", also=LIES_AT, facts=_lies_at(stock_place_id, by=by), reference="", reason=reason, by=by, at=at)


def _lies_at(stock_place_id: UUID, *, by: Actor) -> dict[str, Any]:
    """Return the facts of ``LIES_AT`` for a place of the actor's."""
    place = own_place(stock_place_id, by=by)
    return {"place": place.id, "place_org": place.org_id}
