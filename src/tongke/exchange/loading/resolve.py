"""Which records are new, changed or as they were, whom they refer to, and which values others hold already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.party.services.source_keys import KnownKey, known_keys
from tongke.exchange.faults import LOADED_TWICE, OUTSIDE, UNKNOWN, RowFault, fault, from_rule
from tongke.exchange.loading.rows import Pending, Worked
from tongke.exchange.mapping.plan import MappedRecord
from tongke.kernel.actor import Actor
from tongke.kernel.bulk import all_nouns
from tongke.kernel.ids import uuid7

NEW, CHANGED, SAME = "new", "changed", "same"


class Resolver:
    """Resolves one chunk: a few statements for all of its keys, then everything in the order of the rows.

    ``before`` is the resolver of the chunk that is being written meanwhile: what it makes counts as made, though the
    database does not show it yet. It must not change records, for what it changes is not known here.
    """

    def __init__(self, source: str, *, by: Actor, at: datetime, before: Resolver | None = None) -> None:
        self.source, self.by, self.at = source, by, at
        self.nouns = all_nouns()
        self.held: dict[tuple[str, str], KnownKey] = {}
        self.by_code: dict[tuple[str, str], UUID] = {}
        self.made: dict[tuple[str, str], Pending] = {}
        self.values_held: dict[tuple[str, int, Any], UUID] = {}
        self.values_taken: dict[tuple[str, int, Any], UUID] = {}
        self.made_before: dict[tuple[str, str], Pending] = before.made if before else {}
        self.values_before: dict[tuple[str, int, Any], UUID] = before.values_taken if before else {}
        self.good: list[Worked] = []

    @property
    def changes(self) -> bool:
        """Whether the chunk changes records that are there already."""
        return any(p.status == CHANGED for row in self.good for p in row.pending)

    def resolve(self, rows: Sequence[Worked]) -> list[Worked]:
        """Fill ``pending`` of every row and return those without faults, in order."""
        self._look_up(rows)
        for row in rows:
            self._row(row)
        self._look_up_values([p for row in rows if not row.faults for p in row.pending if p.status != SAME])
        gone: set[tuple[str, str]] = set()
        for row in rows:
            if not row.faults:
                row.faults.extend(self._conflicts(row, gone))
            if row.faults:
                gone |= {(p.noun.name, p.record.key) for p in row.pending if p.status == NEW}
            else:
                self.good.append(row)
        self.made = {(p.noun.name, _identity(p.record)): p for row in self.good for p in row.pending if p.status == NEW}
        return self.good

    def _look_up(self, rows: Sequence[Worked]) -> None:
        wanted: dict[str, set[str]] = {}
        for row in rows:
            for record in row.records:
                wanted.setdefault(record.plan.noun.name, set()).add(_identity(record))
                for name, noun in record.plan.references:
                    if key := record.values.get(name):
                        wanted.setdefault(noun, set()).add(key)
        coded = {name: keys for name, keys in wanted.items() if self.nouns[name].resolve is not None}
        for name, keys in coded.items():
            resolve = self.nouns[name].resolve
            if resolve is not None:
                self.by_code.update({(name, code): found for code, found in resolve(sorted(keys), at=self.at).items()})
        self.held = known_keys(source=self.source, wanted={n: k for n, k in wanted.items() if n not in coded}, by=self.by)

    def _row(self, row: Worked) -> None:
        for record in row.records:
            org_id = self._refer(row, record)
            if row.faults:
                return
            row.pending.append(self._pending(row, record, org_id))
        if row.faults:
            return
        for pending in row.pending:
            if pending.status == NEW:
                self.made.setdefault((pending.noun.name, _identity(pending.record)), pending)

    def _refer(self, row: Worked, record: MappedRecord) -> int:
        """Put ids where the record names keys; returns the organisation of the first record that it refers to, else the row's."""
        org_id = 0
        for name, noun in record.plan.references:
            key = record.values.get(name)
            if not key:
                record.values.pop(name, None)
                continue
            record.references[name] = key
            found, org = self._id_of(noun, key, row)
            if found is None:
                row.faults.append(fault(UNKNOWN, column=record.plan.columns.get(name, ""), value=key[:80], field=name, noun=noun, key=key))
            record.values[name] = found
            org_id = org_id or org
        return org_id or row.org_id

    def _id_of(self, noun: str, key: str, row: Worked) -> tuple[UUID | None, int]:
        for pending in row.pending:
            if pending.record.key == key and pending.noun.name == noun:
                return pending.id, pending.org_id
        if (made := self._made((noun, key))) is not None:
            return made.id, made.org_id
        if (known := self.held.get((noun, key))) is not None:
            return known.subject_id, known.org_id
        return self.by_code.get((noun, key)), 0

    def _made(self, identity: tuple[str, str]) -> Pending | None:
        """Return the record that an earlier row makes, of this chunk or of the one before."""
        return self.made.get(identity) or self.made_before.get(identity)

    def _pending(self, row: Worked, record: MappedRecord, org_id: int) -> Pending:
        noun, key = record.plan.noun, _identity(record)
        made = self._made((noun.name, key)) or next(
            (p for p in row.pending if p.noun.name == noun.name and _identity(p.record) == key), None)
        if made is not None:  # an earlier row, or this row, brings it already
            if made.record.digest != record.digest:
                row.faults.append(fault(LOADED_TWICE, noun=noun.name, key=key))
            return Pending(record, made.id, made.org_id, SAME)
        if (code := self.by_code.get((noun.name, key))) is not None:
            return Pending(record, code, org_id, SAME)
        held = self.held.get((noun.name, key))
        values = record.values
        if held is None:
            values["id"] = uuid7()
            if noun.scoped:
                values["org_id"] = org_id
            if not org_id:
                row.faults.append(fault(OUTSIDE, org="-"))
            return Pending(record, values["id"], org_id, NEW)
        if held.digest == record.digest:
            return Pending(record, held.subject_id, held.org_id, SAME, held)
        if held.changed_at == self.at:
            row.faults.append(fault(LOADED_TWICE, noun=noun.name, key=key))
        values["id"], values["org_id"] = held.subject_id, held.org_id
        for name in record.plan.defaults:  # what the mapping does not speak of stays as it is
            values.pop(name, None)
        return Pending(record, held.subject_id, held.org_id, CHANGED, held)

    def _look_up_values(self, pending: Iterable[Pending]) -> None:
        """Ask once a constraint which of the values that this chunk brings are held by others."""
        wanted: dict[tuple[str, int], set[Any]] = {}
        for p in pending:
            for place, unique in enumerate(p.noun.unique):
                if (value := unique.key(p.record.values)) is not None:
                    wanted.setdefault((p.noun.name, place), set()).add(value)
        for (name, place), values in wanted.items():
            for value, holder in self.nouns[name].unique[place].taken(sorted(values)).items():
                self.values_held[name, place, value] = holder
            for value in values:
                if (taker := self.values_before.get((name, place, value))) is not None:
                    self.values_held[name, place, value] = taker

    def _conflicts(self, row: Worked, gone: set[tuple[str, str]]) -> list[RowFault]:
        """Return what stands against the row now that those before it are decided; else its values are taken."""
        faults: list[RowFault] = []
        taking: list[tuple[tuple[str, int, Any], UUID]] = []
        own = {(p.noun.name, p.record.key) for p in row.pending if p.status == NEW}
        for p in row.pending:
            plan = p.record.plan
            for name, noun in plan.references:
                if (target := (noun, p.record.references.get(name, ""))) in gone and target not in own:
                    faults.append(fault(UNKNOWN, column=plan.columns.get(name, ""), field=name, noun=noun, key=target[1]))
            if p.status == SAME:
                continue
            for place, unique in enumerate(p.noun.unique):
                value = unique.key(p.record.values)
                if value is None:
                    continue
                holder = self.values_held.get((p.noun.name, place, value))
                if holder is not None and holder != p.id:
                    broken = unique.broken(p.record.values)
                    faults.append(from_rule(broken, column=plan.columns.get(broken.field, ""), value=str(p.record.values.get(broken.field, ""))))
                taking.append(((p.noun.name, place, value), p.id))
        if not faults:
            self.values_held.update(taking)
            self.values_taken.update(taking)
        return faults


def _identity(record: MappedRecord) -> str:
    """The key of a record: its key in the source, or its own code where the noun has one."""
    return str(record.values.get("code") or record.key) if record.plan.noun.resolve is not None else record.key
