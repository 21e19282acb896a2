"""Writing simulated rows into a database: the owner's connection, COPY, and what a mass load switches off."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.csv
from django.conf import settings
from django.db import connection
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tongke.simulator.block import block_tables, draw_block
from tongke.simulator.calendar_months import Span
from tongke.simulator.draw import BLOCK, ids

ACTOR = "system:simulator"
_FORMAT = pa.csv.WriteOptions(include_header=False, quoting_style="all_valid")


def owner_conninfo() -> str:
    """Return how to reach, as its owner, the database that this process works on."""
    parts: dict[str, Any] = dict(conninfo_to_dict(settings.DATABASE_URL))
    here = connection.settings_dict
    parts["dbname"] = str(here["NAME"])
    if here["HOST"]:
        parts["host"] = str(here["HOST"])
    return make_conninfo(**parts)


def connect(conninfo: str) -> psycopg.Connection[Any]:
    """Connect as the owner, named in the audit trail as the simulator, seeing all."""
    owner = psycopg.connect(conninfo, autocommit=True)
    owner.execute("SELECT tongke_enter(%s, '*', '', '')", [ACTOR])
    return owner


def without_triggers(owner: psycopg.Connection[Any]) -> bool:
    """Let this session write without triggers (audit, references) and tell whether the server allows it.

    Where it does not, every row is audited and checked as usual, which takes longer.
    """
    try:
        owner.execute("SET session_replication_role = replica")
    except psycopg.errors.InsufficientPrivilege:
        return False
    # Rows of one block are lost together if the machine fails now, and made again by the next run.
    owner.execute("SET synchronous_commit = off")
    return True


def copy_table(owner: psycopg.Connection[Any], name: str, rows: pa.Table) -> int:
    """Write ``rows`` into the table ``name`` and return how many."""
    if not rows.num_rows:
        return 0
    text = io.BytesIO()
    pa.csv.write_csv(rows, text, _FORMAT)
    columns = sql.SQL(", ").join(map(sql.Identifier, rows.column_names))
    with owner.cursor() as cursor, cursor.copy(
        sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(sql.Identifier(name), columns)
    ) as copy:
        copy.write(text.getbuffer())
    return int(rows.num_rows)


def copy_tables(owner: psycopg.Connection[Any], tables: Iterable[tuple[str, pa.Table]]) -> int:
    """Write several tables in one transaction and return the number of rows."""
    with owner.transaction():
        return sum(copy_table(owner, name, rows) for name, rows in tables)


def load_block(owner: psycopg.Connection[Any], span: Span, number: int, managers: tuple[str, ...]) -> int:
    """Write block ``number`` unless it is there; returns the number of rows written. One transaction: a kill leaves all or nothing."""
    first = ids(span.seed, "party", np.array([number * BLOCK]))[0].as_py()
    if owner.execute("SELECT FROM party_party WHERE id = %s", [first]).fetchone() is not None:
        return 0
    return copy_tables(owner, block_tables(draw_block(span, number), managers))
