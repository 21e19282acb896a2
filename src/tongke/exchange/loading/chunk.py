"""One chunk of rows from text to tables. A row goes in whole or not at all: with one record refused, none of its
records are written, and neither are later rows that refer to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import DatabaseError, OperationalError, ProgrammingError, connection, connections, transaction
from psycopg import sql

from tongke.areas.party.services.source_keys import NewKey, claim_keys, note_changes
from tongke.exchange.events import RecordsImported
from tongke.exchange.faults import FOREIGN, REFUSED, UNKNOWN, fault
from tongke.exchange.loading.resolve import CHANGED, NEW, SAME, Resolver
from tongke.exchange.loading.rows import Pending, RowMaker, Worked
from tongke.exchange.mapping.model import Source, Sum
from tongke.exchange.mapping.plan import FlowPlan
from tongke.exchange.mapping.types import Untaken, as_decimal
from tongke.exchange.reading.spool import SpooledRow
from tongke.kernel.actor import Actor
from tongke.kernel.bulk import ChunkResult, RejectedRow, all_nouns, drop_stages
from tongke.kernel.outbox import publish


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of one flow, in the order of the file; ``worked`` are they with their records, ``resolved`` knows which
    of those are new.
    """

    plan: FlowPlan
    rows: Sequence[SpooledRow]
    worked: Sequence[Worked] = ()
    resolved: Resolver | None = None

    def __len__(self) -> int:
        return len(self.rows)


class Held(Exception):
    """Some keys could not be claimed; ``rows`` are the rows they belong to."""

    def __init__(self, rows: list[tuple[Worked, str]]) -> None:
        super().__init__(len(rows))
        self.rows = rows


class ChunkLoader:
    """Loads chunks of one import. ``at`` is the same for all of its chunks, however often it was resumed."""

    def __init__(
        self, *, job_id: UUID, source: str, org_id: int | None, orgs: frozenset[int], sources: Mapping[str, Source], files: Mapping[str, str],
        sums: Mapping[str, Sum], by: Actor, at: datetime,
    ) -> None:
        self.job_id, self.source, self.org_id, self.orgs, self.by, self.at = job_id, source, org_id, orgs, by, at
        self.sources, self.files, self.sums = sources, files, sums
        self.makers: dict[int, RowMaker] = {}
        self.nouns = all_nouns()
        self.unlike_resolved = False
        self.taken: Chunk | None = None

    def resolved_ahead(self, chunks: Iterator[Chunk], *, ahead: bool) -> Iterator[Chunk]:
        """Yield the chunks mapped and resolved: the next one while the database writes the present one.

        The next is looked up on a connection of its own, which does not show what the present one writes: what that
        makes is known from its resolver. Where the present one changes records, or was not written as resolved, the next
        is resolved after it instead. So are all if not ``ahead``, for in one transaction nothing is seen from outside.
        """
        def step(before: Resolver | None, *, resolving: bool) -> Chunk | None:
            chunk = next(chunks, None)
            if chunk is None:
                return None
            return self.resolved(self.mapped(chunk), before=before) if resolving else self.mapped(chunk)

        with ThreadPoolExecutor(1, thread_name_prefix="mapping") as pool:
            # The context carries the actor and the language of the sentences.
            waiting = pool.submit(copy_context().run, step, None, resolving=ahead)
            try:
                while (chunk := waiting.result()) is not None:
                    present = self._after_the_last(chunk)
                    before = present.resolved
                    waiting = pool.submit(copy_context().run, step, before, resolving=ahead and before is not None and not before.changes)
                    yield present
            finally:
                pool.submit(connections.close_all).result()

    def _after_the_last(self, chunk: Chunk) -> Chunk:
        """Return the chunk resolved as it must be now that the one before it is written."""
        if chunk.resolved is None:
            return self.resolved(chunk)
        return self.resolved(self.mapped(chunk)) if self.unlike_resolved else chunk

    def mapped(self, chunk: Chunk) -> Chunk:
        """Return the chunk with the records of its rows: nothing here asks the database."""
        maker = self.makers.get(id(chunk.plan))
        if maker is None:
            maker = self.makers[id(chunk.plan)] = RowMaker(chunk.plan, self.sources, org_id=self.org_id, orgs=self.orgs, at=self.at)
        return Chunk(chunk.plan, chunk.rows, [maker.make(row) for row in chunk.rows])

    def resolved(self, chunk: Chunk, *, before: Resolver | None = None) -> Chunk:
        """Return the mapped chunk with what is known of its records, those of the chunk ``before`` it included."""
        resolver = Resolver(self.source, by=self.by, at=self.at, before=before)
        resolver.resolve([w for w in chunk.worked if not w.faults])
        return replace(chunk, resolved=resolver)

    def take(self, chunk: Chunk) -> ChunkResult:
        """Load one chunk in the caller's transaction and tell what became of its rows."""
        again = self.taken is chunk  # after a deadlock: from the rows again
        if self.taken is not None and self.taken.plan is not chunk.plan:
            drop_stages()  # another flow fills other tables
        self.taken = chunk
        if again or chunk.resolved is None:
            chunk = self.resolved(self.mapped(chunk))
        worked, good = chunk.worked, list(chunk.resolved.good if chunk.resolved else ())
        self._write_rows(good)
        self.unlike_resolved = again or any(row.faults for row in good)
        result = self._tell(chunk, worked)
        if any(sum(counts[:2]) for counts in result.records.values()):
            publish(RecordsImported(
                subject_id=self.job_id, org_id=self.org_id, job_id=self.job_id, source=self.source, rows=len(chunk.rows),
                records={noun: (c[0], c[1], c[2]) for noun, c in result.records.items()},
            ), by=self.by, at=self.at)
        return result

    def _write_rows(self, rows: list[Worked]) -> None:
        """Write rows; where the database refuses, find the rows to blame by halving, each try in a savepoint."""
        gone: set[tuple[str, str]] = set()
        waiting = [rows]
        while waiting:
            some = _without(waiting.pop(), gone)
            if not some:
                continue
            try:
                with transaction.atomic():
                    self._write(some)
            except Held as held:
                for row, key in held.rows:
                    row.faults.append(fault(FOREIGN, key=key))
                waiting.append(some)
            except DatabaseError as refusal:
                if not _is_about_rows(refusal):
                    raise
                if len(some) == 1:
                    some[0].faults.append(fault(REFUSED, why=_why(refusal)))
                    gone |= _own_keys(some[0])
                else:
                    half = len(some) // 2
                    waiting += [some[half:], some[:half]]
            for row in some:
                if row.faults:
                    gone |= _own_keys(row)

    def _write(self, rows: Sequence[Worked]) -> None:
        by_noun: dict[str, tuple[list[Pending], list[Pending]]] = {}
        for row in rows:
            for pending in row.pending:
                if pending.status != SAME:
                    by_noun.setdefault(pending.noun.name, ([], []))[pending.status == CHANGED].append(pending)
        self._claim(rows)
        for noun in sorted((self.nouns[name] for name in by_noun), key=lambda n: n.rank):
            fresh, changed = by_noun[noun.name]
            noun.write(fresh=[p.record.values for p in fresh], changed=[p.record.values for p in changed], by=self.by, at=self.at)
        note_changes(changed=[(p.held.id, p.record.digest) for _f, c in by_noun.values() for p in c if p.held], by=self.by, at=self.at)
        self._settle(rows)
        with connection.cursor() as cursor:
            # What would fail at commit fails here, where the rows to blame can still be found; then as it was before.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")

    def _settle(self, rows: Sequence[Worked]) -> None:
        """Let nouns work out anew what follows from children that came in other rows, or from their own change."""
        wanted: dict[str, set[UUID]] = {}
        for row in rows:
            new_here = {p.id for p in row.pending if p.status == NEW}
            for pending in row.pending:
                if pending.status == SAME:
                    continue
                if pending.status == CHANGED and pending.noun.settle is not None:
                    wanted.setdefault(pending.noun.name, set()).add(pending.id)
                for name, noun in pending.record.plan.references:
                    target = pending.record.values.get(name)
                    if target is not None and target not in new_here and self.nouns[noun].settle is not None:
                        wanted.setdefault(noun, set()).add(target)
        for noun, ids in wanted.items():
            settle = self.nouns[noun].settle
            if settle is not None:
                settle(ids=sorted(ids), by=self.by, at=self.at)

    def _claim(self, rows: Sequence[Worked]) -> None:
        """Claim the keys of new records first: who holds the key, loads the record."""
        new = [(row, p) for row in rows for p in row.pending if p.status == NEW and p.noun.resolve is None]
        claimed = claim_keys(
            source=self.source, new=[NewKey(p.noun.name, p.record.key, p.id, p.org_id, p.record.digest) for _row, p in new],
            by=self.by, at=self.at)
        if len(claimed) < len(new):
            raise Held([(row, p.record.key) for row, p in new if p.id not in claimed])

    def _tell(self, chunk: Chunk, worked: Sequence[Worked]) -> ChunkResult:
        result = ChunkResult(read=len(chunk.rows))
        ids: dict[str, set[UUID]] = {}
        for row in worked:
            if row.faults:
                shown = row.source_row(self.files)
                result.rejects.extend(
                    RejectedRow(row=shown, code=f.code, reason=f.reason, mend=f.mend, column=f.column, value=f.value)
                    for f in row.faults)
                continue
            states = [p.status for p in row.pending]
            if not states or all(s == SAME for s in states):
                result.unchanged += 1
            elif states[0] == NEW:
                result.created += 1
            else:
                result.updated += 1
            for pending in row.pending:
                result.records.setdefault(pending.noun.name, [0, 0, 0])[(NEW, CHANGED, SAME).index(pending.status)] += 1
                ids.setdefault(pending.noun.name, set()).add(pending.id)
        result.sums = {name: self._sum(total, chunk, worked, ids) for name, total in self.sums.items() if total.source in ("", chunk.plan.flow.source)}
        return result

    def _sum(self, total: Sum, chunk: Chunk, worked: Sequence[Worked], ids: Mapping[str, set[UUID]]) -> tuple[Decimal, Decimal, Decimal]:
        """Return (sum over the rows of the file, sum read back from the table over their records, of the former in rejected rows)."""
        if total.column not in chunk.plan.columns:
            return Decimal(0), Decimal(0), Decimal(0)
        place = chunk.plan.columns.index(total.column)
        noun, column = total.loaded.split(".")
        loaded = Decimal(0)
        if ids.get(noun):
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL("SELECT coalesce(sum({}), 0) FROM {} WHERE id = ANY(%s)").format(
                    sql.Identifier(column), sql.Identifier(self.nouns[noun].table)), [list(ids[noun])])
                loaded = Decimal(cursor.fetchone()[0])
        amounts = [(_amount(row.row.cells[place]), bool(row.faults)) for row in worked]
        return sum((a for a, _r in amounts), Decimal(0)), loaded, sum((a for a, rejected in amounts if rejected), Decimal(0))


def _amount(cell: str) -> Decimal:
    """A cell as it counts in the source's sum: what is no number counts nothing, and its row is rejected anyway."""
    try:
        return as_decimal(cell) if cell else Decimal(0)
    except Untaken:
        return Decimal(0)


def _own_keys(row: Worked) -> set[tuple[str, str]]:
    return {(p.noun.name, p.record.key) for p in row.pending if p.status == NEW}


def _without(rows: Sequence[Worked], gone: set[tuple[str, str]]) -> list[Worked]:
    """Leave out rejected rows and those that refer to a record that did not go in."""
    kept = []
    for row in rows:
        if row.faults:
            continue
        missing = _missing(row, gone) if gone else None
        if missing is None:
            kept.append(row)
        else:
            row.faults.append(missing)
            gone |= _own_keys(row)
    return kept


def _missing(row: Worked, gone: set[tuple[str, str]]) -> Any:
    own = _own_keys(row)
    for pending in row.pending:
        plan = pending.record.plan
        if pending.status == SAME and (plan.noun.name, pending.record.key) in gone:
            return fault(UNKNOWN, field="key", noun=plan.noun.name, key=pending.record.key)
        for name, noun in plan.references:
            key = pending.record.references.get(name, "")
            if (noun, key) in gone and (noun, key) not in own:
                return fault(UNKNOWN, column=plan.columns.get(name, ""), field=name, noun=noun, key=key)
    return None


RLS_REFUSES = "42501"


def _is_about_rows(refusal: DatabaseError) -> bool:
    """Tell whether rows are to blame (a constraint, a guard, row-level security), not the connection or a statement of ours."""
    if isinstance(refusal, ProgrammingError):
        return getattr(refusal.__cause__, "sqlstate", "") == RLS_REFUSES
    return not isinstance(refusal, OperationalError)


def _why(refusal: Exception) -> str:
    """The constraint that refused, without the values: they may be another's personal data."""
    detail = getattr(refusal.__cause__, "diag", None)
    return str(getattr(detail, "constraint_name", None) or getattr(detail, "message_primary", None) or "constraint")
