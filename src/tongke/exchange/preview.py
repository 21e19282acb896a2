"""The first rows as a mapping would take them, with what is wrong: nothing is written, no key is looked up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from tongke.exchange.faults import UNJOINED, RowFault
from tongke.exchange.files import assign_files, drop_folder, new_spool
from tongke.exchange.loading.rows import RowMaker, Worked
from tongke.exchange.mapping import FlowPlan, LoadedMapping, plan_flows
from tongke.exchange.reading import open_table
from tongke.exchange.reading.spool import prepare_flow, prepared_rows, spool_table
from tongke.exchange.services import checked_headers, owning_orgs
from tongke.kernel.actor import Actor
from tongke.kernel.keys import mask_document

ROWS_JUDGED = 1_000
ROWS_SHOWN = 5
ROWS_NAMED = 5
JOINED_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class PreviewRecord:
    """One record that a row would become: its noun, key and values by field, documents' numbers masked."""

    noun: str
    key: str
    values: list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row: its number, its records and its faults."""

    number: int
    records: list[PreviewRecord]
    faults: list[RowFault]


@dataclass(frozen=True, slots=True)
class PreviewProblem:
    """One kind of fault: an example of it, how many rows have it, and the first of them."""

    fault: RowFault
    count: int
    rows: str


@dataclass(frozen=True, slots=True)
class PreviewFlow:
    """One flow: the file, how it was read, its first rows and the problems of the rows that were judged."""

    source: str
    file: str
    kind: str
    encoding: str
    columns: tuple[str, ...]
    judged: int
    rows: list[PreviewRow]
    problems: list[PreviewProblem]
    faulty: int


def preview(*, files: Sequence[str | Path], mapping: LoadedMapping, org_id: int | None, by: Actor, at: datetime) -> list[PreviewFlow]:
    """Return the first rows of each flow as mapped. Raises what would stop the import before its first write."""
    by.require("party.import")
    found = assign_files(mapping.mapping, files)
    spool = new_spool()
    try:
        tables = {name: open_table(path, mapping.mapping.sources[name]) for name, path in found.items()}
        headers = checked_headers(mapping, found, tables)
        plans = plan_flows(mapping, headers)
        joined = {join.source for plan in plans for join in plan.flow.join}
        spooled = {}
        for name, table in tables.items():
            spooled[name] = spool / f"source_{name}.parquet"
            spool_table(replace(table, rows=islice(table.rows, JOINED_ROWS if name in joined else ROWS_JUDGED)), spooled[name])
        shown = []
        for place, plan in enumerate(plans):
            path = spool / f"flow_{place}.parquet"
            prepare_flow(plan.flow, spooled, headers, path)
            rows = next(prepared_rows(path, skip=0, chunk_rows=ROWS_JUDGED), [])
            maker = RowMaker(plan, mapping.mapping.sources, org_id=org_id, orgs=owning_orgs(by), at=at)
            table = tables[plan.flow.source]
            shown.append(_flow(plan, found[plan.flow.source].name[3:], table, [maker.make(row) for row in rows]))
        return shown
    finally:
        drop_folder(spool)


def _flow(plan: FlowPlan, file: str, table: Any, worked: Sequence[Worked]) -> PreviewFlow:
    # A row without its partner may have it beyond the rows that a preview reads.
    faulty = [w for w in worked if w.faults and not all(f.code == UNJOINED.code for f in w.faults)]
    return PreviewFlow(
        plan.flow.source, file, table.kind, table.encoding, table.columns, len(worked), [_row(w) for w in worked[:ROWS_SHOWN]],
        _problems(faulty), len(faulty))


def _problems(faulty: Sequence[Worked]) -> list[PreviewProblem]:
    kinds: dict[tuple[str, str], list[tuple[int, RowFault]]] = {}
    for worked in faulty:
        for found in worked.faults:
            kinds.setdefault((found.code, found.column), []).append((worked.row.number, found))
    return [
        PreviewProblem(found[0][1], len(found), ", ".join(str(number) for number, _fault in found[:ROWS_NAMED]) + (" …" if len(found) > ROWS_NAMED else ""))
        for found in sorted(kinds.values(), key=len, reverse=True)
    ]


def _row(worked: Worked) -> PreviewRow:
    records = []
    for record in worked.records:
        hidden = {f.name for f in record.plan.noun.fields if f.personal == "id_number"}
        values = [
            (name, mask_document(str(value)) if name in hidden else value)
            for name, value in record.values.items() if name in record.plan.columns and value not in (None, "", {})
        ]
        records.append(PreviewRecord(record.plan.noun.name, record.key, values))
    return PreviewRow(worked.row.number, records, worked.faults)
