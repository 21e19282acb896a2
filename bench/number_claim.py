"""Claiming numbers of one pool by many at once: the verb (quota, hold, history, event, audit, running counts) against a bare
loop of ``FOR UPDATE SKIP LOCKED`` over the same rows. A third side reads first and writes after, as a control: it doubles.

Every side has as many threads as claimants, spread over the same processes, each with a connection of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg

from bench.figures import Figure, median_rate
from bench.ground import Ground
from bench.load import Call, Clients, sides
from bench.number_ground import AT, number_ground
from bench.run import say
from tongke.config.runtime import embedded_url, socket_dir

NAME = "number-claim"
REACH = 0.5
ROUNDS, SECONDS, WARM = 5, 2.0, 1.0
HOLDS_A_CLERK = 10
BASE_SIZE = 10_000
FILL = f"""
INSERT INTO resource_number_pool (id, org_id, code, name_zh, name_en, kind, channels, dry_below, dry_days, taken_per_day, valid_from, version, created_at, changed_at)
SELECT tongke_uuid7(), 3301, 'CLAIM', '抢号', '', 'mobile', '{{}}', 0, 0, 0, {AT}, 1, {AT}, {AT}
WHERE NOT EXISTS (SELECT FROM resource_number_pool WHERE code = 'CLAIM');
DELETE FROM resource_number_hold WHERE pool_id = (SELECT id FROM resource_number_pool WHERE code = 'CLAIM');
DELETE FROM resource_number WHERE pool_id = (SELECT id FROM resource_number_pool WHERE code = 'CLAIM');
INSERT INTO resource_number (id, number, org_id, block_id, pool_id, kind, state, order_ref, operator, note, since, changed_at, grade)
SELECT resource_number_id(n), n, 3301, b.id, p.id, 'mobile', 'free', '', '', '', {AT}, {AT}, '0'
FROM resource_number_block b, resource_number_pool p, (SELECT '+86150' || lpad(i::text, 8, '0') AS n FROM generate_series(1, %(size)s) i) x
WHERE b.code = 'BENCH' AND p.code = 'CLAIM';
DROP TABLE IF EXISTS bench_bare_number, bench_bare_claim;
CREATE TABLE bench_bare_number AS SELECT id, number, pool_id, state FROM resource_number WHERE pool_id = (SELECT id FROM resource_number_pool WHERE code = 'CLAIM');
ALTER TABLE bench_bare_number ADD PRIMARY KEY (id);
CREATE INDEX ON bench_bare_number (pool_id) WHERE state = 'free';
CREATE TABLE bench_bare_claim (number text, claimant int);
GRANT ALL ON bench_bare_number, bench_bare_claim TO tongke_app;
"""
LOCK = "SELECT id FROM bench_bare_number WHERE pool_id = %s AND state = 'free' LIMIT 1 FOR UPDATE SKIP LOCKED"
READ = "SELECT id, number FROM bench_bare_number WHERE pool_id = %s AND state = 'free' LIMIT 1"
TAKE = "UPDATE bench_bare_number SET state = 'held' WHERE id = %s"
DOUBLED = {
    "verb": "SELECT count(*) FROM (SELECT FROM resource_number_hold WHERE pool_id = %s AND state = 'open' GROUP BY number_id HAVING count(*) > 1) d",
    "control": "SELECT count(*) FROM (SELECT FROM bench_bare_claim GROUP BY number HAVING count(*) > 1) d",
}


def verb_claims(name: str, pool: UUID) -> Any:
    """Return the maker of clerks that each hold any number of the pool, on a connection of their own as the application."""
    guard = threading.Lock()

    def make(number: int) -> Call:
        from django.db import connections  # noqa: PLC0415

        from tongke.areas.resource.services import hold_number  # noqa: PLC0415
        from tongke.kernel import clock  # noqa: PLC0415
        from tongke.kernel.actor import Actor  # noqa: PLC0415
        from tongke.kernel.ids import uuid7  # noqa: PLC0415

        with guard:
            connections.settings["default"].update(NAME=name, USER="tongke_app", HOST=str(socket_dir()))
        rights, mark, done = frozenset({"resource.hold_number"}), uuid7().hex[:10], 0

        def call() -> None:
            nonlocal done
            # A quota binds every clerk: another one comes to the counter after so many.
            by = Actor(name=f"clerk-{mark}-{number}-{done // HOLDS_A_CLERK}", org_id=3301, scope=(3301,), permissions=rights)
            done += 1
            hold_number(pool_id=pool, order_ref="bench", by=by, at=clock.now())

        return call

    return make


def bare_claims(name: str, pool: UUID) -> Any:
    """Return the maker of the bare loop: lock one that nobody locks, take it, commit."""

    def make(_number: int) -> Call:
        connection = psycopg.connect(embedded_url("tongke_app", name), prepare_threshold=0)

        def call() -> None:
            row = connection.execute(LOCK, [pool]).fetchone()
            if row is None:
                raise RuntimeError("the pool is empty")
            connection.execute(TAKE, row)
            connection.commit()

        return call

    return make


def doubling_claims(name: str, pool: UUID) -> Any:
    """Return the maker of the control: read which one is free, then take it."""

    def make(number: int) -> Call:
        connection = psycopg.connect(embedded_url("tongke_app", name), prepare_threshold=0)

        def call() -> None:
            row = connection.execute(READ, [pool]).fetchone()
            if row is None:
                raise RuntimeError("the pool is empty")
            connection.execute(TAKE, row[:1])
            connection.execute("INSERT INTO bench_bare_claim VALUES (%s, %s)", [row[1], number])
            connection.commit()

        return call

    return make


def _planted(place: Ground, size: int) -> UUID:
    with place.owner() as owner:
        owner.execute("SET session_replication_role = replica")
        for statement in FILL.split(";\n"):
            if statement.strip():
                owner.execute(statement, {"size": size} if "%(size)s" in statement else None)
        owner.execute("VACUUM ANALYZE resource_number")
        owner.execute("VACUUM ANALYZE bench_bare_number")
        pool: UUID = owner.execute("SELECT id FROM resource_number_pool WHERE code = 'CLAIM'").fetchone()[0]  # type: ignore[index]  # planted above
        return pool


def run(ground: Ground, clients: Sequence[int]) -> list[Figure]:
    """Measure for every number of claimants over a pool of ``size`` free numbers, planted anew each time."""
    place = number_ground(BASE_SIZE)
    out = []
    for count in clients:
        pool = _planted(place, ground.size)
        makers = (verb_claims(place.name, pool), bare_claims(place.name, pool))
        with sides(*makers, clients=count) as (ours, theirs):
            ours.round(WARM)
            theirs.round(WARM)
            a, b = zip(*((ours.round(SECONDS), theirs.round(SECONDS)) for _round in range(ROUNDS)), strict=True)
        x, y = median_rate(a), median_rate(b)
        out.append(Figure(name=NAME, size=ground.size, clients=count, figure=round(x, 1), unit="1/s", reference=round(y, 1), ratio=round(x / y, 3), reach=REACH))
        out += _doubled(place, pool, size=ground.size, count=count)
    return out


def _doubled(place: Ground, pool: UUID, *, size: int, count: int) -> list[Figure]:
    """Count numbers with two holders: none by the verb, and some by the control, or the run has shown nothing."""
    control = Clients(doubling_claims(place.name, pool), count)
    try:
        control.round(WARM)
    finally:
        control.close()
    with place.owner() as owner:
        verb = owner.execute(DOUBLED["verb"], [pool]).fetchone()[0]  # type: ignore[index]  # a count
        loose = owner.execute(DOUBLED["control"]).fetchone()[0]  # type: ignore[index]  # a count
    say(f"numbers with two holders: {verb} by the verb, {loose} by reading first and writing after")
    same: dict[str, Any] = {"size": size, "clients": count, "unit": "numbers", "reach": 1.0}
    return [
        Figure(name=f"{NAME} doubled", figure=float(verb), reference=0.0, ratio=float(verb == 0), **same),
        Figure(name=f"{NAME} doubled by the control", figure=float(loose), reference=0.0, ratio=float(loose > 0), **same),
    ]
