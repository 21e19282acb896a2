"""The spool: what was read, once, in one form on disk. Joins, keys that stand twice and rows that nothing wants
are found there by DuckDB within a fixed memory, and the rows come out in the order of the file, as often as needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tongke.exchange.faults import ORPHAN
from tongke.exchange.mapping.model import Flow
from tongke.exchange.reading.table import Table

BATCH_ROWS = 5_000
MEMORY = "256MB"


@dataclass(frozen=True, slots=True)
class SpooledRow:
    """One row of a flow: where it stood, its cells (base, then joined), and what is known about it already.
    ``first`` is the row that has the same key before it, ``same`` whether it says the same.
    """

    source: str
    number: int
    cells: list[str]
    fault: str
    first: int | None
    same: bool
    unjoined: str


def spool_table(table: Table, to: Path) -> int:
    """Write the rows of ``table`` to the Parquet file ``to`` and return how many there were."""
    width = len(table.columns)
    schema = pa.schema([("_row", pa.int64()), ("_fault", pa.string()), *((f"c{n}", pa.string()) for n in range(width))])
    count = 0
    with pq.ParquetWriter(to, schema, compression="lz4", use_dictionary=False) as writer:
        numbers: list[int] = []
        faults: list[str | None] = []
        rows: list[list[str]] = []
        for row in table.rows:
            numbers.append(row.number)
            faults.append(json.dumps([row.fault, row.words]) if row.fault else None)
            rows.append(row.cells)
            if len(rows) >= BATCH_ROWS:
                count += _flush(writer, schema, numbers, faults, rows)
        count += _flush(writer, schema, numbers, faults, rows)
    return count


def _flush(writer: Any, schema: Any, numbers: list[int], faults: list[str | None], rows: list[list[str]]) -> int:
    count = len(rows)
    if rows:
        columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
        writer.write_table(pa.table([pa.array(numbers, pa.int64()), pa.array(faults, pa.string()), *columns], schema=schema))
    numbers.clear()
    faults.clear()
    rows.clear()
    return count


def prepare_flow(
    flow: Flow, spooled: Mapping[str, Path], headers: Mapping[str, Sequence[str]], to: Path, *, orphans_of: Sequence[str] = ()
) -> int:
    """Write the joined rows of ``flow`` to ``to``, orphans of the sources ``orphans_of`` after them; returns how many."""
    engine = duckdb.connect(config={
        "memory_limit": MEMORY, "threads": 2, "temp_directory": str(to.parent / "duck"), "max_temp_directory_size": "200GB",
        "enable_external_access": True, "autoinstall_known_extensions": False, "autoload_known_extensions": False,
    })
    try:
        statement = _joined(flow, spooled, headers)
        for name in orphans_of:
            statement += _orphans(flow, name, spooled, headers)
        engine.execute(f"COPY ({statement} ORDER BY _part, _row) TO '{_quoted(to)}' (FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE 10240)")
        found = engine.execute(f"SELECT count(*) FROM read_parquet('{_quoted(to)}')").fetchone()
        return int(found[0]) if found else 0
    finally:
        engine.close()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _place(header: Sequence[str], name: str) -> str:
    return f"c{list(header).index(name)}"


def _pairs(flow: Flow, name: str, headers: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Return the joined columns (base's, other's) of one join."""
    (on,) = (j.on for j in flow.join if j.source == name)
    named = {on: on} if isinstance(on, str) else on
    return [(_place(headers[flow.source], ours), _place(headers[name], theirs)) for ours, theirs in named.items()]


def _joined(flow: Flow, spooled: Mapping[str, Path], headers: Mapping[str, Sequence[str]]) -> str:
    base = headers[flow.source]
    cells = [f"b.c{n}" for n in range(len(base))]
    joins, unjoined = [], ["''"]
    for place, join in enumerate(flow.join):
        pairs = _pairs(flow, join.source, headers)
        theirs = ", ".join(t for _o, t in pairs)
        on = " AND ".join(f"b.{o} = j{place}.{t}" for o, t in pairs)
        joins.append(
            f"LEFT JOIN (SELECT *, count(*) OVER (PARTITION BY {theirs}) AS _n FROM read_parquet('{_quoted(spooled[join.source])}')"
            f" WHERE _fault IS NULL QUALIFY row_number() OVER (PARTITION BY {theirs} ORDER BY _row) = 1) j{place} ON {on}")
        cells += [f"coalesce(j{place}.c{n}, '')" for n in range(len(headers[join.source]))]
        unjoined.append(f"CASE WHEN j{place}._n > 1 THEN '2:{join.source}'"
                        + (f" WHEN j{place}._n IS NULL THEN '0:{join.source}'" if join.required else "") + " ELSE '' END")
    keys = [f"b.{_place(base, name)}" for name in flow.key]
    first, same = "NULL", "false"
    if keys:
        told = f"md5(concat_ws(chr(31), {', '.join(f'b.c{n}' for n in range(len(base)))}))"
        window = f"(PARTITION BY {', '.join(keys)}, b._fault IS NULL ORDER BY b._row)"
        filled = " AND ".join(f"{k} <> ''" for k in keys)
        first = f"CASE WHEN b._fault IS NULL AND {filled} AND row_number() OVER {window} > 1 THEN first_value(b._row) OVER {window} END"
        same = f"first_value({told}) OVER {window} = {told}"
    return (
        f"SELECT 0 AS _part, b._row AS _row, '{flow.source}' AS _source, b._fault AS _fault, {first} AS _first, {same} AS _same,"
        f" concat({', '.join(unjoined)}) AS _unjoined, {', '.join(f'{c} AS d{n}' for n, c in enumerate(cells))}"
        f" FROM read_parquet('{_quoted(spooled[flow.source])}') b {' '.join(joins)}")


def _orphans(flow: Flow, name: str, spooled: Mapping[str, Path], headers: Mapping[str, Sequence[str]]) -> str:
    """Rows of a joined source that belong to no row of the base, or that could not be read."""
    on = " AND ".join(f"b.{ours} = o.{theirs}" for ours, theirs in _pairs(flow, name, headers))
    before = len(headers[flow.source])
    cells = ["''"] * before
    for join in flow.join:
        cells += [f"o.c{n}" if join.source == name else "''" for n in range(len(headers[join.source]))]
    words = json.dumps([ORPHAN.code, {"base": flow.source}]).replace("'", "''")
    part = 1 + [j.source for j in flow.join].index(name)
    return (
        f" UNION ALL SELECT {part}, o._row, '{name}', coalesce(o._fault, '{words}'), NULL, false, '', {', '.join(cells)}"
        f" FROM read_parquet('{_quoted(spooled[name])}') o WHERE o._fault IS NOT NULL OR NOT EXISTS"
        f" (SELECT 1 FROM read_parquet('{_quoted(spooled[flow.source])}') b WHERE {on})")


def row_count(path: Path) -> int:
    """Return how many rows a prepared file has."""
    return int(pq.ParquetFile(path).metadata.num_rows)


def prepared_rows(path: Path, *, skip: int, chunk_rows: int) -> Iterator[list[SpooledRow]]:
    """Yield the prepared rows in chunks, without the first ``skip``."""
    file = pq.ParquetFile(path)
    waiting: list[SpooledRow] = []
    for number in range(file.metadata.num_row_groups):
        size = file.metadata.row_group(number).num_rows
        if skip >= size:
            skip -= size
            continue
        columns = [c.to_pylist() for c in file.read_row_group(number).columns]
        # The columns before the cells are those of the SELECT above: _part, _row, _source, _fault, _first, _same, _unjoined.
        for n, cells in enumerate(zip(*columns[7:], strict=True)):
            if n < skip:
                continue
            waiting.append(SpooledRow(columns[2][n], columns[1][n], list(cells), columns[3][n] or "", columns[4][n], bool(columns[5][n]), columns[6][n]))
            if len(waiting) >= chunk_rows:
                yield waiting
                waiting = []
        skip = 0
    if waiting:
        yield waiting
