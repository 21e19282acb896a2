"""Mass writing shared by customers, numbers and network: jobs that are resumed, pieces written side by side, indexes made late.

A piece is the unit that is made, written and committed at once; whoever writes it looks first whether it is there.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import django
import psycopg
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from tongke.kernel import clock
from tongke.kernel.errors import Refused
from tongke.kernel.ids import uuid7
from tongke.simulator.store import connect, owner_conninfo, without_triggers
from tongke.simulator.tables import COLUMNS

LOCK = 7_304_115
Owner = psycopg.Connection[Any]
Work = Callable[[Owner, Any], int]
"""Writes one piece through the connection and returns how many rows that made, 0 where it was there."""
Tell = Callable[[int, int], None]
"""Called with pieces done and rows written so far."""


class SimulationRuns(Refused):
    """Another simulation writes into this database now."""

    code = "OPS-61"
    says = _("Another simulation is writing into this database")
    mend = _("Wait for it to end")


@dataclass(frozen=True, slots=True)
class Job:
    """A simulation that is being written: its row among the bulk jobs."""

    id: str
    parameters: Mapping[str, Any]


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


@contextmanager
def alone(owner: Owner) -> Iterator[None]:
    """Hold the database's simulation lock; raises ``SimulationRuns``."""
    if not owner.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()[0]:  # type: ignore[index]  # a SELECT without FROM has a row
        raise SimulationRuns
    try:
        yield
    finally:
        owner.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def find_jobs(owner: Owner, kind: str) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Return the jobs of a kind in this database: id, fingerprint, state, parameters."""
    return owner.execute("SELECT id::text, fingerprint, state, parameters FROM kernel_bulk_job WHERE kind = %s ORDER BY created_at", [kind]).fetchall()


def open_job(owner: Owner, kind: str, fingerprint: str, *, title: str, parameters: Mapping[str, Any], total: int) -> str:
    """Open a job and return its id. An ordinary, audited row: the trail says that rows without a trail of their own were made here."""
    job, now = uuid7(), clock.now()
    owner.execute(
        "INSERT INTO kernel_bulk_job (id, kind, title, fingerprint, state, dry_run, parameters, total, position, read, created, updated, unchanged,"
        " rejected, sums, error, actor, created_at, started_at) VALUES (%s, %s, %s, %s, 'running', false, %s, %s, 0, 0, 0, 0, 0, 0, '{}', '',"
        " 'system:simulator', %s, %s)", [job, kind, title, fingerprint, json.dumps(dict(parameters)), total, now, now])
    return str(job)


def close_job(owner: Owner, job: str, *, done: int, rows: int) -> None:
    """Record that a job is done, ``rows`` written by this run."""
    owner.execute("UPDATE kernel_bulk_job SET state = 'done', position = %s, created = created + %s, ended_at = %s WHERE id = %s",
                  [done, rows, clock.now(), job])


def put_rows(owner: Owner, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Insert what is not there yet, by ordinary, audited statements; values in the order of ``tables.COLUMNS``."""
    columns = COLUMNS[table]
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT (id) DO NOTHING").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns)), sql.SQL(", ").join([sql.Placeholder()] * len(columns)))
    with owner.cursor() as cursor:
        cursor.executemany(statement, list(rows))


_LATE = """SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
WHERE NOT i.indisunique AND t.relkind = 'r' AND t.relname = ANY(%s)"""


@contextmanager
def late_indexes(owner: Owner, job: str, tables: Sequence[str], *, worth: bool) -> Iterator[None]:
    """Make the indexes that are not unique after the rows where that is ``worth`` it and the first of ``tables`` was empty.

    Their definitions are kept in the job, so that a run that was cut off makes them when it is continued.
    """
    kept, = owner.execute("SELECT parameters->'indexes' FROM kernel_bulk_job WHERE id = %s", [job]).fetchone() or (None,)
    late: dict[str, str] = kept or {}
    held = owner.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(sql.Identifier(tables[0]))).fetchone()
    if not late and held is None and worth:
        late = dict(owner.execute(_LATE, [list(tables)]).fetchall())
        with owner.transaction():
            owner.execute("UPDATE kernel_bulk_job SET parameters = parameters || %s WHERE id = %s", [json.dumps({"indexes": late}), job])
            for name in late:
                owner.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    side_by_side([definition.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS", 1) for definition in late.values()])


def _run(work: tuple[str, str]) -> None:
    conninfo, statement = work
    with psycopg.connect(conninfo, autocommit=True) as owner:
        owner.execute("SET maintenance_work_mem = '256MB'")
        owner.execute(statement.encode())


def side_by_side(statements: Sequence[str]) -> None:
    """Run statements on as many connections as there are cores; the server does the work."""
    conninfo = owner_conninfo()
    with ThreadPoolExecutor(max_workers=cores()) as pool:
        list(pool.map(_run, [(conninfo, statement) for statement in statements]))


def vacuum(owner: Owner, tables: Sequence[str]) -> None:
    """Let the planner know the new rows of ``tables`` (and of their partitions) and mark their pages visible."""
    found = owner.execute(
        "SELECT relname FROM pg_class c WHERE relkind = 'r' AND (relname = ANY(%s) OR EXISTS (SELECT FROM pg_inherits i JOIN pg_class p"
        " ON p.oid = i.inhparent WHERE i.inhrelid = c.oid AND p.relname = ANY(%s)))", [list(tables), list(tables)]).fetchall()
    side_by_side([f'VACUUM (ANALYZE, FREEZE) "{name}"' for (name,) in found])


_owner: Owner | None = None


def _enter_worker(conninfo: str) -> None:
    """Open this worker's connection; it lives as long as the worker. What it will be sent stands on the rooms' front doors."""
    django.setup()
    global _owner  # noqa: PLW0603 - a process pool hands nothing else to its workers
    _owner = connect(conninfo)
    without_triggers(_owner)


def _work_on(work: Work, piece: Any) -> int:
    if _owner is None:
        raise RuntimeError("the worker has no connection")
    return work(_owner, piece)


def write_pieces(work: Work, pieces: Sequence[Any], *, workers: int | None = None, tell: Tell | None = None) -> int:
    """Write every piece, by as many processes as there are cores unless ``workers`` says otherwise; returns the rows written.

    At most two pieces per worker wait, so that memory stays flat. ``work`` and the pieces go to other processes.
    """
    conninfo, rows, done = owner_conninfo(), 0, 0
    count = min(workers or cores(), len(pieces))
    if count <= 1:
        with connect(conninfo) as owner:
            without_triggers(owner)
            for done, piece in enumerate(pieces, start=1):
                rows += work(owner, piece)
                if tell is not None:
                    tell(done, rows)
        return rows
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context, initializer=_enter_worker, initargs=(conninfo,)) as pool:
        waiting: set[Future[int]] = set()
        left = iter(pieces)
        while True:
            waiting |= {pool.submit(_work_on, work, piece) for _free, piece in zip(range(2 * count - len(waiting)), left, strict=False)}
            if not waiting:
                return rows
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            done, rows = done + len(finished), rows + sum(f.result() for f in finished)
            if tell is not None:
                tell(done, rows)
