"""Where the number benchmarks run: a database of so many numbers in blocks, networks and pools, filled once and kept.

Numbers come by one statement of the owner, with triggers off and the indexes made afterwards, as a load of an old
system's numbers would; running counts are taken anew. A third is free, as in an operator's pools.
"""

from __future__ import annotations

import time
from typing import Any

import psycopg

from bench.ground import Ground, migrated
from bench.run import say

BLOCK = 10_000
NETWORKS = 20
POOLS_EACH = 4
AT = "timestamptz '2026-01-01 00:00:00+00'"
PLANT = f"""
INSERT INTO staff_org (id, kind, parent_id, path, name_zh, name_en, area_code, zone, active)
SELECT * FROM (
  SELECT 1, 'group', NULL::int, '/1/', '通客电信', 'Tongke', '', 'Asia/Shanghai', true UNION ALL
  SELECT p, 'province', 1, '/1/' || p || '/', '省' || p, 'Province', '', 'Asia/Shanghai', true FROM unnest(ARRAY[33, 32]) p UNION ALL
  SELECT p * 100 + k, 'local_network', p, '/1/' || p || '/' || p * 100 + k || '/', '市' || p * 100 + k, 'Network', '', 'Asia/Shanghai', true
  FROM unnest(ARRAY[33, 32]) p, generate_series(1, {NETWORKS // 2}) k) o ON CONFLICT DO NOTHING;
INSERT INTO resource_grade_schedule (id, org_id, version, name, state, valid_from, made_by, created_at, changed_at)
VALUES (1001, 1, 1, 'bench', 'draft', {AT}, 'bench', {AT}, {AT}) ON CONFLICT DO NOTHING;
INSERT INTO resource_grade (id, org_id, schedule_id, code, rank, name_zh, name_en, prestore, monthly_floor, currency, term_months, floor_while_suspended, penalty_percent, exempt_after_term)
SELECT tongke_uuid7(), 1, 1001, g, g::int, g || '级', '', 5000 / g::int, 400 / g::int, 'CNY', 24, true, 90, false FROM unnest(ARRAY['1', '2', '3']) g
WHERE EXISTS (SELECT FROM resource_grade_schedule WHERE id = 1001 AND state = 'draft') ON CONFLICT DO NOTHING;
UPDATE resource_grade_schedule SET state = 'released' WHERE id = 1001 AND state = 'draft';
INSERT INTO resource_number_pool (id, org_id, code, name_zh, name_en, kind, channels, dry_below, dry_days, taken_per_day, valid_from, version, created_at, changed_at)
SELECT tongke_uuid7(), o.id, 'P' || k, '号池' || k, '', 'mobile', '{{}}', 0, 0, 0, {AT}, 1, {AT}, {AT} FROM staff_org o, generate_series(0, {POOLS_EACH - 1}) k
WHERE o.kind = 'local_network' ON CONFLICT DO NOTHING;
INSERT INTO resource_number_block (id, org_id, code, kind, source, donor, first, last, document, valid_from, version, created_at, changed_at)
VALUES (tongke_uuid7(), 1, 'BENCH', 'mobile', 'regulator', '', 8613000000000, 8613999999999, '', {AT}, 1, {AT}, {AT}) ON CONFLICT DO NOTHING;
"""
# Block b is 13d hhhh: heads lie scattered over the plan, each block at one network, its numbers in one of the pools.
NUMBERS = f"""
INSERT INTO resource_number (id, number, org_id, block_id, pool_id, kind, grade, graded_by, state, spread, assigned_to, cooling_until, order_ref, operator, note, since, changed_at)
SELECT resource_number_id(n.number), n.number, p.org_id, b.id, p.id, 'mobile', n.grade, CASE WHEN n.grade = '0' THEN NULL ELSE 1001 END, n.state,
  (random() * 2147483647)::int, CASE WHEN n.state = 'assigned' THEN gen_random_uuid() END, CASE WHEN n.state = 'cooling' THEN {AT} + interval '400 days' END,
  '', '', '', {AT}, {AT}
FROM resource_number_block b, (
  SELECT k, '+8613' || k % 10 || lpad(((k * 7919) %% 10000)::text, 4, '0') AS head FROM generate_series(0, %(blocks)s - 1) k) h
JOIN (SELECT id, org_id, row_number() OVER (ORDER BY code, org_id) - 1 AS place FROM resource_number_pool) p ON p.place = h.k %% {NETWORKS * POOLS_EACH},
LATERAL (SELECT x.number, CASE WHEN x.number ~ '(\\d)\\1\\1\\1$' THEN '1' WHEN x.number ~ '(\\d)\\1\\1$' THEN '2' WHEN x.number ~ '(\\d)\\1(\\d)\\2$' THEN '3' ELSE '0' END AS grade,
    CASE WHEN x.chance < 0.33 THEN 'free' WHEN x.chance < 0.9 THEN 'assigned' ELSE 'cooling' END AS state
  FROM (SELECT h.head || lpad(i::text, 4, '0') AS number, random() AS chance FROM generate_series(0, {BLOCK - 1}) i) x) n
WHERE b.code = 'BENCH'
""".replace("k % 10", "k %% 10")
INDEXES = """
SELECT c.relname, pg_get_indexdef(c.oid), o.conname, pg_get_constraintdef(o.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
LEFT JOIN pg_constraint o ON o.conindid = c.oid AND o.conrelid = i.indrelid WHERE i.indrelid = 'resource_number'::regclass
"""


def number_ground(size: int) -> Ground:
    """Return the database of ``size`` numbers: made now, or found as it is."""
    made = migrated(size, f"bench_numbers_{size}")
    with made.owner() as owner:
        if owner.execute("SELECT count(*) FROM (SELECT FROM resource_number LIMIT 1) x").fetchone() == (0,):
            begun = time.monotonic()
            _fill(owner, size)
            say(f"{size:,} numbers in {time.monotonic() - begun:.0f} s")
    return made


def _fill(owner: psycopg.Connection[Any], size: int) -> None:
    owner.execute("SET session_replication_role = replica; SET maintenance_work_mem = '512MB'; SET synchronous_commit = off")
    owner.execute(PLANT)
    found = owner.execute(INDEXES).fetchall()
    for name, _made, constraint, _words in found:
        owner.execute(f"ALTER TABLE resource_number DROP CONSTRAINT {constraint}" if constraint else f"DROP INDEX {name}")
    owner.execute(NUMBERS, {"blocks": max(1, size // BLOCK)})
    for name, made, constraint, words in found:
        say(f"index {name} …")
        owner.execute(f"ALTER TABLE resource_number ADD CONSTRAINT {constraint} {words}" if constraint else made)
    owner.execute("DELETE FROM resource_number_tally; INSERT INTO resource_number_tally (org_id, pool_id, kind, grade, state, n)"
                  " SELECT org_id, pool_id, kind, grade, state, count(*) FROM resource_number GROUP BY 1, 2, 3, 4, 5")
    owner.execute("VACUUM ANALYZE resource_number")
    owner.execute("ANALYZE resource_number_tally")
    owner.execute("SET session_replication_role = DEFAULT")
