"""From typed values to a table's rows: what every bulk verb of every room does the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from tongke.kernel.bulk.noun import Values
from tongke.kernel.bulk.stage import change_rows, insert_rows


def as_columns(values: Values, plain: Sequence[str], references: Mapping[str, str], objects: Sequence[str] = ()) -> dict[str, Any]:
    """Return the columns that ``values`` fill: ``plain`` as they are, ``references`` under their column's name,
    ``objects`` as JSON text. What a record does not carry is left out.
    """
    out = {"id": values["id"]}
    if "org_id" in values:
        out["org_id"] = values["org_id"]
    for name in plain:
        if name in values:
            out[name] = values[name]
    for name, column in references.items():
        if name in values:
            out[column] = values[name]
    for name in objects:
        if name in values:
            out[name] = orjson.dumps(values[name] or {}, default=str).decode()
    return out


def write_table(
    table: str, *, fresh: Sequence[Values], changed: Sequence[Values], columns: Callable[[Values], dict[str, Any]],
    fixed: Mapping[str, Any] | None = None, changed_at: Any = None, also: str = "",
) -> None:
    """Insert ``fresh`` (with the ``fixed`` columns of every new row) and set what ``changed`` carry.

    ``changed_at`` is written on changed rows where the table has such a column; ``also`` as in ``change_rows``.
    """
    made: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for values in fresh:
        row = columns(values)
        made.setdefault(tuple(row), []).append(tuple(row.values()))
    for names, rows in made.items():
        insert_rows(table, names, rows, fixed=fixed)
    groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for values in changed:
        row = columns(values)
        row.pop("org_id", None)
        if changed_at is not None:
            row["changed_at"] = changed_at
        groups.setdefault(tuple(row), []).append(tuple(row.values()))
    for names, rows in groups.items():
        if len(names) > 1:
            change_rows(table, names, rows, also=also)
