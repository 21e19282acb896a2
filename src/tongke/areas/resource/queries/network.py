"""Reads of the network: equipment, ports, reservations, and how well communities are covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet

from tongke.areas.resource.models import Access, Equipment, Port, Reservation, Site
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound

VIEW = "resource.view_network"


@dataclass(frozen=True, slots=True)
class CommunityCoverage:
    """How well one community is covered: rooms, how many of them are reached in service or planned, and the ports there."""

    community_id: UUID
    name: str
    name_en: str
    district: str
    district_en: str
    street: str
    street_en: str
    premises: int
    covered: int
    planned: int
    ports: int
    free_ports: int
    used_ports: int
    faulty_ports: int

    @property
    def percent(self) -> int:
        """Share of the rooms that are reached, in whole percent, rounded down."""
        return self.covered * 100 // self.premises if self.premises else 0


@dataclass(frozen=True, slots=True)
class ReservationSeen:
    """A reservation as a list shows it; the token is its holder's alone."""

    id: UUID
    org_id: int
    kind: str
    order_ref: str
    state: str
    expires_at: datetime
    extensions: int
    reserved_by: str
    created_at: datetime
    things: list[str]


@dataclass(frozen=True, slots=True)
class PortCounts:
    """The ports of the actor's network by state (running counts)."""

    free: int = 0
    reserved: int = 0
    used: int = 0
    faulty: int = 0
    planned: int = 0


# One page of communities, then only their rooms and ports: cost follows the page, not the town.
COMMUNITIES = """
WITH page AS MATERIALIZED (
  SELECT p.id, p.name, p.name_en FROM resource_place p
  WHERE p.level = 'community' AND p.org_id = ANY (%(orgs)s) AND p.id > %(after)s AND (%(below)s::uuid IS NULL OR EXISTS (
    SELECT FROM resource_place_up(p.id) u WHERE u.id = %(below)s))
  ORDER BY p.id LIMIT %(limit)s),
reached AS (
  SELECT page.id AS community, a.place_id, bool_or(a.state = 'in_service') AS served
  FROM page JOIN resource_place p ON p.community_id = page.id AND p.level IN ('building', 'unit', 'room') JOIN resource_access a ON a.place_id = p.id
  WHERE a.state IN ('in_service', 'planned') GROUP BY 1, 2
  UNION ALL
  SELECT page.id, a.place_id, bool_or(a.state = 'in_service') FROM page JOIN resource_access a ON a.place_id = page.id
  WHERE a.state IN ('in_service', 'planned') GROUP BY 1, 2),
rooms AS (
  SELECT r.community_id AS community, count(*) AS premises, count(*) FILTER (WHERE s.served) AS covered, count(*) FILTER (WHERE s.served = false) AS planned
  FROM page JOIN resource_place r ON r.community_id = page.id AND r.level = 'room'
  LEFT JOIN resource_place u ON u.id = r.parent_id
  LEFT JOIN LATERAL (SELECT bool_or(x.served) AS served FROM reached x WHERE x.place_id IN (r.id, u.id, u.parent_id, r.community_id)) s ON true
  GROUP BY 1),
ports AS (
  SELECT e.community, count(*) AS ports, count(*) FILTER (WHERE o.state = 'free') AS free, count(*) FILTER (WHERE o.state = 'used') AS used,
    count(*) FILTER (WHERE o.state = 'faulty') AS faulty
  FROM (SELECT DISTINCT reached.community, a.equipment_id FROM reached JOIN resource_access a ON a.place_id = reached.place_id AND a.state = 'in_service') e
  JOIN resource_port o ON o.equipment_id = e.equipment_id GROUP BY 1)
SELECT page.id, page.name, page.name_en, coalesce(up.district, ''), coalesce(up.district_en, ''), coalesce(up.street, ''), coalesce(up.street_en, ''),
  coalesce(rooms.premises, 0), coalesce(rooms.covered, 0), coalesce(rooms.planned, 0), coalesce(ports.ports, 0), coalesce(ports.free, 0),
  coalesce(ports.used, 0), coalesce(ports.faulty, 0)
FROM page LEFT JOIN rooms ON rooms.community = page.id LEFT JOIN ports ON ports.community = page.id
LEFT JOIN LATERAL (
  SELECT max(u.name) FILTER (WHERE u.level = 'district') AS district, max(u.name_en) FILTER (WHERE u.level = 'district') AS district_en,
    max(u.name) FILTER (WHERE u.level = 'street') AS street, max(u.name_en) FILTER (WHERE u.level = 'street') AS street_en
  FROM resource_place_up(page.id) u) up ON true
ORDER BY page.id
"""
FIRST = UUID(int=0)
RESERVATIONS = """
SELECT r.id, r.org_id, r.kind, r.order_ref, r.state, r.expires_at, r.extensions, r.reserved_by, r.created_at,
  ARRAY(SELECT coalesce(e.code || '/' || p.number, i.serial) FROM resource_reservation_line l
    LEFT JOIN resource_port p ON p.id = l.port_id LEFT JOIN resource_equipment e ON e.id = p.equipment_id LEFT JOIN resource_stock_item i ON i.id = l.item_id
    WHERE l.reservation_id = r.id ORDER BY l.id)
FROM resource_reservation r WHERE (%(order)s = '' OR r.order_ref = %(order)s) AND (%(state)s = '' OR r.state = %(state)s)
  AND (%(orgs)s::int[] IS NULL OR r.org_id = ANY (%(orgs)s))
ORDER BY r.id DESC LIMIT %(limit)s OFFSET %(offset)s
"""
THINGS = """
SELECT l.reservation_id, array_agg(coalesce(e.code || '/' || p.number, i.serial) ORDER BY l.id) FROM resource_reservation_line l
LEFT JOIN resource_port p ON p.id = l.port_id LEFT JOIN resource_equipment e ON e.id = p.equipment_id LEFT JOIN resource_stock_item i ON i.id = l.item_id
WHERE l.reservation_id = ANY (%s) GROUP BY l.reservation_id
"""


def coverage_by_community(
    *, org_ids: tuple[int, ...] | None = None, below: UUID | None = None, after: UUID | None = None, limit: int = 50, by: Actor
) -> list[CommunityCoverage]:
    """Return communities of the actor's networks with the share of rooms reached and free ports, a page in the order of their ids.

    ``below`` narrows to a district or street; the page goes on behind the community ``after``.
    """
    by.require(VIEW)
    orgs = org_ids if org_ids is not None else by.scope
    with acting(by), connection.cursor() as cursor:
        if orgs is None:
            cursor.execute("SELECT DISTINCT org_id FROM resource_site")
            orgs = tuple(row[0] for row in cursor.fetchall())
        cursor.execute(COMMUNITIES, {"orgs": list(orgs), "below": below, "after": after or FIRST, "limit": limit})
        return [CommunityCoverage(*row) for row in cursor.fetchall()]


def reservations_seen(*, order_ref: str = "", state: str = "", offset: int = 0, limit: int = 100, by: Actor) -> list[ReservationSeen]:
    """Return reservations within scope, newest first, with what they hold or held in words."""
    by.require(VIEW)
    with acting(by), connection.cursor() as cursor:
        cursor.execute(RESERVATIONS, {
            "order": order_ref, "state": state, "offset": offset, "limit": limit, "orgs": None if by.scope is None else list(by.scope)})
        return [ReservationSeen(*row) for row in cursor.fetchall()]


def sites_visible_to(actor: Actor) -> QuerySet[Site]:
    """Sites within scope."""
    actor.require(VIEW)
    rows = Site.objects.order_by("code", "id")
    return rows if actor.scope is None else rows.filter(org_id__in=actor.scope)


def equipment_visible_to(actor: Actor) -> QuerySet[Equipment]:
    """Equipment within scope, with its site and the next element towards the exchange."""
    actor.require(VIEW)
    rows = Equipment.objects.select_related("site", "parent").order_by("code", "id")
    return rows if actor.scope is None else rows.filter(org_id__in=actor.scope)


def equipment_seen(equipment_id: UUID, *, by: Actor) -> Equipment:
    """Return one piece of equipment; raises ``NotFound``."""
    with acting(by):
        found = equipment_visible_to(by).filter(id=equipment_id).first()
    if found is None:
        raise NotFound
    return found


def ports_visible_to(actor: Actor) -> QuerySet[Port]:
    """Ports within scope, each with its equipment."""
    actor.require(VIEW)
    rows = Port.objects.select_related("equipment").order_by("id")
    return rows if actor.scope is None else rows.filter(org_id__in=actor.scope)


def ports_of(equipment_id: UUID, *, state: str = "", limit: int = 512, by: Actor) -> list[Port]:
    """Return the ports of equipment by number, with the reservation that holds one."""
    by.require(VIEW)
    with acting(by):
        rows = Port.objects.filter(equipment_id=equipment_id).select_related("reservation").order_by("number")
        return list((rows.filter(state=state) if state else rows)[:limit])


def ports_by_equipment(equipment_ids: Sequence[UUID], *, by: Actor) -> dict[UUID, dict[str, int]]:
    """Return how many ports each piece of equipment has, by state: one query for all of them."""
    by.require(VIEW)
    found: dict[UUID, dict[str, int]] = {ident: {} for ident in equipment_ids}
    with acting(by):
        rows = Port.objects.filter(equipment_id__in=equipment_ids).order_by().values_list("equipment_id", "state").annotate(n=Count("id"))
        for ident, state, n in rows:
            found[ident][state] = n
    return found


def accesses_visible_to(actor: Actor) -> QuerySet[Access]:
    """Which place is reached over which equipment, within scope."""
    actor.require(VIEW)
    rows = Access.objects.select_related("place", "equipment").order_by("id")
    return rows if actor.scope is None else rows.filter(org_id__in=actor.scope)


def reservations_visible_to(actor: Actor) -> QuerySet[Reservation]:
    """Reservations within scope, newest first; the token is its holder's alone."""
    actor.require(VIEW)
    rows = Reservation.objects.defer("token").order_by("-id")
    return rows if actor.scope is None else rows.filter(org_id__in=actor.scope)


def things_reserved(reservation_ids: Sequence[UUID], *, by: Actor) -> dict[UUID, list[str]]:
    """Return what each reservation holds or held, in words: equipment and port, or a serial."""
    by.require(VIEW)
    with acting(by), connection.cursor() as cursor:
        cursor.execute(THINGS, [list(reservation_ids)])
        return dict(cursor.fetchall())


def port_counts(*, by: Actor) -> PortCounts:
    """Return how many ports there are by state in the actor's networks, from running counts."""
    by.require(VIEW)
    with acting(by), connection.cursor() as cursor:
        cursor.execute("SELECT state, sum(n)::int FROM resource_port_tally GROUP BY state")
        counts: dict[str, Any] = dict(cursor.fetchall())
    return PortCounts(**counts)


def reservations_running(*, by: Actor, at: datetime) -> int:
    """Return how many reservations hold now within scope."""
    by.require(VIEW)
    with acting(by):
        return Reservation.objects.filter(state="held", expires_at__gt=at).count()
