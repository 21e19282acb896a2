"""Filling a database: blocks made and written side by side, each a transaction, resumed where a run was cut off."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from tongke.kernel import clock, tally
from tongke.kernel.errors import Invalid, Refused
from tongke.kernel.ids import uuid7
from tongke.simulator.block import block_count
from tongke.simulator.calendar_months import UNTIL, Span
from tongke.simulator.draw import BLOCK
from tongke.simulator.ground import lay_ground
from tongke.simulator.number_plan import CUSTOMERS_MAX
from tongke.simulator.store import connect, load_block, owner_conninfo, without_triggers
from tongke.simulator.tables import COLUMNS

Progress = Callable[[int, int, int], None]
"""Called with customers done, customers in all, rows written so far."""
MONTHS_MAX = 120
LOCK = 7_304_115
REBUILD_FROM = 50_000
"""From so many customers on, indexes that hold no promise (not unique) are made after the rows."""


class HoldsCustomers(Refused):
    """The database holds customers that this simulation did not make."""

    code = "OPS-60"
    says = _("The database already holds {count} customers: simulated ones would be mixed with them")
    mend = _("Use an empty database (`--data DIR`), or add them on purpose with --force")


class SimulationRuns(Refused):
    """Another simulation writes into this database now."""

    code = "OPS-61"
    says = _("Another simulation is writing into this database")
    mend = _("Wait for it to end")


class SeedTaken(Refused):
    """A different simulation of a seed that gives the same numbers is in this database."""

    code = "OPS-62"
    says = _("The numbers of seed {seed} are taken by an earlier simulation in this database")
    mend = _("Choose a seed whose remainder by 8 differs")


@dataclass(frozen=True, slots=True)
class Filled:
    """What a fill did; ``seconds`` is the time it took, ``rows`` what it wrote (0 where all was there)."""

    customers: int
    rows: int
    seconds: float


def fill(
    *, customers: int, months: int = 1, seed: int = 7, until: datetime = UNTIL, progress: Progress | None = None, workers: int | None = None,
    managers: tuple[str, ...] = (), force: bool = False,
) -> Filled:
    """Fill the database that this process works on with a simulated operator, as its owner.

    The same ``customers``, ``months``, ``seed`` and ``until`` give the same rows, byte for byte, but for the sealed
    document numbers (the installation's key). A run that was cut off is continued by the same call; a finished
    one does nothing. Raises ``HoldsCustomers``, ``SimulationRuns``, ``SeedTaken`` or ``Invalid``.
    """
    span = checked_span(customers, months, seed, until)
    started = time.monotonic()
    conninfo = owner_conninfo()
    with connect(conninfo) as owner, _alone(owner):
        job = _job_of(owner, span, force=force)
        if job is None:
            return Filled(customers, 0, time.monotonic() - started)
        lay_ground(owner, span)
        with _late_indexes(owner, span, job):
            rows = _write_blocks(conninfo, span, managers, workers or _cores(), progress)
        _settle(owner)
        owner.execute("UPDATE kernel_bulk_job SET state = 'done', position = %s, created = created + %s, ended_at = %s WHERE id = %s",
                      [customers, rows, clock.now(), job])
    return Filled(customers, rows, time.monotonic() - started)


def checked_span(customers: int, months: int, seed: int, until: datetime) -> Span:
    """Return the span to simulate; raises ``Invalid`` for figures out of range."""
    if not 1 <= customers <= CUSTOMERS_MAX:
        raise Invalid(field="customers", what=_("Customers (1 to {most})").format(most=CUSTOMERS_MAX))
    if not 1 <= months <= MONTHS_MAX:
        raise Invalid(field="months", what=_("Months (1 to {most})").format(most=MONTHS_MAX))
    if not 0 <= seed < 1 << 31:
        raise Invalid(field="seed", what=_("Seed (0 to 2147483647)"))
    if until.tzinfo is None or not 2000 <= until.year <= 2100:
        raise Invalid(field="until", what=_("End of simulated time"))
    return Span(seed=seed, customers=customers, months=months, until=until)


def _cores() -> int:
    return len(os.sched_getaffinity(0))


@contextmanager
def _alone(owner: psycopg.Connection[Any]) -> Iterator[None]:
    """Hold the database's simulation lock; raises ``SimulationRuns``."""
    if not owner.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()[0]:  # type: ignore[index]  # a SELECT without FROM has a row
        raise SimulationRuns
    yield


def fingerprint(span: Span) -> str:
    """Return what two equal simulations have in common."""
    return f"{span.customers}/{span.months}/{span.seed}/{span.until:%Y-%m-%dT%H:%M}"


def _job_of(owner: psycopg.Connection[Any], span: Span, *, force: bool) -> str | None:
    """Return the bulk job of this simulation, opened now or resumed; ``None`` where it is done already."""
    jobs = owner.execute("SELECT id, fingerprint, state, parameters->>'seed' FROM kernel_bulk_job WHERE kind = 'simulate'").fetchall()
    mine = [(job, state) for job, print_, state, _seed in jobs if print_ == fingerprint(span)]
    if mine:
        return None if mine[0][1] == "done" else str(mine[0][0])
    if any(int(seed) % 8 == span.seed % 8 for _job, _print, _state, seed in jobs):
        raise SeedTaken(seed=span.seed)
    (held,) = owner.execute("SELECT count(*) FROM party_customer").fetchone() or (0,)
    if held and not force:
        raise HoldsCustomers(count=held)
    job, now = uuid7(), clock.now()
    # An ordinary, audited row: the trail says that rows without a trail of their own were made here, and which.
    owner.execute(
        "INSERT INTO kernel_bulk_job (id, kind, title, fingerprint, state, dry_run, parameters, total, position, read, created, updated, unchanged,"
        " rejected, sums, error, actor, created_at, started_at) VALUES (%s, 'simulate', %s, %s, 'running', false, %s, %s, 0, 0, 0, 0, 0, 0, '{}', '',"
        " 'system:simulator', %s, %s)",
        [job, f"Simulated operator {fingerprint(span)}", fingerprint(span),
         json.dumps({"customers": span.customers, "months": span.months, "seed": span.seed, "until": span.until.isoformat()}), span.customers, now, now])
    return str(job)


def begun_until(owner: psycopg.Connection[Any], seed: int) -> datetime | None:
    """Return where the time of an earlier simulation of ``seed`` in this database ends, finished or cut off; else ``None``."""
    found = owner.execute(
        "SELECT parameters->>'until' FROM kernel_bulk_job WHERE kind = 'simulate' AND parameters->>'seed' = %s", [str(seed)]).fetchone()
    return datetime.fromisoformat(found[0]) if found else None


_LATE = """SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
WHERE NOT i.indisunique AND t.relkind = 'r' AND t.relname = ANY(%s)"""


@contextmanager
def _late_indexes(owner: psycopg.Connection[Any], span: Span, job: str) -> Iterator[None]:
    """Make the indexes that are not unique after the rows, where that is worth it and the tables were empty.

    Their definitions are kept in the job, so that a run that was cut off makes them when it is continued.
    """
    (kept, held) = owner.execute(
        "SELECT parameters->'indexes', (SELECT count(*) FROM (SELECT FROM party_customer LIMIT 1) c) FROM kernel_bulk_job WHERE id = %s", [job],
    ).fetchone() or (None, 0)
    late: dict[str, str] = kept or {}
    if not late and not held and span.customers >= REBUILD_FROM:
        late = dict(owner.execute(_LATE, [list(COLUMNS)]).fetchall())
        with owner.transaction():
            owner.execute("UPDATE kernel_bulk_job SET parameters = parameters || %s WHERE id = %s", [json.dumps({"indexes": late}), job])
            for name in late:
                owner.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    _side_by_side([definition.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS", 1) for definition in late.values()])


def _run(work: tuple[str, str]) -> None:
    conninfo, statement = work
    with psycopg.connect(conninfo, autocommit=True) as owner:
        owner.execute("SET maintenance_work_mem = '256MB'")
        owner.execute(statement.encode())


def _side_by_side(statements: list[str]) -> None:
    """Run statements on as many connections as there are cores; the server does the work."""
    conninfo = owner_conninfo()
    with ThreadPoolExecutor(max_workers=_cores()) as pool:
        list(pool.map(_run, [(conninfo, statement) for statement in statements]))


def _settle(owner: psycopg.Connection[Any]) -> None:
    """Let the planner know the new rows and mark their pages visible."""
    found = owner.execute(
        "SELECT relname FROM pg_class c WHERE relkind = 'r' AND (relname = ANY(%s) OR EXISTS (SELECT FROM pg_inherits i JOIN pg_class p"
        " ON p.oid = i.inhparent WHERE i.inhrelid = c.oid AND p.relname = ANY(%s)))", [list(COLUMNS), list(COLUMNS)]).fetchall()
    _side_by_side([f'VACUUM (ANALYZE, FREEZE) "{name}"' for (name,) in found])
    for statement in tally.recounting():
        owner.execute(statement.encode())  # the running counts, likewise
    owner.execute("SELECT party_register_places()")  # the register of search, which the missing triggers did not keep
    owner.execute("ANALYZE inventory_usage_month")
    owner.execute("ANALYZE contact_centre_interaction")


_owner: psycopg.Connection[Any] | None = None


def _enter_worker(conninfo: str) -> None:
    """Open this worker's connection; it lives as long as the worker."""
    global _owner  # noqa: PLW0603 - a process pool hands nothing else to its workers
    _owner = connect(conninfo)
    without_triggers(_owner)


def _work(span: Span, number: int, managers: tuple[str, ...]) -> int:
    if _owner is None:
        raise RuntimeError("the worker has no connection")
    return load_block(_owner, span, number, managers)


def _write_blocks(conninfo: str, span: Span, managers: tuple[str, ...], workers: int, progress: Progress | None) -> int:
    """Write every block; at most two per worker wait, so memory stays flat. Returns the number of rows written."""
    numbers = range(block_count(span))
    rows, done = 0, 0
    if len(numbers) == 1 or workers == 1:
        with connect(conninfo) as owner:
            without_triggers(owner)
            for number in numbers:
                rows += load_block(owner, span, number, managers)
                _tell(progress, number + 1, span, rows)
        return rows
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(numbers)), mp_context=context, initializer=_enter_worker, initargs=(conninfo,)) as pool:
        waiting = set()
        for number in numbers:
            waiting.add(pool.submit(_work, span, number, managers))
            if len(waiting) < 2 * workers and number != numbers[-1]:
                continue
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            done, rows = done + len(finished), rows + sum(f.result() for f in finished)
            _tell(progress, done, span, rows)
        for future in waiting:
            rows, done = rows + future.result(), done + 1
            _tell(progress, done, span, rows)
    return rows


def _tell(progress: Progress | None, blocks: int, span: Span, rows: int) -> None:
    if progress is not None:
        progress(min(blocks * BLOCK, span.customers), span.customers, rows)
