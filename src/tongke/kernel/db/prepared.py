"""Statements that are prepared once a connection and asked below psycopg's cursors: for the reads that answer before
Django's handler, where the driver's own conveniences would cost more than the statement. Why: docs/adr/0011-hot-reads.md.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections
from psycopg.pq import ExecStatus
from psycopg_pool import ConnectionPool, PoolTimeout

POOL_SIZE_MAX = int(os.environ.get("TONGKE_HOT_CONNECTIONS", "4"))
WAIT_SECONDS = 5.0
# Once for the connection instead of at every function of the call.
PLANS = b"SET plan_cache_mode = force_generic_plan"
Place = tuple[str, str, Any]
Row = tuple[bytes | None, ...]

_guard = threading.Lock()
_pools: dict[Place, ConnectionPool[psycopg.Connection[Any]]] = {}


class Prepared:
    """A connection's prepared statements, by name."""

    __slots__ = ("known",)

    def __init__(self) -> None:
        self.known: set[bytes] = set()


def pool() -> ConnectionPool[psycopg.Connection[Any]]:
    """Return this process's pool on the database that Django's settings name, opened on first use."""
    about = connections["default"].settings_dict
    place = (about["NAME"], about["HOST"], about["PORT"])
    found = _pools.get(place)
    if found is None:
        with _guard:
            found = _pools.get(place) or _opened(place)
    return found


def _configure(connection: psycopg.Connection[Any]) -> None:
    done = connection.pgconn.exec_(PLANS)
    if done.status != ExecStatus.COMMAND_OK:
        raise psycopg.OperationalError(done.get_error_message())
    connection.tongke_prepared = Prepared()  # type: ignore[attr-defined]  # lives as long as the connection


def _opened(place: Place) -> ConnectionPool[psycopg.Connection[Any]]:
    wanted = dict(connections["default"].get_connection_params())
    for unknown in ("cursor_factory", "context", "prepare_threshold", "pool"):
        wanted.pop(unknown, None)
    made: ConnectionPool[psycopg.Connection[Any]] = ConnectionPool(
        psycopg.conninfo.make_conninfo(**wanted), min_size=1, max_size=POOL_SIZE_MAX, timeout=WAIT_SECONDS, open=True, name="tongke-prepared",
        kwargs={"autocommit": True}, configure=_configure,
    )
    _pools[place] = made
    return made


def first_row(statement: str, values: Any) -> tuple[Any, ...] | None:
    """Run a statement on Django's own connection, as the actor who stands there, and return its first row.

    The server keeps it prepared: planning the larger statements takes longer than running them, and Django's own
    cursors write the values into the text, so that no statement is ever the same.
    """
    with _asked(statement, values) as cursor:
        return cursor.fetchone()


def all_rows(statement: str, values: Any) -> list[tuple[Any, ...]]:
    """As ``first_row``, and return every row."""
    with _asked(statement, values) as cursor:
        return cursor.fetchall()


@contextmanager
def _asked(statement: str, values: Any) -> Iterator[psycopg.Cursor[Any]]:
    connection = connections["default"]
    connection.ensure_connection()
    connection.apply_scope()  # type: ignore[attr-defined]  # the house's own backend
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        yield cursor.execute(statement.encode(), values, prepare=True)


def ask(name: bytes, statement: bytes, values: list[bytes | None]) -> Row | None:
    """Run a statement under its name and return the first row's texts.

    ``None`` where there is no row, and also where the database does not answer or refuses: whoever is asked next
    (Django's handler) meets the same database and says what is wrong with it.
    """
    try:
        source = pool()
        connection = source.getconn()
    except (psycopg.Error, PoolTimeout):
        return None
    try:
        raw = connection.pgconn
        known: set[bytes] = connection.tongke_prepared.known  # type: ignore[attr-defined]  # set by _configure
        if name not in known:
            if raw.prepare(name, statement).status != ExecStatus.COMMAND_OK:
                return None
            known.add(name)
        answer = raw.exec_prepared(name, values)  # type: ignore[arg-type]  # None is NULL
        if answer.status != ExecStatus.TUPLES_OK:
            # What it was prepared over may have been replaced by a migration: it is prepared anew the next time.
            known.discard(name)
            raw.exec_(b"DEALLOCATE " + name)
            return None
        if not answer.ntuples:
            return None
        return tuple(answer.get_value(0, column) for column in range(answer.nfields))
    except psycopg.Error:
        return None
    finally:
        source.putconn(connection)
