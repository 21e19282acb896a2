"""The tables as a backup sees them: which there are, in what order they load, and which migrations made them.

Run as a program (``python -m tongke.config.tables``) it brings an empty database to a recorded state of
migrations, given as JSON on standard input; it must run as the owner.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]

# The migrations themselves are recorded apart; nobody stays signed in across a restore, and no token that was taken back
# since comes alive again; workers report anew.
LEFT_OUT = frozenset({
    "django_migrations", "staff_session", "django_session", "staff_client_token", "staff_client_permit", "procrastinate_workers",
})

TABLES = """
SELECT c.relname, c.relkind = 'p',
       array(SELECT a.attname::text FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum),
       array(SELECT DISTINCT f.relname::text FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid
             WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid)
FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname
"""
PARTITIONS = """
SELECT p.relname, right(c.relname, 6) FROM pg_inherits i
JOIN pg_class p ON p.oid = i.inhparent JOIN pg_class c ON c.oid = i.inhrelid
WHERE p.relkind = 'p' AND c.relname ~ '_[0-9]{6}$' ORDER BY 1, 2
"""
SEQUENCES = "SELECT sequencename::text FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1"


@dataclass(frozen=True, slots=True)
class Table:
    """One table with the columns that are written (generated ones make themselves)."""

    name: str
    partitioned: bool
    columns: tuple[str, ...]


def all_tables(owner: Connection) -> list[Table]:
    """Return every table that a backup holds, referenced ones before those that refer to them."""
    found = {name: (Table(name, partitioned, tuple(columns)), needs) for name, partitioned, columns, needs in owner.execute(TABLES)}
    order = TopologicalSorter({name: [n for n in needs if n in found] for name, (_table, needs) in found.items()})
    return [found[name][0] for name in order.static_order() if name not in LEFT_OUT]


def partitions(owner: Connection) -> dict[str, list[str]]:
    """Return the months (``YYYYMM``) for which each partitioned table has a partition."""
    out: dict[str, list[str]] = {}
    for parent, month in owner.execute(PARTITIONS):
        out.setdefault(parent, []).append(month)
    return out


def sequences(owner: Connection) -> list[str]:
    """Return the names of all sequences."""
    return [name for (name,) in owner.execute(SEQUENCES)]


def migrations(owner: Connection) -> list[list[str]]:
    """Return the migrations that ran, as (app, name), in the order in which they ran; empty where none ever did."""
    if owner.execute("SELECT to_regclass('django_migrations')").fetchall() == [(None,)]:
        return []
    return [[app, name] for app, name in owner.execute("SELECT app, name FROM django_migrations ORDER BY id")]


def is_empty(owner: Connection) -> bool:
    """Tell whether nobody has worked in this database: no tables, or no staff."""
    if owner.execute("SELECT to_regclass('staff_staff')").fetchall() == [(None,)]:
        return True
    return owner.execute("SELECT count(*) FROM staff_staff").fetchall() == [(0,)]


def known_migrations() -> set[tuple[str, str]]:
    """Return the migrations that this program has."""
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415 - needs Django set up

    return set(MigrationLoader(None).disk_migrations)


def migrate_to(wanted: list[list[str]]) -> None:
    """Run exactly the migrations ``wanted``, no later ones; the database must have none that are not wanted."""
    from django.db import connection  # noqa: PLC0415 - needs Django set up
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 - needs Django set up

    executor = MigrationExecutor(connection)
    chosen = {(app, name) for app, name in wanted}
    graph = executor.loader.graph
    tips = [node for node in chosen if not any(child.key in chosen for child in graph.node_map[node].children)]
    executor.migrate(sorted(tips))


if __name__ == "__main__":
    import django

    django.setup()
    migrate_to(json.load(sys.stdin))
