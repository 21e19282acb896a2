"""Set-based writing: rows go by COPY into a temporary table and from there by one statement into theirs.

COPY straight into a table is not open to the application's role: row-level security binds INSERT only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from psycopg import sql


def _stage(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> sql.Identifier:
    """Fill the session's temporary table for ``columns`` of ``table``; it is emptied at commit."""
    mark = hashlib.sha1(",".join(columns).encode(), usedforsecurity=False).hexdigest()[:8]
    name = sql.Identifier(f"stage_{mark}_{table}"[:63])
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    cursor.execute(sql.SQL("CREATE TEMP TABLE IF NOT EXISTS {} ON COMMIT DELETE ROWS AS SELECT {} FROM {} WHERE false").format(
        name, listed, sql.Identifier(table)))
    # It is empty but where this transaction filled it before; TRUNCATE would make new files of it every time.
    cursor.execute(sql.SQL("DELETE FROM pg_temp.{}").format(name))
    raw = cursor.cursor
    with connection.wrap_database_errors, raw.copy(sql.SQL("COPY pg_temp.{} ({}) FROM STDIN").format(name, listed)) as copy:
        write = copy.write_row
        for row in rows:
            write(row)
    return name


def drop_stages() -> None:
    """Drop the session's temporary tables: every one of them is emptied at each commit, whether it was used or not."""
    with connection.cursor() as cursor:
        cursor.execute("DISCARD TEMP")


def insert_rows(
    table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, fixed: Mapping[str, Any] | None = None, skip_held: bool = False
) -> list[Any]:
    """Insert ``rows`` into ``table``, with the ``fixed`` values in every one; returns nothing, or with ``skip_held`` the
    first column of the rows that went in while those that meet a unique constraint are left out.
    """
    if not rows:
        return []
    same = fixed or {}
    with connection.cursor() as cursor:
        stage = _stage(cursor, table, columns, rows)
        staged = [sql.Identifier(name) for name in columns]
        statement = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM pg_temp.{}").format(
            sql.Identifier(table), sql.SQL(", ").join([*staged, *map(sql.Identifier, same)]),
            sql.SQL(", ").join([*staged, *[sql.Placeholder()] * len(same)]), stage)
        if skip_held:
            statement += sql.SQL(" ON CONFLICT DO NOTHING RETURNING {}").format(staged[0])
        cursor.execute(statement, list(same.values()))
        return [row[0] for row in cursor.fetchall()] if skip_held else []


def change_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, key: str = "id", also: str = "") -> int:
    """Set ``columns`` (the first is the key) on the rows of ``table``; ``also`` is a further SET clause of our own,
    e.g. ``version = t.version + 1``. Returns how many rows were found.
    """
    if not rows:
        return 0
    with connection.cursor() as cursor:
        stage = _stage(cursor, table, columns, rows)
        pairs = [sql.SQL("{0} = s.{0}").format(sql.Identifier(c)) for c in columns[1:]]
        if also:
            pairs.append(sql.SQL(also))  # type: ignore[arg-type]  # a constant of our own, never input
        cursor.execute(sql.SQL("UPDATE {} t SET {} FROM pg_temp.{} s WHERE t.{key} = s.{key}").format(
            sql.Identifier(table), sql.SQL(", ").join(pairs), stage, key=sql.Identifier(key)))
        return int(cursor.rowcount)
