"""The network: sites, equipment, ports and coverage, as the planners record and run them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from tongke.areas.resource.errors.network import LabelTaken, NotEmpty
from tongke.areas.resource.events import network as events
from tongke.areas.resource.models import Access, Equipment, Place, Port, Site
from tongke.areas.resource.rules import network as rules
from tongke.areas.resource.states.network import EQUIPMENT, SITE, EquipmentKind, NetworkState, PortKind, PortState, Technology
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.ids import uuid7
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

PLAN = "resource.plan_network"
WAY = """
WITH RECURSIVE way AS (
  SELECT e.id, e.parent_id, e.code, 1 AS steps FROM resource_equipment e WHERE e.id = %s
  UNION ALL SELECT e.id, e.parent_id, e.code, way.steps + 1 FROM way JOIN resource_equipment e ON e.id = way.parent_id WHERE way.steps < 20)
SELECT id, code, steps FROM way ORDER BY steps
"""
HEIGHT = """
WITH RECURSIVE branch AS (
  SELECT e.id, 1 AS steps FROM resource_equipment e WHERE e.id = %s
  UNION ALL SELECT e.id, branch.steps + 1 FROM branch JOIN resource_equipment e ON e.parent_id = branch.id AND e.state <> 'retired' WHERE branch.steps < 20)
SELECT max(steps) FROM branch
"""
PORT_OF: dict[str, str] = {
    Technology.FTTH_GPON: PortKind.FIBRE, Technology.FTTH_XGPON: PortKind.FIBRE, Technology.LAN: PortKind.ETHERNET,
    Technology.ADSL: PortKind.PAIR, Technology.COPPER: PortKind.PAIR,
}


@verb(PLAN)
def record_site(
    *, code: str, name: str, kind: str, place_id: UUID | None = None, latitude: Decimal | None = None, longitude: Decimal | None = None,
    planned_on: date | None = None, org_id: int | None = None, by: Actor, at: datetime,
) -> UUID:
    """Record a site, in service unless a day is given on which it will be; raises ``LabelTaken``."""
    require(collect((rules.has_a_code, {"code": code, "most": 40}), (rules.is_a_point, {"latitude": latitude, "longitude": longitude})))
    if place_id is not None and not Place.objects.filter(id=place_id).exists():
        raise NotFound
    site = Site(
        org_id=org_id or by.base_org_id or 1, code=code.strip(), name=name.strip(), kind=kind, place_id=place_id, latitude=latitude,
        longitude=longitude, planned_on=planned_on, created_at=at, changed_at=at, state=NetworkState.PLANNED if planned_on else NetworkState.IN_SERVICE,
    )
    _insert(site, code)
    publish(events.SiteRecorded(subject_id=site.id, org_id=site.org_id, code=site.code), by=by, at=at)
    return site.id


def _insert(row: Site | Equipment, code: str) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as clash:
        if "_code_once" in str(clash):
            raise LabelTaken(given=code) from clash
        raise


@verb(PLAN)
def record_equipment(
    *, code: str, kind: str, technology: str, name: str = "", site_id: UUID | None = None, parent_id: UUID | None = None,
    place_id: UUID | None = None, planned_on: date | None = None, max_down_mbps: int = 0, max_up_mbps: int = 0, uplink_mbps: int = 0,
    split: str = "", org_id: int | None = None, by: Actor, at: datetime,
) -> UUID:
    """Record a piece of equipment below its ``parent``, in service unless a day is given on which it will be.

    Raises ``LabelTaken``, ``NotFound`` for an unknown parent, and the rules RES-116, 118, 119, 120.
    """
    # Locked: nothing is hung on what somebody is taking away.
    parent = Equipment.objects.select_for_update(of=("self",)).filter(id=parent_id).first() if parent_id else None
    if (parent_id and parent is None) or (place_id is not None and not Place.objects.filter(id=place_id).exists()) or (
            site_id is not None and not Site.objects.filter(id=site_id).exists()):
        raise NotFound
    require(collect(
        (rules.has_a_code, {"code": code, "most": 60}),
        (rules.may_hang_on, {"kind": rules.worded(EquipmentKind, kind), "parent_kind": rules.worded(EquipmentKind, parent.kind if parent else "")}), _stands(parent),
        (rules.is_near_enough, {"steps": len(_way(parent.id)) + 1 if parent else 1, "most": rules.STEPS_MAX}),
        *((rules.is_a_speed, {"mbps": mbps}) for mbps in (max_down_mbps, max_up_mbps, uplink_mbps)),
    ))
    row = Equipment(
        org_id=org_id or (parent.org_id if parent else None) or by.base_org_id or 1, code=code.strip(), name=name.strip(), kind=kind,
        technology=technology, site_id=site_id, parent=parent, place_id=place_id, planned_on=planned_on, max_down_mbps=max_down_mbps,
        max_up_mbps=max_up_mbps, uplink_mbps=uplink_mbps, split=split, created_at=at, changed_at=at,
        state=NetworkState.PLANNED if planned_on else NetworkState.IN_SERVICE,
    )
    _insert(row, code)
    publish(events.EquipmentRecorded(subject_id=row.id, org_id=row.org_id, code=row.code, kind=kind), by=by, at=at)
    return row.id


def _stands(equipment: Equipment | None) -> Any:
    """Return the rule that what is hung on or reached over is not retired, with its facts."""
    return equipment and (rules.stands, {"code": equipment.code, "retired": equipment.state == NetworkState.RETIRED})


def _height(equipment_id: UUID) -> int:
    """Return how many elements hang one below another from here on, this one among them."""
    with connection.cursor() as cursor:
        cursor.execute(HEIGHT, [equipment_id])
        return int(cursor.fetchone()[0])


def _way(equipment_id: UUID) -> list[tuple[UUID, str, int]]:
    """Return (id, code, step) from a piece of equipment up to the head of its tree."""
    with connection.cursor() as cursor:
        cursor.execute(WAY, [equipment_id])
        return list(cursor.fetchall())


@verb(PLAN)
def move_equipment(*, equipment_id: UUID, parent_id: UUID | None, by: Actor, at: datetime) -> None:
    """Hang equipment on another element towards the exchange; a circle is refused and shown (RES-117).

    Who moves equipment is alone in doing so in this organisation until the end of the transaction: two moves could close
    a circle that neither sees.
    """
    row = locked_equipment(equipment_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('resource_equipment'), %s)", [row.org_id])
    parent = Equipment.objects.select_for_update(of=("self",)).filter(id=parent_id).first() if parent_id else None
    if parent_id and parent is None:
        raise NotFound
    way = _way(parent.id) if parent else []
    codes = [code for _ident, code, _step in way]
    circle = " → ".join([row.code, *codes[: codes.index(row.code) + 1]]) if row.id in [ident for ident, _code, _step in way] else ""
    require(collect(
        (rules.may_hang_on, {"kind": rules.worded(EquipmentKind, row.kind), "parent_kind": rules.worded(EquipmentKind, parent.kind if parent else "")}), (rules.runs_to_the_exchange, {"circle": circle}),
        (rules.is_near_enough, {"steps": 1 if circle else len(way) + _height(row.id), "most": rules.STEPS_MAX}), _stands(parent),
    ))
    row.parent, row.changed_at = parent, at
    row.save(update_fields=["parent", "changed_at"])
    publish(events.EquipmentStateChanged(
        subject_id=row.id, org_id=row.org_id, from_state=row.state, to_state=row.state, reason=parent.code if parent else ""), by=by, at=at)


def locked_equipment(equipment_id: UUID) -> Equipment:
    """Return equipment within the actor's scope, locked; raises ``NotFound``."""
    row = Equipment.objects.select_for_update(of=("self",)).filter(id=equipment_id).first()
    if row is None:
        raise NotFound
    return row


@verb(PLAN)
def change_equipment_state(*, equipment_id: UUID, move: str, reason: str = "", by: Actor, at: datetime) -> None:
    """Commission, report faulty, mend or retire equipment. Commissioning frees its planned ports; what still serves or is
    reserved cannot be retired (``NotEmpty``).
    """
    row = locked_equipment(equipment_id)
    if move == "retire":
        busy = Port.objects.filter(Q(state__in=[PortState.USED, PortState.RESERVED]) | ~Q(service_ref=""), equipment=row).count()
        hanging = Equipment.objects.filter(parent=row).exclude(state=NetworkState.RETIRED).count()
        if busy or hanging:
            raise NotEmpty(what=row.code, count=busy + hanging)
    before = row.state
    EQUIPMENT.move(row, move, by=by, at=at, reason=reason)
    Equipment.objects.filter(id=row.id).update(changed_at=at)
    if move == "commission":
        Port.objects.filter(equipment=row, state=PortState.PLANNED).update(state=PortState.FREE, changed_at=at)
        Access.objects.filter(equipment=row, state=NetworkState.PLANNED).update(state=NetworkState.IN_SERVICE, changed_at=at)
    if move == "retire":
        Access.objects.filter(equipment=row).update(state=NetworkState.RETIRED, changed_at=at)
    publish(events.EquipmentStateChanged(subject_id=row.id, org_id=row.org_id, from_state=before, to_state=row.state, reason=reason), by=by, at=at)


@verb(PLAN)
def change_site_state(*, site_id: UUID, move: str, reason: str = "", by: Actor, at: datetime) -> None:
    """Commission, report faulty, mend or retire a site; one with equipment in service cannot be retired (``NotEmpty``)."""
    site = Site.objects.select_for_update(of=("self",)).filter(id=site_id).first()
    if site is None:
        raise NotFound
    if move == "retire" and (left := Equipment.objects.filter(site=site).exclude(state=NetworkState.RETIRED).count()):
        raise NotEmpty(what=site.code, count=left)
    before = site.state
    SITE.move(site, move, by=by, at=at, reason=reason)
    publish(events.SiteStateChanged(subject_id=site.id, org_id=site.org_id, from_state=before, to_state=site.state, reason=reason), by=by, at=at)


@verb(PLAN)
def add_ports(
    *, equipment_id: UUID, count: int, kind: str = "", label: str = "", planned_on: date | None = None, max_down_mbps: int | None = None,
    max_up_mbps: int | None = None, by: Actor, at: datetime,
) -> list[UUID]:
    """Make ``count`` ports (or copper pairs), numbered on; free where the equipment is in service and no day is given.

    ``label`` is the cable of pairs; a speed is given where lines carry less than the equipment could.
    """
    row = locked_equipment(equipment_id)
    require(collect((rules.is_a_count_of_ports, {"count": count}), _stands(row), *(
        (rules.is_a_speed, {"mbps": mbps or 0}) for mbps in (max_down_mbps, max_up_mbps))))
    last = Port.objects.filter(equipment=row).order_by("-number").values_list("number", flat=True).first() or 0
    planned = planned_on is not None or row.state == NetworkState.PLANNED
    port_kind = kind or (PortKind.DSL if row.kind == EquipmentKind.DSLAM else PORT_OF[row.technology])
    made = [Port(
        id=uuid7(), org_id=row.org_id, equipment=row, number=last + n, kind=port_kind, label=label, planned_on=planned_on, changed_at=at,
        max_down_mbps=max_down_mbps, max_up_mbps=max_up_mbps, state=PortState.PLANNED if planned else PortState.FREE,
    ) for n in range(1, count + 1)]
    Port.objects.bulk_create(made)
    publish(events.PortsAdded(
        subject_id=row.id, org_id=row.org_id, count=count, kind=port_kind, state=PortState.PLANNED if planned else PortState.FREE), by=by, at=at)
    return [port.id for port in made]


@verb(PLAN)
def record_access(
    *, place_id: UUID, equipment_id: UUID, technology: str = "", max_down_mbps: int = 0, max_up_mbps: int = 0, distance_m: int = 0,
    planned_on: date | None = None, by: Actor, at: datetime,
) -> UUID:
    """Record that a place, and all below it, is reached by an access point (from ``planned_on`` on); again changes the figures."""
    row = locked_equipment(equipment_id)
    place = Place.objects.filter(id=place_id).first()
    if place is None:
        raise NotFound
    offered = technology or row.technology
    require(collect(
        (rules.is_a_speed, {"mbps": max_down_mbps}), (rules.is_a_speed, {"mbps": max_up_mbps}), _stands(row),
        (rules.runs_over, {"technology": rules.worded(Technology, offered), "kind": rules.worded(EquipmentKind, row.kind), "offered": [t for t in rules.offered_by(row.technology) if t == offered]}),
    ))
    state = NetworkState.PLANNED if planned_on or row.state == NetworkState.PLANNED else NetworkState.IN_SERVICE
    facts: dict[str, Any] = {
        "max_down_mbps": max_down_mbps, "max_up_mbps": max_up_mbps, "distance_m": distance_m, "state": state,
        "planned_on": planned_on or row.planned_on, "changed_at": at,
    }
    access, _made = Access.objects.update_or_create(
        place=place, equipment=row, technology=offered, defaults=facts, create_defaults={**facts, "org_id": row.org_id, "created_at": at})
    publish(events.CoverageRecorded(
        subject_id=place.id, org_id=row.org_id, equipment_id=row.id, technology=offered, state=state), by=by, at=at)
    return access.id


@verb(PLAN)
def retire_access(*, access_id: UUID, by: Actor, at: datetime) -> None:
    """Say that a place is no longer reached this way. Lines that run over it go on; nothing new is sold. Safe to repeat."""
    access = Access.objects.select_for_update(of=("self",)).filter(id=access_id).first()
    if access is None:
        raise NotFound
    if access.state == NetworkState.RETIRED:
        return
    access.state, access.changed_at = NetworkState.RETIRED, at
    access.save(update_fields=["state", "changed_at"])
    publish(events.CoverageRecorded(
        subject_id=access.place_id, org_id=access.org_id, equipment_id=access.equipment_id, technology=access.technology, state="retired"), by=by, at=at)
