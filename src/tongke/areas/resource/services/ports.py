"""Single ports and pairs: faults and repairs. An order whose port breaks is given another, or told that it lost it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.resource.events import network as events
from tongke.areas.resource.models import Port, Reservation, ReservationLine
from tongke.areas.resource.services.history import note_moves
from tongke.areas.resource.services.reservation_ends import lose_reservations
from tongke.areas.resource.services.reservations import claim_port
from tongke.areas.resource.states.network import PORT, NetworkState
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.verb import verb

PLAN = "resource.plan_network"


def _locked(port_id: UUID) -> Port:
    """Return the port, locked after the reservation that holds it: in the order in which every verb locks them."""
    while True:
        holder = Port.objects.filter(id=port_id).values_list("reservation_id", flat=True).first()
        if holder is not None:
            Reservation.objects.select_for_update().filter(id=holder).first()
        port = Port.objects.select_for_update(of=("self",)).select_related("equipment").filter(id=port_id).first()
        if port is None:
            raise NotFound
        if port.reservation_id == holder:
            return port


def _moved(port: Port, move: str, *, note: str, by: Actor, at: datetime) -> None:
    """Move the (locked) port; who held it is let go of in the same statement."""
    starts, end = PORT.moves[move]
    if port.state not in starts:
        raise PORT.refusal(move, port.state)
    Port.objects.filter(id=port.id).update(state=end, reservation=None, note=note[:200], changed_at=at)
    note_moves(PORT, move, [(port.id, port.state)], reason=note, by=by, at=at)
    publish(events.PortStateChanged(
        subject_id=port.id, org_id=port.org_id, equipment_id=port.equipment_id, from_state=port.state, to_state=end, reason=note), by=by, at=at)


@verb(PLAN)
def report_port_faulty(*, port_id: UUID, note: str = "", by: Actor, at: datetime) -> None:
    """Take a broken port out of use. One that is reserved is replaced by another free port of the same access point; where
    there is none the reservation ends and the order is told (``ReservationLost``). One in use keeps its service's name.
    """
    port = _locked(port_id)
    _moved(port, "report_faulty", note=note, by=by, at=at)
    if port.reservation_id is not None:
        _replace(port, port.reservation_id, by=by, at=at)


def _replace(port: Port, reservation_id: UUID, *, by: Actor, at: datetime) -> None:
    """Give the order of a broken port another one, or end its reservation and say so."""
    reservation = Reservation.objects.get(id=reservation_id)
    ReservationLine.objects.filter(reservation=reservation, port=port, freed_at=None).update(freed_at=at)
    stands = [NetworkState.IN_SERVICE, NetworkState.FAULTY]  # the order waits for the repair of the rest anyway
    if claim_port(port.equipment, reservation=reservation.id, order_ref=reservation.order_ref, kinds=[port.kind], works=stands, by=by, at=at) is None:
        lose_reservations([reservation.id], reason=f"{port.equipment.code}/{port.number}", by=by, at=at)


@verb(PLAN)
def mend_port(*, port_id: UUID, note: str = "", by: Actor, at: datetime) -> None:
    """Bring a mended port back: serving what it served, or free and announced."""
    port = _locked(port_id)
    serving = bool(port.service_ref)
    _moved(port, "mend_in_use" if serving else "mend", note=note, by=by, at=at)
    if not serving:
        publish(events.PortFreed(subject_id=port.id, org_id=port.org_id, equipment_id=port.equipment_id, reason=note), by=by, at=at)


@verb(PLAN)
def commission_port(*, port_id: UUID, by: Actor, at: datetime) -> None:
    """Put a planned port into service."""
    port = _locked(port_id)
    _moved(port, "commission", note="", by=by, at=at)
    publish(events.PortFreed(subject_id=port.id, org_id=port.org_id, equipment_id=port.equipment_id, reason=""), by=by, at=at)
