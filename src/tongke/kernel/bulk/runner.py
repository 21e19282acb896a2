"""The runner: chunks, reject rows, progress and resume. A chunk's rows and the job's new position are one
transaction, so that whatever is killed whenever, nothing is lost and nothing is done twice.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, connection, connections, transaction
from django.utils.translation import gettext_lazy as _

from tongke.kernel.actor import Actor, acting
from tongke.kernel.bulk.stage import insert_rows
from tongke.kernel.errors import Refused
from tongke.kernel.models import BulkJob, BulkReject
from tongke.kernel.sealing import seal, unseal

RAW_FIELD = "bulk.reject"
LOCK_SPACE = 7_301
DEADLOCK_TRIES_MAX = 5
DEADLOCK = ("40P01", "40001")


class JobBusy(Refused):
    """Another process is running the same work now."""

    code = "GEN-20"
    says = _("The same work is running already")
    mend = _("Wait until it has ended; its progress is on the imports page")


class ChunkLost(Refused):
    """Someone moved the job's position while this process worked on it."""

    code = "GEN-21"
    says = _("The job was moved on by another process at row {position}")
    mend = _("Look at the job; resume it if it stands still")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of a source: which source, its number as a spreadsheet shows it, its values as text by column."""

    source: str
    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """Why a row was not taken. Several may stand for one row: each names another fault."""

    row: SourceRow
    code: str
    reason: str
    column: str = ""
    value: str = ""
    mend: str = ""


@dataclass(slots=True)
class ChunkResult:
    """What one chunk did. ``sums`` are added to the job's, by name: (in the source, loaded, of the source's in rejected rows)."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejects: list[RejectedRow] = field(default_factory=list)
    sums: dict[str, tuple[Decimal, Decimal, Decimal]] = field(default_factory=dict)
    records: dict[str, list[int]] = field(default_factory=dict)

    @property
    def rejected(self) -> int:
        """How many rows were rejected, whatever the number of their faults."""
        return len({(r.row.source, r.row.number) for r in self.rejects})


@contextmanager
def held_lock(fingerprint: str) -> Iterator[None]:
    """Hold the session's lock on ``fingerprint``, which ends with the process; raises ``JobBusy``.

    It is held on a connection of its own, so that a lost database connection of the work cannot silently free it.
    """
    own = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [LOCK_SPACE, fingerprint])
            if not cursor.fetchone()[0]:
                raise JobBusy
            yield
    finally:
        own.close()


@dataclass(slots=True)
class Runner:
    """Runs one job chunk by chunk. ``take`` does the work of a chunk (anything with a
    length: its number of rows) in the runner's transaction.

    With ``dry_run`` all chunks share one transaction that is rolled back at the end, while progress and rejects
    are kept through a second connection: everything is done but nothing stays.
    """

    job_id: UUID
    take: Callable[[Any], ChunkResult]
    by: Actor
    clock: Callable[[], datetime]
    on_progress: Callable[[BulkJob], None] = lambda _job: None
    dry_run: bool = False

    def run(self, chunks: Iterator[Any]) -> BulkJob:
        """Work through ``chunks`` (those that are still to do) and return the job as it ended."""
        with acting(self.by):
            if not self.dry_run:
                return self._through(chunks)
            with transaction.atomic():
                job = self._through(chunks)
                transaction.set_rollback(True)
            return job

    def _through(self, chunks: Iterator[Any]) -> BulkJob:
        job = BulkJob.objects.get(id=self.job_id)
        for rows in chunks:
            job = self._chunk(job, rows)
            self.on_progress(job)
            if job.state == "cancelling":
                break
        return job

    def _chunk(self, job: BulkJob, rows: Any) -> BulkJob:
        tries = 0
        while True:
            try:
                with transaction.atomic():
                    result = self.take(rows)
                    if not self.dry_run:
                        return record_chunk(job, len(rows), result, now=self.clock())
                return self._record_aside(job, len(rows), result)
            except OperationalError as fault:
                tries += 1
                if getattr(fault.__cause__, "sqlstate", "") not in DEADLOCK or tries >= DEADLOCK_TRIES_MAX or self.dry_run:
                    raise

    def _record_aside(self, job: BulkJob, count: int, result: ChunkResult) -> BulkJob:
        with aside():
            return record_chunk(job, count, result, now=self.clock())


@contextmanager
def aside() -> Iterator[None]:
    """Let the default connection be another one inside the block: what is written there is committed by itself."""
    held = connections[DEFAULT_DB_ALIAS]
    own = connections.create_connection(DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = own
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = held
        own.close()


def record_chunk(job: BulkJob, count: int, result: ChunkResult, *, now: datetime) -> BulkJob:
    """Write a chunk's rejects and move the job on; raises ``ChunkLost`` if its position is not where it was read."""
    with transaction.atomic():
        held = BulkJob.objects.select_for_update().get(id=job.id)
        if held.position != job.position:
            raise ChunkLost(position=held.position)
        insert_rejects(held.id, result.rejects)
        held.position += count
        held.read += result.read
        held.created += result.created
        held.updated += result.updated
        held.unchanged += result.unchanged
        held.rejected += result.rejected
        held.sums = _added(held.sums, result)
        held.heartbeat_at = now
        held.save(update_fields=["position", "read", "created", "updated", "unchanged", "rejected", "sums", "heartbeat_at"])
    return held


def _added(before: dict[str, Any], result: ChunkResult) -> dict[str, Any]:
    """Add a chunk's sums and record counts to the job's; amounts are kept as text, to the last digit."""
    sums = dict(before.get("sums", {}))
    for name, amounts in result.sums.items():
        held = sums.get(name, {})
        sums[name] = {
            part: str(Decimal(held.get(part, "0")) + amount) for part, amount in zip(("source", "loaded", "rejected"), amounts, strict=True)
        }
    records = dict(before.get("records", {}))
    for name, counts in result.records.items():
        records[name] = [a + b for a, b in zip(records.get(name, [0, 0, 0]), counts, strict=True)]
    return {"sums": sums, "records": records}


def insert_rejects(job_id: UUID, rejects: Sequence[RejectedRow]) -> None:
    """Keep reject rows; the row as it came is sealed, for it holds personal data."""
    columns = ("job_id", "source", "row_number", "column", "value", "code", "reason", "mend", "raw")
    insert_rows("kernel_bulk_reject", columns, [
        (job_id, r.row.source[:200], r.row.number, r.column[:120], _shown(r.value)[:1000], r.code, _shown(r.reason), _shown(r.mend),
         json.dumps({"sealed": sealed_row(r.row.values)}))
        for r in _once(rejects)
    ], skip_held=True)


def _once(rejects: Sequence[RejectedRow]) -> list[RejectedRow]:
    return list({(r.row.source, r.row.number, r.code, r.column): r for r in rejects}.values())


def _shown(text: str) -> str:
    """PostgreSQL's text takes every character but NUL."""
    return text.replace("\0", "␀")


def sealed_row(values: Mapping[str, Any]) -> str:
    """Return a row's values sealed, as text."""
    return base64.b64encode(seal(json.dumps(dict(values), ensure_ascii=False, default=str), field=RAW_FIELD)).decode()


def opened_row(reject: BulkReject) -> dict[str, str]:
    """Return the values of a rejected row as they came."""
    held = reject.raw.get("sealed")
    return dict(json.loads(unseal(base64.b64decode(held), field=RAW_FIELD))) if held else {}


def sqlstate_of(fault: DatabaseError) -> str:
    """Return the server's code of a failed statement, e.g. ``23505`` for a unique constraint."""
    return str(getattr(fault.__cause__, "sqlstate", "") or "")


def in_transaction() -> bool:
    """Tell whether the caller already stands in a transaction."""
    return bool(connection.in_atomic_block)
