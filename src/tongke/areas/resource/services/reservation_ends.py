"""How reservations end: used, released, extended or run out. What is freed is announced."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.areas.resource.errors.network import ExtendedEnough, ReservationOver, WrongToken
from tongke.areas.resource.errors.stock import ItemElsewhere
from tongke.areas.resource.events import network as events
from tongke.areas.resource.events.stock import StockItemMoved
from tongke.areas.resource.models import Reservation
from tongke.areas.resource.policy.network import reservation_policy_at
from tongke.areas.resource.services.history import note_moves
from tongke.areas.resource.states.network import PORT, RESERVATION, ReservationState
from tongke.areas.resource.states.stock import STOCK_ITEM
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid, NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.verb import verb

# The token and the expiry are judged by the statement that ends the reservation, not by a sweeper.
CONFIRM = """
UPDATE resource_reservation SET state = 'used', service_ref = %(service)s, ended_at = %(at)s
WHERE id = %(id)s AND token = %(token)s AND state = 'held' AND expires_at > %(at)s RETURNING id
"""
EXTEND = """
UPDATE resource_reservation SET expires_at = %(until)s, extensions = extensions + 1
WHERE id = %(id)s AND token = %(token)s AND state = 'held' AND expires_at > %(at)s AND extensions < %(most)s RETURNING expires_at
"""
END = """
UPDATE resource_reservation SET state = %(state)s, reason = %(reason)s, ended_at = %(at)s
WHERE id = ANY (%(ids)s) AND state = 'held' RETURNING id, org_id, kind, order_ref
"""
FREE_PORTS = """
UPDATE resource_port SET state = 'free', reservation_id = NULL, changed_at = %(at)s
WHERE reservation_id = ANY (%(ids)s) AND state = 'reserved' RETURNING id, org_id, equipment_id
"""
FREE_ITEMS = """
WITH freed AS (
  UPDATE resource_stock_item i SET state = CASE WHEN old.state = 'reserved' THEN 'in_stock' ELSE old.state END, reservation_id = NULL,
    state_at = CASE WHEN old.state = 'reserved' THEN %(at)s ELSE i.state_at END, changed_at = %(at)s
  FROM (SELECT id, state FROM resource_stock_item WHERE reservation_id = ANY (%(ids)s) ORDER BY id FOR UPDATE) old
  WHERE i.id = old.id RETURNING i.id, i.org_id, i.stock_place_id, old.state),
move AS (
  INSERT INTO resource_stock_move (id, org_id, item_id, verb, from_state, to_state, from_place_id, to_place_id, reference, reason, moved_by, moved_at)
  SELECT tongke_uuid7(), org_id, id, 'free', state, 'in_stock', stock_place_id, stock_place_id, '', %(reason)s, %(by)s, %(at)s FROM freed WHERE state = 'reserved')
SELECT id, state FROM freed
"""
GIVE_BACK = "UPDATE resource_reservation_line SET freed_at = %(at)s WHERE reservation_id = ANY (%(ids)s) AND freed_at IS NULL"
USE_PORTS = """
UPDATE resource_port SET state = 'used', reservation_id = NULL, service_ref = %(service)s, changed_at = %(at)s
WHERE reservation_id = %(id)s AND state = 'reserved' RETURNING id, org_id, equipment_id
"""
USE_ITEMS = """
WITH used AS (
  UPDATE resource_stock_item i SET state = %(end)s, reservation_id = NULL, service_ref = %(service)s, state_at = %(at)s, changed_at = %(at)s
  WHERE i.reservation_id = %(id)s AND i.state = 'reserved' RETURNING i.id, i.org_id, i.stock_place_id),
line AS (UPDATE resource_reservation_line SET freed_at = %(at)s WHERE reservation_id = %(id)s AND item_id IS NOT NULL AND freed_at IS NULL),
move AS (
  INSERT INTO resource_stock_move (id, org_id, item_id, verb, from_state, to_state, from_place_id, to_place_id, reference, reason, moved_by, moved_at)
  SELECT tongke_uuid7(), org_id, id, %(verb)s, 'reserved', %(end)s, stock_place_id, stock_place_id, %(service)s, '', %(by)s, %(at)s FROM used)
SELECT id, org_id, stock_place_id FROM used
"""
SERVED = """
WITH freed AS (
  UPDATE resource_port SET state = 'free', service_ref = '', changed_at = %(at)s WHERE service_ref = %(service)s AND state = 'used'
  RETURNING id, org_id, equipment_id),
line AS (UPDATE resource_reservation_line l SET freed_at = %(at)s FROM freed WHERE l.port_id = freed.id AND l.freed_at IS NULL)
SELECT id, org_id, equipment_id FROM freed
"""
OVERDUE = """
SELECT r.id FROM resource_reservation r WHERE r.state = 'held' AND r.expires_at <= %(at)s
  AND (%(equipment)s::uuid IS NULL OR EXISTS (SELECT FROM resource_port p WHERE p.reservation_id = r.id AND p.equipment_id = %(equipment)s))
  AND (%(place)s::uuid IS NULL OR EXISTS (SELECT FROM resource_stock_item i WHERE i.reservation_id = r.id AND i.stock_place_id = %(place)s))
ORDER BY r.expires_at LIMIT %(most)s FOR UPDATE SKIP LOCKED
"""
REFERENCE_LENGTH_MAX = 80
HANDED = {"handed_out": "hand_out", "installed": "install"}


@verb("resource.reserve")
def confirm_reservation(
    *, reservation_id: UUID, token: UUID, service_ref: str, handed: str = "handed_out", by: Actor, at: datetime
) -> None:
    """Use what was reserved: ports serve ``service_ref`` from now on, items are handed out (or ``installed``).

    Raises ``WrongToken``, ``ReservationOver`` where it ran out, was released or is used for another service. Repeating
    it for the same service does nothing.
    """
    facts: dict[str, Any] = {"id": reservation_id, "token": token, "service": service_ref, "at": at}
    named(service_ref, "service_ref")
    row = Reservation.objects.filter(id=reservation_id).first()
    if row is None:
        raise NotFound
    with connection.cursor() as cursor:
        cursor.execute(CONFIRM, facts)
        if cursor.fetchone() is None:
            row.refresh_from_db()
            if row.token == token and row.state == "used" and row.service_ref == service_ref:
                return
            raise _refusal(row, token, at)
        cursor.execute(USE_PORTS, facts)
        ports = cursor.fetchall()
        verb_ = HANDED[handed]
        cursor.execute(USE_ITEMS, {**facts, "end": handed, "verb": verb_, "by": by.name})
        items = cursor.fetchall()
        cursor.execute("SELECT serial FROM resource_stock_item WHERE reservation_id = %s", [reservation_id])
        away = [serial for (serial,) in cursor.fetchall()]
    if away:
        raise ItemElsewhere(count=len(away), serials=", ".join(away[:5]))
    note_moves(RESERVATION, "confirm", [(row.id, "held")], reason=service_ref, by=by, at=at)
    note_moves(PORT, "use", [(port, "reserved") for port, _org, _eq in ports], reason=service_ref, by=by, at=at)
    note_moves(STOCK_ITEM, verb_, [(item, "reserved") for item, _org, _place in items], reason=service_ref, by=by, at=at)
    for port, org_id, equipment in ports:
        publish(events.PortUsed(subject_id=port, org_id=org_id, equipment_id=equipment, order_ref=row.order_ref, service_ref=service_ref), by=by, at=at)
    for item, org_id, place in items:
        publish(StockItemMoved(
            subject_id=item, org_id=org_id, verb=verb_, from_state="reserved", to_state=handed, stock_place_id=place, reference=service_ref), by=by, at=at)
    publish(events.ReservationEnded(
        subject_id=row.id, org_id=row.org_id, kind=row.kind, order_ref=row.order_ref, state="used", reason=""), by=by, at=at)


def named(reference: str, field: str, *, length_max: int = REFERENCE_LENGTH_MAX) -> None:
    """Raise ``Invalid`` for an empty reference, which would mean all that never had one, and for one that would be cut."""
    if not reference.strip() or len(reference) > length_max:
        raise Invalid(what=field, field=field)


def _refusal(row: Reservation, token: UUID, at: datetime) -> WrongToken | ReservationOver:
    """Return why a reservation cannot be used or extended."""
    if row.token != token:
        return WrongToken()
    state = "expired" if row.state == "held" and row.expires_at <= at else row.state
    return ReservationOver(order_ref=row.order_ref, state=ReservationState(state).label)


@verb("resource.reserve")
def extend_reservation(*, reservation_id: UUID, token: UUID, minutes: int | None = None, by: Actor, at: datetime) -> datetime:
    """Keep a reservation longer, counted from now; returns until when. Raises ``ExtendedEnough``, ``ReservationOver``, ``WrongToken``."""
    row = Reservation.objects.filter(id=reservation_id).first()
    if row is None:
        raise NotFound
    figures = reservation_policy_at(at, row.org_id)
    most = figures.port_reservation_minutes if row.kind == "port" else figures.item_reservation_minutes
    lasting = min(minutes, most) if minutes else most  # shorter is taken, longer than policy's is not
    with connection.cursor() as cursor:
        cursor.execute(EXTEND, {
            "id": row.id, "token": token, "at": at, "until": at + timedelta(minutes=lasting), "most": figures.reservation_extensions_max})
        found = cursor.fetchone()
    if found is None:
        row.refresh_from_db()
        if row.token == token and row.state == "held" and row.expires_at > at:
            raise ExtendedEnough(times=row.extensions)
        raise _refusal(row, token, at)
    until: datetime = found[0]
    publish(events.ReservationHeld(subject_id=row.id, org_id=row.org_id, kind=row.kind, order_ref=row.order_ref, expires_at=until), by=by, at=at)
    return until


@verb("resource.reserve")
def release_reservation(*, reservation_id: UUID, token: UUID, reason: str = "", by: Actor, at: datetime) -> bool:
    """Give back what was reserved; returns whether there was anything to give. Raises ``WrongToken``, ``ReservationOver`` if used."""
    row = Reservation.objects.filter(id=reservation_id).first()
    if row is None:
        raise NotFound
    if row.token != token:
        raise WrongToken
    if end_reservations([row.id], state="released", reason=reason, by=by, at=at):
        return True
    row.refresh_from_db()
    if row.state == "used":
        raise ReservationOver(order_ref=row.order_ref, state=ReservationState(row.state).label)
    return False


@verb("resource.reserve")
def release_order(*, order_ref: str, reason: str = "", by: Actor, at: datetime) -> int:
    """Give back everything that an order still holds; returns how many reservations ended. Safe to repeat."""
    named(order_ref, "order_ref")
    held = list(Reservation.objects.filter(order_ref=order_ref, state="held").values_list("id", flat=True))
    return len(end_reservations(held, state="released", reason=reason, by=by, at=at))


@verb("resource.reserve")
def free_ports_of_service(*, service_ref: str, reason: str, by: Actor, at: datetime) -> int:
    """Free every port that serves ``service_ref``: the line ended, or its order was undone. Returns how many. Safe to repeat."""
    named(service_ref, "service_ref")
    with connection.cursor() as cursor:
        cursor.execute(SERVED, {"service": service_ref, "at": at})
        freed = cursor.fetchall()
    note_moves(PORT, "free", [(port, "used") for port, _org, _eq in freed], reason=reason, by=by, at=at)
    _tell_freed(freed, reason=reason, by=by, at=at)
    return len(freed)


@verb("resource.reserve")
def expire_reservations(*, limit: int = 500, by: Actor, at: datetime) -> int:
    """End reservations that ran out, the oldest first; returns how many. Several sweepers never wait for one another."""
    return _expire(equipment_id=None, stock_place_id=None, most=limit, by=by, at=at)


def expire_overdue_at(*, equipment_id: UUID | None = None, stock_place_id: UUID | None = None, by: Actor, at: datetime) -> int:
    """End what ran out at one access point or stock place, for a claim that found nothing free."""
    return _expire(equipment_id=equipment_id, stock_place_id=stock_place_id, most=50, by=by, at=at)


def _expire(*, equipment_id: UUID | None, stock_place_id: UUID | None, most: int, by: Actor, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(OVERDUE, {"at": at, "equipment": equipment_id, "place": stock_place_id, "most": most})
        overdue = [row[0] for row in cursor.fetchall()]
    return len(end_reservations(overdue, state="expired", reason="", by=by, at=at))


def end_reservations(ids: Sequence[UUID], *, state: str, reason: str, by: Actor, at: datetime) -> list[UUID]:
    """End those of ``ids`` that are still held, give back what they hold and announce it; returns which ended."""
    if not ids:
        return []
    facts: dict[str, Any] = {"state": state, "reason": reason[:200], "at": at, "by": by.name}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM resource_reservation WHERE id = ANY (%s) ORDER BY id FOR UPDATE", [list(ids)])
        cursor.execute(END, {**facts, "ids": list(ids)})
        ended = cursor.fetchall()
        facts["ids"] = [row[0] for row in ended]
        cursor.execute(FREE_PORTS, facts)
        ports = cursor.fetchall()
        cursor.execute(FREE_ITEMS, facts)
        items = cursor.fetchall()
        cursor.execute(GIVE_BACK, facts)
    note_moves(RESERVATION, "expire" if state == "expired" else "release", [(row[0], "held") for row in ended], reason=reason, by=by, at=at)
    note_moves(PORT, "free", [(port, "reserved") for port, _org, _eq in ports], reason=reason or state, by=by, at=at)
    note_moves(STOCK_ITEM, "free", [(item, before) for item, before in items if before == "reserved"], reason=reason or state, by=by, at=at)
    _tell_freed(ports, reason=reason or state, by=by, at=at)
    for ident, org_id, kind, order_ref in ended:
        publish(events.ReservationEnded(subject_id=ident, org_id=org_id, kind=kind, order_ref=order_ref, state=state, reason=reason), by=by, at=at)
    return [row[0] for row in ended]


def lose_reservations(ids: Sequence[UUID], *, reason: str, by: Actor, at: datetime) -> None:
    """End reservations whose things are gone, and tell their orders."""
    for row in Reservation.objects.filter(id__in=end_reservations(ids, state="released", reason=reason, by=by, at=at)):
        publish(events.ReservationLost(subject_id=row.id, org_id=row.org_id, kind=row.kind, order_ref=row.order_ref, reason=reason), by=by, at=at)


def _tell_freed(ports: Sequence[tuple[UUID, int, UUID]], *, reason: str, by: Actor, at: datetime) -> None:
    for port, org_id, equipment in ports:
        publish(events.PortFreed(subject_id=port, org_id=org_id, equipment_id=equipment, reason=reason), by=by, at=at)
