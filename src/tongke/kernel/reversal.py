"""Changes that can be taken back exactly: each changed row's values before and after, in the order of the changes.

A verb that must be reversible (a merge, say) changes rows inside ``Recorder.watching``. What is kept is JSON
text per column, as the database writes it: no number passes through a float, no instant loses a microsecond.
``take_back`` walks the steps in reverse. A value that somebody changed since is never overwritten unasked: it
is a ``Clash``, and the caller decides.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypedDict

from django.db import connection

# Counters of a row's own history: where somebody wrote since, they run on and are nobody's decision.
BOOKKEEPING = frozenset({"version", "changed_at", "completeness", "missing"})


class RowChange(TypedDict):
    """One row of a step; values are JSON text, as ``to_jsonb`` gives them."""

    key: dict[str, str]
    before: dict[str, str]
    after: dict[str, str]


class Step(TypedDict):
    """What one watched block did to one table."""

    table: str
    rows: list[RowChange]


@dataclass(frozen=True, slots=True)
class Clash:
    """A value that was changed after the recorded change: ``before`` it, right ``after`` it, and ``now`` (JSON text)."""

    table: str
    row: str
    column: str
    before: str
    after: str
    now: str

    @property
    def name(self) -> str:
        """The key by which a decision names this clash."""
        return f"{self.table}:{self.row}:{self.column}"


class Recorder:
    """Collects the steps of one reversible act; ``steps`` is plain JSON."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    @contextmanager
    def watching(self, table: str, where: str, params: Sequence[Any] | Mapping[str, Any], *, key: Sequence[str] = ("id",)) -> Iterator[None]:
        """Lock the rows of ``table`` for which ``where`` holds and record what the block changes in them.

        ``table``, ``where`` and ``key`` are the caller's constants, never input.
        """
        keys = ", ".join(f"'{k}', (to_jsonb(t)->'{k}')::text" for k in key)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT jsonb_build_object({keys})::text, to_jsonb(t)::text FROM {table} t WHERE {where} FOR UPDATE OF t", params
            )
            held = cursor.fetchall()
        yield
        if not held:
            return
        with connection.cursor() as cursor:
            cursor.execute(_CHANGES.format(table=table, match=_match(table, key)), [[k for k, _row in held], [row for _k, row in held]])
            rows: list[RowChange] = [
                {"key": _object(k), "before": _object(b), "after": _object(a)} for k, b, a in cursor.fetchall()
            ]
        if rows:
            self.steps.append({"table": table, "rows": rows})


# The rows as they were, beside the same rows as they are: only the columns that differ.
_CHANGES = """
SELECT was.key, d.before::text, d.after::text
FROM unnest(%s::text[], %s::text[]) AS was(key, row)
JOIN {table} t ON {match}
CROSS JOIN LATERAL (
  SELECT jsonb_object_agg(o.name, o.value::text) AS before, jsonb_object_agg(o.name, (to_jsonb(t)->o.name)::text) AS after
  FROM jsonb_each(was.row::jsonb) AS o(name, value) WHERE to_jsonb(t)->o.name IS DISTINCT FROM o.value
) d WHERE d.before IS NOT NULL
"""


def clashes(steps: Sequence[Step]) -> list[Clash]:
    """Return what was changed since the steps were recorded and so cannot simply be taken back."""
    later: set[tuple[str, str, str]] = set()
    found: list[Clash] = []
    for step in reversed(steps):
        for change, columns, now in _present(step):
            row = _row_name(change)
            for column, (before, after) in columns.items():
                # An older step of the same act: the newer one has already judged this value.
                if (step["table"], row, column) in later:
                    continue
                later.add((step["table"], row, column))
                if now is not None and now[column] not in (before, after) and column not in BOOKKEEPING:
                    found.append(Clash(step["table"], row, column, before, after, now[column]))
    return found


def take_back(steps: Sequence[Step], *, kept: Collection[str] = ()) -> None:
    """Put back every value that still stands as the steps left it, newest step first.

    ``kept`` names the clashes (``Clash.name``) whose present value stays; any other clash is overwritten.
    Bookkeeping that ran on since runs on. Rows that are gone stay gone. ``IntegrityError`` where later rows
    stand in the way.
    """
    touched = {(c.table, c.row, c.column): c.name in kept for c in clashes(steps)}
    running = _running_on(steps)
    for step in reversed(steps):
        with connection.cursor() as cursor:
            for change in step["rows"]:
                row = _row_name(change)
                columns = [
                    c for c in change["before"]
                    if not touched.get((step["table"], row, c), False) and (step["table"], row, c) not in running
                ]
                if columns:
                    _put_back(cursor, step["table"], change, columns)
            for change in step["rows"]:
                if (step["table"], _row_name(change), "version") in running:
                    # Somebody wrote since, and this was a write too: whoever read before it must read again.
                    _count_on(cursor, step["table"], change)


def ran_on(steps: Sequence[Step]) -> bool:
    """Tell whether somebody wrote to a changed row since, and so its own counters ran on."""
    return bool(_running_on(steps))


def _running_on(steps: Sequence[Step]) -> set[tuple[str, str, str]]:
    """Bookkeeping columns that were written since: (table, row, column)."""
    judged: set[tuple[str, str, str]] = set()
    out: set[tuple[str, str, str]] = set()
    for step in reversed(steps):
        for change, columns, now in _present(step):
            row = _row_name(change)
            for column, (before, after) in columns.items():
                place = (step["table"], row, column)
                if column in BOOKKEEPING and place not in judged and now is not None and now[column] not in (before, after):
                    out.add(place)
                judged.add(place)
    return out


def _present(step: Step) -> Iterator[tuple[RowChange, dict[str, tuple[str, str]], dict[str, str] | None]]:
    """Each row of a step, its columns before and after, and their values now (``None``: the row is gone)."""
    key_columns = list(step["rows"][0]["key"])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT k.n, (SELECT jsonb_object_agg(e.name, e.value::text)::text FROM jsonb_each(to_jsonb(t)) AS e(name, value))"
            f" FROM unnest(%s::text[]) WITH ORDINALITY AS k(key, n)"
            f" JOIN {step['table']} t ON {_match(step['table'], key_columns, row='k')}",
            [[json.dumps(change["key"]) for change in step["rows"]]],
        )
        present = {n: _object(row) for n, row in cursor.fetchall()}
    for n, change in enumerate(step["rows"], 1):
        pairs = {c: (change["before"][c], change["after"][c]) for c in change["before"]}
        yield change, pairs, present.get(n)


def _put_back(cursor: Any, table: str, change: RowChange, columns: Sequence[str]) -> None:
    types = _column_types(table)
    # jsonb columns take the JSON as it is, all others the text inside it, cast to the column's type.
    sets = ", ".join(
        f'"{c}" = (%s)::jsonb' if types[c] == "jsonb" else f'"{c}" = ((%s)::jsonb #>> \'{{}}\')::{types[c]}' for c in columns
    )
    where = _match(table, list(change["key"]), row="k")
    cursor.execute(
        f"UPDATE {table} t SET {sets} FROM (SELECT %s::text AS key) k WHERE {where}",
        [*(_json_null(types[c], change["before"][c]) for c in columns), json.dumps(change["key"])],
    )


def _count_on(cursor: Any, table: str, change: RowChange) -> None:
    where = _match(table, list(change["key"]), row="k")
    cursor.execute(f"UPDATE {table} t SET version = version + 1 FROM (SELECT %s::text AS key) k WHERE {where}", [json.dumps(change["key"])])


def _row_name(change: RowChange) -> str:
    """How a row is named in clashes: its key's values, without the quotes of JSON."""
    return ",".join(text.strip('"') for text in change["key"].values())


def _json_null(kind: str, text: str) -> str | None:
    """A JSON null is the column's NULL: to_jsonb knows no other."""
    return None if text == "null" and kind == "jsonb" else text


def _object(text: str) -> dict[str, str]:
    """Read an object whose values are JSON text themselves: nothing in it is a number yet."""
    read: dict[str, str] = json.loads(text)
    return read


def _match(table: str, key: Sequence[str], *, row: str = "was") -> str:
    types = _column_types(table)
    return " AND ".join(f"t.{k} = (({row}.key::jsonb->>'{k}')::jsonb #>> '{{}}')::{types[k]}" for k in key)


@lru_cache(maxsize=64)
def _column_types(table: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped", [table],
        )
        return dict(cursor.fetchall())
