"""What can be sold at an address: the query as pages and eligibility call it, under row-level security, with ports counted, the
path up to the exchange and the reasons worked out, against bare statements of the table's owner that read the same rows. In turn.

By place: the room's key. By text: an address as people write it (province left out, full width, 栋 for 幢, numerals in words),
against the bare statement given the parts ready. Both sides draw addresses of the whole town.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from uuid import UUID

import psycopg

from bench.coverage_ground import ROOMS_EACH, STREETS_EACH, coverage_ground
from bench.figures import Figure, Timing, median_percentile, p99_figure
from bench.ground import Ground
from bench.load import Call, Maker, interleaved
from bench.run import say
from tongke.config.runtime import embedded_url, socket_dir
from tongke.simulator.places import COMMUNITY_HEADS, COMMUNITY_TAILS

NAME = "coverage"
REACH = 0.333
ROUNDS, SECONDS = 5, 1.5
# The same rows, by joins on known levels: the place with its ancestors, its access, the ports, the path and the site.
_REACHED = """
SELECT r.id, r.name, u.name, b.name, c.name, c.door, s.name, d.name, t.name, p.name, a.technology, a.state, a.max_down_mbps, a.max_up_mbps, a.distance_m,
  x.code, x.state, x.max_down_mbps, sp.code, sp.state, o.code, o.state, o.max_down_mbps, o.uplink_mbps, i.code, i.name, i.state, n.state, n.n, n.down
FROM resource_place r JOIN resource_place u ON u.id = r.parent_id JOIN resource_place b ON b.id = u.parent_id JOIN resource_place c ON c.id = b.parent_id
JOIN resource_place s ON s.id = c.parent_id JOIN resource_place d ON d.id = s.parent_id JOIN resource_place t ON t.id = d.parent_id
JOIN resource_place p ON p.id = t.parent_id JOIN resource_access a ON a.place_id IN (r.id, u.id, b.id, c.id) JOIN resource_equipment x ON x.id = a.equipment_id
JOIN resource_equipment sp ON sp.id = x.parent_id JOIN resource_equipment o ON o.id = sp.parent_id JOIN resource_site i ON i.id = o.site_id
CROSS JOIN LATERAL (SELECT q.state, count(*) AS n, max(q.max_down_mbps) AS down FROM resource_port q WHERE q.equipment_id = x.id GROUP BY q.state) n
WHERE """
BY_PLACE = _REACHED + "r.id = %(room)s"
BY_PARTS = _REACHED + """r.id = (
  SELECT r2.id FROM resource_place_name k JOIN resource_place c2 ON c2.id = k.place_id JOIN resource_place_name ks ON ks.place_id = c2.parent_id AND ks.key = %(street)s
  JOIN resource_place b2 ON b2.parent_id = c2.id AND b2.level = 'building' AND b2.key = %(building)s
  JOIN resource_place u2 ON u2.parent_id = b2.id AND u2.level = 'unit' AND u2.key = %(unit)s
  JOIN resource_place r2 ON r2.parent_id = u2.id AND r2.level = 'room' AND r2.key = %(number)s WHERE k.key = %(community)s)"""
DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def drawn(draw: random.Random, communities: int) -> tuple[UUID, dict[str, str], str]:
    """Return a room's key, the parts of its address, and the address as somebody writes it."""
    at, building, unit, room = draw.randrange(communities), draw.randrange(20), draw.randrange(4), draw.randrange(25)
    ident = UUID(f"01900007-0000-7000-8000-{((at * 80 + building * 4 + unit) * 25 + room):012x}")
    heads = len(COMMUNITY_HEADS)
    parts = {
        "street": f"第{at // STREETS_EACH}大街", "community": COMMUNITY_HEADS[at % heads] + COMMUNITY_TAILS[at // heads % len(COMMUNITY_TAILS)],
        "building": str(building + 1), "unit": str(unit + 1), "number": str((room // 2 + 1) * 100 + room % 2 + 1),
    }
    door = f"{at % STREETS_EACH * 100 + 8}号"
    style = draw.randrange(4)
    number = parts["number"].translate(WIDE) if style == 1 else parts["number"].translate(DIGITS) if style == 2 else parts["number"]
    inner = f"{parts['building']}-{parts['unit']}-{number}" if style == 3 else f"{parts['building']}{'栋' if style else '幢'}{parts['unit']}单元{number}{'室' if style < 2 else ''}"
    return ident, parts, f"{'浙江省杭州市' if style == 0 else '杭州'if style == 1 else ''}{parts['street']}{door}{parts['community']}{inner}"


def ours(name: str, communities: int, *, text: bool) -> Maker:
    """Return the maker of clients that each ask through the room's query as a clerk of the local network."""
    guard = threading.Lock()

    def make(number: int) -> Call:
        from django.db import connections  # noqa: PLC0415 - in the process of the client

        from tongke.areas.resource import queries  # noqa: PLC0415 - in the process of the client
        from tongke.kernel import clock  # noqa: PLC0415 - in the process of the client
        from tongke.kernel.actor import Actor  # noqa: PLC0415 - in the process of the client

        with guard:
            connections.settings["default"].update(NAME=name, USER="tongke_app", HOST=str(socket_dir()))
        by = Actor(name="bench", org_id=3301, scope=(3301,), permissions=frozenset({"resource.view_network"}))
        draw = random.Random(number)

        def call() -> None:
            room, _parts, written = drawn(draw, communities)
            found = queries.coverage_at(text=written, by=by, at=clock.now()) if text else queries.coverage_at(place_id=room, by=by, at=clock.now())
            if found.place_id != room or not found.access:
                raise RuntimeError(f"{written}: {found.place_id} instead of {room}")

        return call

    return make


def bare(name: str, communities: int, *, text: bool) -> Maker:
    """Return the maker of clients that each ask the bare statement, prepared, on a connection of the owner."""

    def make(number: int) -> Call:
        connection = psycopg.connect(embedded_url("postgres", name), autocommit=True, prepare_threshold=0)
        draw = random.Random(number)

        def call() -> None:
            room, parts, _written = drawn(draw, communities)
            if not connection.execute(BY_PARTS if text else BY_PLACE, parts if text else {"room": room}).fetchall():
                raise RuntimeError(f"{parts}: not found")

        return call

    return make


def p50_figure(name: str, mine: Sequence[Timing], reference: Sequence[Timing], *, size: int, clients: int) -> Figure:
    """Compare medians, to be looked at: the promise speaks of the 99th percentile. Less is better, so the ratio is reference ÷ ours."""
    a, b = median_percentile(mine, 0.5), median_percentile(reference, 0.5)
    return Figure(name=f"{name} p50", size=size, clients=clients, figure=round(a, 3), unit="ms", reference=round(b, 3), ratio=round(b / a, 3), reach=0.0)


def run(ground: Ground, clients: Sequence[int]) -> list[Figure]:
    """Measure by place and by text: 50th and 99th percentiles."""
    town = coverage_ground(ground.size)
    communities = max(1, ground.size // ROOMS_EACH)
    out: list[Figure] = []
    for way in ("place", "text"):
        for count in clients:
            mine, reference = interleaved(
                ours(town.name, communities, text=way == "text"), bare(town.name, communities, text=way == "text"), clients=count, rounds=ROUNDS, seconds=SECONDS)
            name = f"{NAME} by {way}"
            out += [p50_figure(name, mine, reference, size=ground.size, clients=count), p99_figure(name, mine, reference, size=ground.size, clients=count, reach=REACH)]
            say(f"{name} {count}: p99 {out[-1].figure} ms against {out[-1].reference} ms ({out[-1].ratio})")
    return out
