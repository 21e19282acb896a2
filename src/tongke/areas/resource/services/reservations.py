"""Reserving ports and stock for an order: claimed by one conditional statement, never read first and written after."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from tongke.areas.resource.errors.network import AskedOtherwise, NoneInStock, NotFreeForYou, NothingFree, ReservedElsewhere
from tongke.areas.resource.events import network as events
from tongke.areas.resource.models import Equipment, ItemModel, Port, Reservation, StockItem, StockPlace
from tongke.areas.resource.policy.network import reservation_policy_at
from tongke.areas.resource.queries.coverage import FIBRE_FIRST, coverage_at
from tongke.areas.resource.services.history import note_moves
from tongke.areas.resource.services.reservation_ends import end_reservations, expire_overdue_at, named
from tongke.areas.resource.states.network import PORT, NetworkState, PortKind, ReservationKind, ReservationState, Technology
from tongke.areas.resource.states.stock import STOCK_ITEM
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.ids import uuid7
from tongke.kernel.outbox import publish
from tongke.kernel.verb import verb

OPEN = """
INSERT INTO resource_reservation (id, org_id, kind, order_ref, key, asked, token, state, expires_at, extensions, service_ref, reason, reserved_by, created_at)
VALUES (%(id)s, %(org)s, %(kind)s, %(order)s, %(key)s, %(asked)s, %(token)s, 'held', %(expires)s, 0, '', '', %(by)s, %(at)s)
ON CONFLICT (order_ref, key) DO NOTHING
"""
# The row that is picked is locked where nobody else has locked one: two claimants never wait for the same port. They do wait
# for whoever is taking the equipment away, who waits for them: it is never retired under a port that is being reserved.
CLAIM_PORT = """
WITH point AS MATERIALIZED (
  SELECT e.id FROM resource_equipment e WHERE e.id = %(equipment)s AND e.state = ANY (%(works)s) FOR KEY SHARE),
pick AS MATERIALIZED (
  SELECT p.id FROM point JOIN resource_port p ON p.equipment_id = point.id WHERE p.state = 'free' AND p.kind = ANY (%(kinds)s)
    AND (%(wanted)s = 0 OR coalesce(p.max_down_mbps, 0) = 0 OR p.max_down_mbps >= %(wanted)s) AND (%(port)s::uuid IS NULL OR p.id = %(port)s)
  ORDER BY p.number LIMIT 1 FOR UPDATE OF p SKIP LOCKED),
taken AS (
  UPDATE resource_port p SET state = 'reserved', reservation_id = %(reservation)s, changed_at = %(at)s
  FROM pick WHERE p.id = pick.id AND p.state = 'free' RETURNING p.id, p.org_id),
line AS (
  INSERT INTO resource_reservation_line (id, org_id, reservation_id, port_id, taken_at)
  SELECT tongke_uuid7(), org_id, %(reservation)s, id, %(at)s FROM taken)
SELECT id FROM taken
"""
CLAIM_ITEM = """
WITH pick AS MATERIALIZED (
  SELECT i.id FROM resource_stock_item i WHERE i.stock_place_id = %(place)s AND i.model_id = %(model)s AND i.state = 'in_stock'
    AND (%(item)s::uuid IS NULL OR i.id = %(item)s)
  ORDER BY i.id LIMIT %(quantity)s FOR UPDATE SKIP LOCKED),
taken AS (
  UPDATE resource_stock_item i SET state = 'reserved', reservation_id = %(reservation)s, state_at = %(at)s, changed_at = %(at)s
  FROM pick WHERE i.id = pick.id AND i.state = 'in_stock' AND (SELECT count(*) FROM pick) = %(quantity)s RETURNING i.id, i.org_id),
line AS (
  INSERT INTO resource_reservation_line (id, org_id, reservation_id, item_id, taken_at)
  SELECT tongke_uuid7(), org_id, %(reservation)s, id, %(at)s FROM taken),
move AS (
  INSERT INTO resource_stock_move (id, org_id, item_id, verb, from_state, to_state, from_place_id, to_place_id, reference, reason, moved_by, moved_at)
  SELECT tongke_uuid7(), org_id, id, 'reserve', 'in_stock', 'reserved', %(place)s, %(place)s, %(order)s, '', %(by)s, %(at)s FROM taken)
SELECT id FROM taken
"""
# The way that was read as free leads to the address still: whoever takes the coverage away comes first or waits.
STILL_REACHED = "SELECT id FROM resource_access WHERE id = %s AND state = 'in_service' FOR KEY SHARE"
KEY_LENGTH_MAX = 120
WORKS = [str(NetworkState.IN_SERVICE)]
ACCESS_KINDS = [PortKind.FIBRE, PortKind.PAIR, PortKind.ETHERNET]


@dataclass(frozen=True, slots=True)
class Reserved:
    """What an order holds now. ``token`` opens it; ``repeated``: the same asking had made it before."""

    id: UUID
    token: UUID
    kind: str
    order_ref: str
    state: str
    expires_at: datetime
    port_ids: tuple[UUID, ...]
    item_ids: tuple[UUID, ...]
    repeated: bool = False


def reserved_of(row: Reservation, *, repeated: bool = False) -> Reserved:
    """Return a reservation with what it holds now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT port_id, item_id FROM resource_reservation_line WHERE reservation_id = %s ORDER BY id", [row.id])
        lines = cursor.fetchall()
    return Reserved(
        row.id, row.token, row.kind, row.order_ref, row.state, row.expires_at, tuple(port for port, _item in lines if port),
        tuple(item for _port, item in lines if item), repeated,
    )


def _digest(*asked: object) -> str:
    """Return a digest of what is asked for: how long is no part of it."""
    return hashlib.sha256(repr(asked).encode()).hexdigest()


def _earlier(order_ref: str, key: str, asked: str, *, by: Actor, at: datetime) -> Reserved | None:
    """Return the answer that a repeated asking was given before; raises ``AskedOtherwise`` where something else had been asked for.

    One that ended, or ran out by now, gives its key up: whoever asks again is to hold something. Raises ``Invalid`` for an
    order or key that is empty or too long.
    """
    named(order_ref, "order_ref")
    named(key, "key", length_max=KEY_LENGTH_MAX)
    held = Reservation.objects.filter(order_ref=order_ref, key=key).first()
    if held is None:
        return None
    if held.state == ReservationState.HELD and held.expires_at <= at:
        end_reservations([held.id], state="expired", reason="", by=by, at=at)
        held.refresh_from_db()
    if held.state in (ReservationState.RELEASED, ReservationState.EXPIRED):
        Reservation.objects.filter(id=held.id, key=key).update(key=f"{key[:80]}#{held.id}")
        return None
    if held.asked not in ("", asked):
        raise AskedOtherwise(order_ref=order_ref, field="key")
    return reserved_of(held, repeated=True)


def _once(
    *, kind: str, org_id: int, order_ref: str, key: str, asked: str, minutes: int | None, claim: Callable[[UUID], None], by: Actor, at: datetime
) -> Reserved:
    """Open the reservation of (order, key) and let ``claim`` fill it; a repeated asking is given the first one's answer.

    The unique pair lets the second of two equal askings wait for the first to commit.
    """
    figures = reservation_policy_at(at, org_id)
    most = figures.port_reservation_minutes if kind == ReservationKind.PORT else figures.item_reservation_minutes
    lasting = min(minutes, most) if minutes else most  # shorter is taken, longer than policy's is not
    row = Reservation(
        id=uuid7(), org_id=org_id, kind=kind, order_ref=order_ref, key=key, asked=asked, token=uuid4(), expires_at=at + timedelta(minutes=lasting),
        reserved_by=by.name, created_at=at,
    )
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {
            "id": row.id, "org": org_id, "kind": kind, "order": order_ref, "key": key, "asked": asked, "token": row.token,
            "expires": row.expires_at, "by": by.name, "at": at,
        })
        fresh = cursor.rowcount == 1
    if not fresh:
        earlier = _earlier(order_ref, key, asked, by=by, at=at)
        if earlier is None:
            raise ReservedElsewhere
        return earlier
    claim(row.id)
    publish(events.ReservationHeld(
        subject_id=row.id, org_id=org_id, kind=kind, order_ref=order_ref, expires_at=row.expires_at), by=by, at=at)
    return reserved_of(row)


@verb("resource.reserve")
def reserve_port(
    *, order_ref: str, key: str = "port", place_id: UUID | None = None, equipment_id: UUID | None = None, port_id: UUID | None = None,
    technology: str = "", wanted_mbps: int = 0, minutes: int | None = None, by: Actor, at: datetime,
) -> Reserved:
    """Reserve a port for an order: any free one of the access point ``equipment_id`` (or the very ``port_id``), or of the
    best access that reaches ``place_id``. Over DSL, a port of the DSLAM is reserved with the pair. Raises ``NothingFree``,
    ``NotFreeForYou``, ``NotFound``. The same ``order_ref`` and ``key`` give the same reservation, for something else ``AskedOtherwise``.
    """
    asked = _digest("port", place_id, equipment_id, port_id, technology, wanted_mbps)
    earlier = _earlier(order_ref, key, asked, by=by, at=at)  # before what is free is looked for: it may have taken the last one
    if earlier is not None:
        return earlier
    points = _points(place_id=place_id, equipment_id=equipment_id, port_id=port_id, technology=technology, wanted_mbps=wanted_mbps, by=by, at=at)

    def claim(reservation: UUID) -> None:
        for point, access in points:
            if access is not None and not _still_reached(access):
                continue
            taken = claim_port(point, reservation=reservation, order_ref=order_ref, wanted_mbps=wanted_mbps, port_id=port_id, by=by, at=at)
            if taken is not None:
                _claim_dsl(point, reservation=reservation, order_ref=order_ref, by=by, at=at)
                return
        if port_id is not None:
            raise NotFreeForYou(what=points[0][0].code)
        raise NothingFree(where=", ".join(point.code for point, _access in points))

    return _once(kind=ReservationKind.PORT, org_id=points[0][0].org_id, order_ref=order_ref, key=key, asked=asked, minutes=minutes, claim=claim, by=by, at=at)


def _points(
    *, place_id: UUID | None, equipment_id: UUID | None, port_id: UUID | None, technology: str, wanted_mbps: int, by: Actor, at: datetime
) -> list[tuple[Equipment, UUID | None]]:
    """Return the access points to try, best first, each with the coverage by which it reaches the place that was named.

    Raises ``NotFound`` where there is none in sight, ``NothingFree`` where none can be sold (over the very one that is named).
    """
    if port_id is not None:
        equipment_id = Port.objects.filter(id=port_id).values_list("equipment_id", flat=True).first()
    if place_id is None:
        point = Equipment.objects.filter(id=equipment_id).first() if equipment_id is not None else None
        if point is None:
            raise NotFound
        return [(point, None)]
    reached = coverage_at(place_id=place_id, wanted_mbps=wanted_mbps, by=by, at=at)
    ways = [way for way in reached.access if way.sellable and technology in ("", way.technology) and equipment_id in (None, way.equipment_id)]
    ways.sort(key=lambda way: (FIBRE_FIRST.index(way.technology), -(way.max_down_mbps or 1_000_000), way.distance_m))
    if not ways:
        raise NothingFree(where=reached.place.full if reached.place else "")
    found = {row.id: row for row in Equipment.objects.filter(id__in=[way.equipment_id for way in ways])}
    return [(found[way.equipment_id], way.id) for way in ways]


def _still_reached(access_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(STILL_REACHED, [access_id])
        return cursor.fetchone() is not None


def claim_port(
    point: Equipment, *, reservation: UUID, order_ref: str, wanted_mbps: int = 0, port_id: UUID | None = None, kinds: list[str] | None = None,
    works: Sequence[str] = WORKS, by: Actor, at: datetime,
) -> UUID | None:
    """Claim a free port of ``point`` for a reservation of this transaction; ``None`` where none is free, or the point is in
    no state of ``works``. What ran out there and was not swept yet is freed first, if nothing else is free.
    """
    asked: dict[str, Any] = {
        "equipment": point.id, "reservation": reservation, "wanted": wanted_mbps, "port": port_id, "at": at,
        "kinds": [str(kind) for kind in kinds or ACCESS_KINDS], "works": list(works),
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_PORT, asked)
        taken = cursor.fetchone()
        if taken is None and expire_overdue_at(equipment_id=point.id, by=by, at=at):
            cursor.execute(CLAIM_PORT, asked)
            taken = cursor.fetchone()
    if taken is None:
        return None
    port: UUID = taken[0]
    note_moves(PORT, "reserve", [(port, "free")], reason=order_ref, by=by, at=at)
    publish(events.PortReserved(
        subject_id=port, org_id=point.org_id, equipment_id=point.id, order_ref=order_ref, reservation_id=reservation), by=by, at=at)
    return port


def _claim_dsl(point: Equipment, *, reservation: UUID, order_ref: str, by: Actor, at: datetime) -> None:
    """Where a pair is reached by DSL, claim a port of the DSLAM above it too: neither is of use alone."""
    if point.technology != Technology.ADSL or point.kind == "dslam":
        return
    above, steps = point.parent_id, 0
    while above is not None and steps < 12:
        upper = Equipment.objects.get(id=above)
        if upper.kind == "dslam":
            if claim_port(upper, reservation=reservation, order_ref=order_ref, kinds=[PortKind.DSL], by=by, at=at) is None:
                raise NothingFree(where=upper.code)
            return
        above, steps = upper.parent_id, steps + 1


@verb("resource.reserve")
def reserve_item(
    *, order_ref: str, key: str = "item", model_code: str = "", stock_place_id: UUID | None = None, item_id: UUID | None = None, quantity: int = 1,
    minutes: int | None = None, by: Actor, at: datetime,
) -> Reserved:
    """Reserve stock for an order: ``quantity`` free items of a model at a stock place, or one very item. All or none.

    Raises ``NoneInStock``, ``NotFreeForYou``, ``NotFound``. The same ``order_ref`` and ``key`` give the same reservation, for
    something else ``AskedOtherwise``.
    """
    sought = _digest("item", model_code, stock_place_id, item_id, quantity)
    earlier = _earlier(order_ref, key, sought, by=by, at=at)
    if earlier is not None:
        return earlier
    item = StockItem.objects.filter(id=item_id).first() if item_id is not None else None
    if item_id is not None and item is None:
        raise NotFound
    place = item.stock_place_id if item else stock_place_id
    model = item.model_id if item else ItemModel.objects.filter(code=model_code).values_list("id", flat=True).first()
    quantity = 1 if item else quantity
    stock_place = StockPlace.objects.filter(id=place).first() if place else None
    if stock_place is None or not by.sees(stock_place.org_id) or model is None or quantity < 1:
        raise NotFound

    def claim(reservation: UUID) -> None:
        asked: dict[str, Any] = {
            "place": stock_place.id, "model": model, "item": item_id, "quantity": quantity, "reservation": reservation, "order": order_ref[:80],
            "by": by.name, "at": at,
        }
        with connection.cursor() as cursor:
            cursor.execute(CLAIM_ITEM, asked)
            taken = [row[0] for row in cursor.fetchall()]
            if not taken and expire_overdue_at(stock_place_id=stock_place.id, by=by, at=at):
                cursor.execute(CLAIM_ITEM, asked)
                taken = [row[0] for row in cursor.fetchall()]
        if not taken:
            raise NotFreeForYou(what=item.serial) if item else NoneInStock(model=model_code, where=stock_place.name)
        note_moves(STOCK_ITEM, "reserve", [(ident, "in_stock") for ident in taken], reason=order_ref, by=by, at=at)

    return _once(kind=ReservationKind.ITEM, org_id=stock_place.org_id, order_ref=order_ref, key=key, asked=sought, minutes=minutes, claim=claim, by=by, at=at)
