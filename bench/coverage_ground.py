"""Where the coverage benchmark runs: a town of so many rooms with its network, filled once by set-based statements and kept.

A community has 20 buildings of 4 units of 25 rooms; each unit has a distribution box of 32 ports, each building a
splitter, five communities an OLT. Names recur in other streets, as they do in life.
"""

from __future__ import annotations

import time
from typing import Any

import psycopg

from bench.ground import Ground, migrated
from bench.run import say
from tongke.simulator.places import COMMUNITY_HEADS, COMMUNITY_TAILS

ROOMS_EACH = 2_000
AT = "timestamptz '2026-01-01 00:00:00+00'"
STREETS_EACH = 4


def ident(kind: str, number: str) -> str:
    """Return the SQL of a row's id from its number: ascending, as made one after the other."""
    return f"('0190000{kind}-0000-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"


C, U, B = "c.n", "(c.n * 80 + b.n * 4 + u.n)", "(c.n * 20 + b.n)"
PLACE = "INSERT INTO resource_place (id, org_id, parent_id, level, name, name_en, key, door, code, postcode, community_id, state, created_at, changed_at)"
NAME = "INSERT INTO resource_place_name (id, org_id, place_id, kind, name, key)"
FILL: tuple[tuple[str, str], ...] = (
    ("regions", f"""
      {PLACE} VALUES ({ident('1', '1')}, 33, NULL, 'province', '浙江省', 'Zhejiang', '浙江', '', '33', '', NULL, 'in_use', {AT}, {AT}),
        ({ident('1', '2')}, 3301, {ident('1', '1')}, 'city', '杭州市', 'Hangzhou', '杭州', '', '3301', '', NULL, 'in_use', {AT}, {AT});
      {PLACE} SELECT {ident('2', 'd.n')}, 3301, {ident('1', '2')}, 'district', '试' || d.n || '区', '', '试' || d.n, '', '', '', NULL, 'in_use', {AT}, {AT}
        FROM generate_series(0, %(communities)s / (10 * {STREETS_EACH}) + 1) d(n)"""),
    ("streets", f"""
      {PLACE} SELECT {ident('3', 's.n')}, 3301, {ident('2', 's.n / 10')}, 'street', '第' || s.n || '大街', '', '第' || s.n || '大街', '', '', '', NULL, 'in_use', {AT}, {AT}
        FROM generate_series(0, %(communities)s / {STREETS_EACH}) s(n)"""),
    ("communities", f"""
      {PLACE} SELECT {ident('4', 'c.n')}, 3301, {ident('3', f'c.n / {STREETS_EACH}')}, 'community', x.name, '', x.name, (c.n %% {STREETS_EACH} * 100 + 8)::text, '', '', NULL, 'in_use', {AT}, {AT}
        FROM generate_series(0, %(communities)s - 1) c(n) CROSS JOIN LATERAL (
          SELECT (%(heads)s::text[])[1 + c.n %% %(head_count)s] || (%(tails)s::text[])[1 + c.n / %(head_count)s %% %(tail_count)s] AS name) x"""),
    ("names", f"""
      {NAME} SELECT tongke_uuid7(), org_id, id, 'official', name, key FROM resource_place WHERE level IN ('province', 'city', 'district', 'street', 'community')"""),
    ("buildings", f"""
      {PLACE} SELECT {ident('5', B)}, 3301, {ident('4', C)}, 'building', b.n + 1 || '幢', '', (b.n + 1)::text, '', '', '', {ident('4', C)}, 'in_use', {AT}, {AT}
        FROM generate_series(0, %(communities)s - 1) c(n), generate_series(0, 19) b(n)"""),
    ("units", f"""
      {PLACE} SELECT {ident('6', U)}, 3301, {ident('5', B)}, 'unit', u.n + 1 || '单元', '', (u.n + 1)::text, '', '', '', {ident('4', C)}, 'in_use', {AT}, {AT}
        FROM generate_series(0, %(communities)s - 1) c(n), generate_series(0, 19) b(n), generate_series(0, 3) u(n)"""),
    ("rooms", f"""
      {PLACE} SELECT {ident('7', f'{U} * 25 + r.n')}, 3301, {ident('6', U)}, 'room', x.key || '室', '', x.key, '', '', '', {ident('4', C)}, 'in_use', {AT}, {AT}
        FROM generate_series(0, %(communities)s - 1) c(n), generate_series(0, 19) b(n), generate_series(0, 3) u(n), generate_series(0, 24) r(n)
        CROSS JOIN LATERAL (SELECT ((r.n / 2 + 1) * 100 + r.n %% 2 + 1)::text AS key) x"""),
    ("sites", f"""
      INSERT INTO resource_site (id, org_id, code, name, kind, state, created_at, changed_at)
      SELECT {ident('8', 's.n')}, 3301, 'S' || s.n, '局' || s.n, 'exchange', 'in_service', {AT}, {AT} FROM generate_series(0, %(communities)s / 25) s(n)"""),
    ("equipment", f"""
      INSERT INTO resource_equipment (id, org_id, code, name, kind, technology, site_id, parent_id, state, max_down_mbps, max_up_mbps, uplink_mbps, split, created_at, changed_at)
      SELECT {ident('9', 'o.n')}, 3301, 'OLT' || o.n, '', 'olt', 'ftth_gpon', {ident('8', 'o.n / 5')}, NULL::uuid, 'in_service', 1000, 500, 10000, '', {AT}, {AT}
        FROM generate_series(0, %(communities)s / 5) o(n)
      UNION ALL SELECT {ident('a', 's.n')}, 3301, 'SP' || s.n, '', 'splitter', 'ftth_gpon', NULL, {ident('9', 's.n / 100')}, 'in_service', 0, 0, 0, '1:64', {AT}, {AT}
        FROM generate_series(0, %(communities)s * 20 - 1) s(n)
      UNION ALL SELECT {ident('b', 'x.n')}, 3301, 'BX' || x.n, '', 'box', 'ftth_gpon', NULL, {ident('a', 'x.n / 4')}, 'in_service', 0, 0, 0, '', {AT}, {AT}
        FROM generate_series(0, %(communities)s * 80 - 1) x(n)"""),
    ("ports", f"""
      INSERT INTO resource_port (id, org_id, equipment_id, number, kind, state, label, service_ref, note, changed_at)
      SELECT {ident('c', 'x.n * 32 + p.n')}, 3301, {ident('b', 'x.n')}, p.n, 'fibre', s.state, '', CASE WHEN s.state = 'used' THEN 'S' || x.n || '-' || p.n ELSE '' END, '', {AT}
      FROM generate_series(0, %(communities)s * 80 - 1) x(n), generate_series(1, 32) p(n)
      CROSS JOIN LATERAL (SELECT CASE WHEN (x.n * 31 + p.n * 17) %% 10 < 6 THEN 'used' WHEN (x.n * 31 + p.n * 17) %% 100 < 2 THEN 'faulty' ELSE 'free' END AS state) s"""),
    ("accesses", f"""
      INSERT INTO resource_access (id, org_id, place_id, equipment_id, technology, max_down_mbps, max_up_mbps, distance_m, state, created_at, changed_at)
      SELECT {ident('d', 'x.n')}, 3301, {ident('6', 'x.n')}, {ident('b', 'x.n')}, 'ftth_gpon', 1000, 100, 20, 'in_service', {AT}, {AT}
      FROM generate_series(0, %(communities)s * 80 - 1) x(n)"""),
)
TABLES = ("resource_place", "resource_place_name", "resource_site", "resource_equipment", "resource_port", "resource_access")


def coverage_ground(size: int) -> Ground:
    """Return the database of ``size`` rooms: made now, or found as it is."""
    made = migrated(size, f"bench_coverage_{size}")
    with made.owner() as owner:
        if owner.execute("SELECT count(*) FROM (SELECT FROM resource_access LIMIT 1) x").fetchone() == (0,):
            begun = time.monotonic()
            _fill(owner, max(1, size // ROOMS_EACH))
            say(f"{size:,} rooms in {time.monotonic() - begun:.0f} s")
    return made


def _fill(owner: psycopg.Connection[Any], communities: int) -> None:
    """Load the tables as the owner, triggers off, as a load from another system would; running counts are taken anew."""
    facts = {"communities": communities, "heads": COMMUNITY_HEADS, "tails": COMMUNITY_TAILS, "head_count": len(COMMUNITY_HEADS), "tail_count": len(COMMUNITY_TAILS)}
    owner.execute("SET session_replication_role = replica; SET synchronous_commit = off")
    for name, statement in FILL:
        for one in statement.split(";"):
            owner.execute(one, {key: value for key, value in facts.items() if f"%({key})s" in one})
        say(f"{name} …")
    owner.execute("DELETE FROM resource_port_tally; INSERT INTO resource_port_tally (org_id, kind, state, n) SELECT org_id, kind, state, count(*) FROM resource_port GROUP BY 1, 2, 3")
    for table in TABLES:
        owner.execute(f"VACUUM ANALYZE {table}")
    owner.execute("SET session_replication_role = DEFAULT")
