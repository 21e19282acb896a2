"""Who is served over a part of the network: read before anything of it is changed or taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from tongke.areas.resource.models import Access
from tongke.kernel.actor import Actor, acting

VIEW = "resource.view_network"
SHOWN_MAX = 200


@dataclass(frozen=True, slots=True)
class ServedLine:
    """A port that carries a line, or is kept for an order: ``service`` is the line's number, empty while only reserved."""

    equipment_id: UUID
    equipment_code: str
    number: int
    state: str
    service: str
    order_ref: str


@dataclass(frozen=True, slots=True)
class Served:
    """The first of those who are served, and how many there are of all."""

    lines: tuple[ServedLine, ...]
    count: int


SERVED = """
WITH held AS (
  SELECT e.id, e.code, p.number, p.state, p.service_ref, coalesce(r.order_ref, '') AS order_ref FROM resource_port p
  JOIN resource_equipment e ON e.id = p.equipment_id LEFT JOIN resource_reservation r ON r.id = p.reservation_id
  WHERE p.equipment_id = ANY (%(equipment)s) AND (p.service_ref <> '' OR p.state IN ('used', 'reserved')))
SELECT held.*, count(*) OVER () FROM held ORDER BY code, number LIMIT %(most)s
"""
BRANCH = """
WITH RECURSIVE branch AS (
  SELECT e.id, 1 AS steps FROM resource_equipment e WHERE e.id = ANY (%s)
  UNION ALL SELECT e.id, branch.steps + 1 FROM branch JOIN resource_equipment e ON e.parent_id = branch.id WHERE branch.steps < 20)
SELECT DISTINCT id FROM branch
"""
INSIDE = """
WITH RECURSIVE inside AS (
  SELECT %s::uuid AS id UNION ALL SELECT p.id FROM inside JOIN resource_place p ON p.parent_id = inside.id)
SELECT a.id FROM inside JOIN resource_access a ON a.place_id = inside.id WHERE a.state <> 'retired' ORDER BY a.id LIMIT %s
"""


def served_over(equipment_ids: Sequence[UUID], *, whole_branch: bool = False, limit: int = SHOWN_MAX, by: Actor) -> Served:
    """Return the lines and orders on the ports of equipment, with all that hangs below it if ``whole_branch``."""
    by.require(VIEW)
    with acting(by), connection.cursor() as cursor:
        wanted = list(equipment_ids)
        if whole_branch and wanted:
            cursor.execute(BRANCH, [wanted])
            wanted = [row[0] for row in cursor.fetchall()]
        cursor.execute(SERVED, {"equipment": wanted, "most": limit})
        rows = cursor.fetchall()
    return Served(tuple(ServedLine(*row[:-1]) for row in rows), int(rows[0][-1]) if rows else 0)


def coverage_within(place_id: UUID, *, limit: int = SHOWN_MAX, by: Actor) -> list[Access]:
    """Return the coverage that is recorded at a place or at anything in it, with place and equipment."""
    by.require(VIEW)
    with acting(by):
        with connection.cursor() as cursor:
            cursor.execute(INSIDE, [place_id, limit])
            found = [row[0] for row in cursor.fetchall()]
        return list(Access.objects.filter(id__in=found).select_related("place", "equipment").order_by("place_id", "id"))
