"""From one spooled row to its records: everything that can be told without the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.party.services.source_keys import KnownKey
from tongke.exchange.faults import (
    AT_READING,
    CHOICE,
    EMPTY,
    KEYLESS,
    OUTSIDE,
    REPEATED,
    TWICE,
    TWICE_JOINED,
    TYPE,
    UNJOINED,
    RowFault,
    fault,
    from_rule,
)
from tongke.exchange.mapping.model import Column, Source
from tongke.exchange.mapping.plan import FlowPlan, MappedRecord
from tongke.exchange.mapping.types import CONVERT, Untaken, as_date, as_datetime
from tongke.exchange.reading.spool import SpooledRow
from tongke.kernel.bulk import Noun, SourceRow, Values
from tongke.kernel.keys import mask_document


@dataclass(slots=True)
class Pending:
    """A record on its way: what is written, and whether it is new, changed or as it was."""

    record: MappedRecord
    id: UUID
    org_id: int
    status: str = "new"
    held: KnownKey | None = None

    @property
    def noun(self) -> Noun:
        """The noun of the record."""
        return self.record.plan.noun


@dataclass(slots=True)
class Worked:
    """A row with its records and faults."""

    row: SpooledRow
    plan: FlowPlan
    faults: list[RowFault]
    org_id: int = 0
    records: list[MappedRecord] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)

    def source_row(self, files: Mapping[str, str]) -> SourceRow:
        """Return the row as a reject shows it: its file, number and its own file's cells by column."""
        own = self.row.source == self.plan.flow.source
        prefix = "" if own else f"{self.row.source}:"
        joined = {f"{j.source}:" for j in self.plan.flow.join}
        values = {
            name.removeprefix(prefix): self.row.cells[place] for place, name in enumerate(self.plan.columns)
            if (not name.startswith(tuple(joined)) if own else name.startswith(prefix))
        }
        return SourceRow(files.get(self.row.source, self.row.source), self.row.number, values)


class RowMaker:
    """Makes records of rows; one for each flow."""

    def __init__(self, plan: FlowPlan, sources: Mapping[str, Source], *, org_id: int | None, orgs: frozenset[int], at: datetime) -> None:
        self.plan, self.org_id, self.orgs, self.at = plan, org_id, orgs, at
        self.checks = tuple(_column_checks(plan, sources))
        self.secret = {f.column for record in plan.records for f in record.fields if f.field.personal == "id_number"}

    def make(self, row: SpooledRow) -> Worked:
        """Return the row with its records, or with what is wrong with it; document numbers are shown masked."""
        worked = self._made(row)
        if worked.faults:
            worked.faults = [replace(f, value=mask_document(f.value)) if f.value and f.column in self.secret else f for f in worked.faults]
        return worked

    def _made(self, row: SpooledRow) -> Worked:
        worked = Worked(row, self.plan, _known_faults(row))
        if worked.faults:
            return worked
        cells = row.cells
        if self.plan.key and not all(cells[place] for place in self.plan.key):
            worked.faults.append(fault(KEYLESS, column=", ".join(self.plan.flow.key)))
        for place, name, column in self.checks:
            cells[place] = checked_cell(cells[place], name, column, worked.faults)
        if worked.faults:
            return worked
        self._place(worked)
        for record in self.plan.records:
            made = record.make(cells, worked.faults)
            if made is not None:
                worked.records.append(made)
        if not worked.faults:
            self._check(worked)
        return worked

    def _check(self, worked: Worked) -> None:
        """Hold every record against its noun's rules, beside the records of its row that it refers to."""
        for made in worked.records:
            made.values = {**made.plan.defaults, **made.values}
        here = {(made.plan.noun.name, made.key): made for made in worked.records}
        for made in worked.records:
            around: dict[str, Values] = {}
            for name, noun in made.plan.references:
                target = here.get((noun, str(made.values.get(name))))
                if target is None or target is made:
                    continue
                around[name] = target.values
                if target.plan.noun.settle is not None:
                    target.values.setdefault("children", []).append((made.plan.noun.name, made.values))
            aliases = made.plan.noun.aliases
            for broken in made.plan.noun.check(made.values, around, at=self.at):
                name = aliases.get(broken.field, broken.field)
                worked.faults.append(from_rule(broken, column=made.plan.columns.get(name, ""), value=_value_at(made, name)))

    def _place(self, worked: Worked) -> None:
        """Find the organisation of the row; records that refer to others belong to theirs instead."""
        if self.plan.org is None:
            worked.org_id = self.org_id or 0
            return
        text = self.plan.org(worked.row.cells) or ""
        org = int(text) if text.isdecimal() and len(text) < 10 else 0
        if org not in self.orgs:
            worked.faults.append(fault(OUTSIDE, value=text, org=text or "-"))
        worked.org_id = org


def _value_at(record: MappedRecord, name: str) -> str:
    return str(record.values.get(name) or "")[:80]


def _known_faults(row: SpooledRow) -> list[RowFault]:
    """What reading, joining and the search for keys that stand twice found out already."""
    if row.fault:
        code, words = json.loads(row.fault)
        return [fault(AT_READING[code], **words)]
    if row.first is not None:
        return [fault(REPEATED if row.same else TWICE, first=row.first)]
    if row.unjoined:
        kind, _colon, source = row.unjoined.partition(":")
        return [fault(TWICE_JOINED if kind == "2" else UNJOINED, source=source)]
    return []


def _column_checks(plan: FlowPlan, sources: Mapping[str, Source]) -> Sequence[tuple[int, str, Column]]:
    """Return the cells that the mapping types: (place, name, column)."""
    checks = []
    for place, name in enumerate(plan.columns):
        source, _colon, column_name = name.rpartition(":") if ":" in name else (plan.flow.source, "", name)
        column = sources[source].columns.get(column_name) if source in sources else None
        if column is not None and (column.type != "text" or column.required or column.blank or column.values):
            checks.append((place, name, column))
    return checks


_FORMATTED: Mapping[str, Callable[[str, str], Any]] = {"date": as_date, "datetime": as_datetime}


def checked_cell(cell: str, name: str, column: Column, faults: list[RowFault]) -> str:
    """Return the cell in standard form, or note its fault."""
    if cell in column.blank:
        cell = ""
    if not cell:
        if column.required:
            faults.append(fault(EMPTY, column=name, field=name))
        return cell
    if column.values and cell not in column.values:
        faults.append(fault(CHOICE, column=name, value=cell[:80], field=name, choices=", ".join(column.values)))
    try:
        if column.format and column.type in _FORMATTED:
            return str(_FORMATTED[column.type](cell, column.format).isoformat())
        if column.type != "text":
            CONVERT[column.type](cell)
    except Untaken as refusal:
        faults.append(fault(TYPE, column=name, value=cell[:80], field=name, expected=refusal.args[0]))
    return cell
