"""Files of rows for one verb each (numbers, deliveries): read with the readers of imports, every row done or explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tongke.exchange.errors import ColumnsTwice, TooManyRows
from tongke.exchange.faults import AT_READING, RowFault, fault
from tongke.exchange.mapping.model import Source
from tongke.exchange.reading import open_table
from tongke.kernel.actor import Actor
from tongke.kernel.bulk import ChunkResult, RejectedRow, Runner, SourceRow, held_lock
from tongke.kernel.errors import Refused
from tongke.kernel.models import BulkJob

Take = Callable[[Sequence[SourceRow]], ChunkResult]
Watch = Callable[[BulkJob], None]
OVER, UNDER_WAY = ("done", "cancelled"), ("waiting", "running", "failed")


@dataclass(frozen=True, slots=True)
class FaultyRow(SourceRow):
    """A row that could not be read as it was meant: a cell too many, a quotation mark that never closes, damaged characters."""

    fault: RowFault


def read_rows(path: Path, *, names: Mapping[str, str], name: str = "", rows_max: int) -> list[SourceRow]:
    """Read a file whose first line names its columns: ours as they are, others by ``names``; empty rows are left out.

    What is wrong with a row stands in it (``FaultyRow``). Raises ``FileUnreadable`` and its kin, ``ColumnsTwice`` where two columns mean
    the same, ``TooManyRows`` beyond ``rows_max``.
    """
    shown, table = name or path.name, open_table(path, Source())
    columns = [names.get(column.strip().lower(), column.strip().lower()) for column in table.columns]
    twice = sorted({given for given, column in zip(table.columns, columns, strict=True) if columns.count(column) > 1})
    if twice:
        raise ColumnsTwice(file=shown, columns=", ".join(twice))
    rows: list[SourceRow] = []
    for row in table.rows:
        if not row.fault and not any(row.cells):
            continue
        if len(rows) >= rows_max:
            raise TooManyRows(file=shown, most=rows_max)
        values = {column: cell for column, cell in zip(columns, row.cells, strict=False) if cell != ""}
        rows.append(FaultyRow(shown, row.number, values, fault(AT_READING[row.fault], **row.words)) if row.fault else SourceRow(shown, row.number, values))
    return rows


def explained(take: Take) -> Take:
    """Return what takes the rows that could be read, and rejects the others with what is wrong with them."""

    def taken(rows: Sequence[SourceRow]) -> ChunkResult:
        result = take([row for row in rows if not isinstance(row, FaultyRow)])
        for row in rows:
            if isinstance(row, FaultyRow):
                result.read += 1
                result.rejects.append(RejectedRow(row=row, code=row.fault.code, reason=row.fault.reason, mend=row.fault.mend, column=row.fault.column))
        return result

    return taken


def run_rows(
    job: BulkJob, rows: Sequence[SourceRow], take: Take, *, chunk_rows: int, by: Actor, clock: Callable[[], datetime], on_progress: Watch = lambda _job: None,
) -> BulkJob:
    """Take a job's rows from where it stands, so many at once, and return it as it ended; one that is over is left as it is.

    Read is created + rejected. Raises ``JobBusy``; what breaks the job leaves it ``failed``, to be run again from there.
    """
    if job.state in OVER:
        return job
    runner = Runner(job_id=job.id, take=explained(take), by=by, clock=clock, on_progress=on_progress, dry_run=job.dry_run)
    with held_lock(job.fingerprint):
        # What was stopped meanwhile stays so; a worker that was killed left it as it was.
        if not BulkJob.objects.filter(id=job.id, state__in=UNDER_WAY).update(state="running", started_at=job.started_at or clock(), error=""):
            BulkJob.objects.filter(id=job.id, state="cancelling").update(state="cancelled", ended_at=clock())
            return BulkJob.objects.get(id=job.id)
        job.refresh_from_db(fields=["position"])  # whoever held the lock before may have gone on
        try:
            ended = runner.run(rows[at:at + chunk_rows] for at in range(job.position, len(rows), chunk_rows))
        except Exception as broken:
            BulkJob.objects.filter(id=job.id).update(state="failed", error=str(broken if isinstance(broken, Refused) else type(broken).__name__)[:2000])
            raise
        state = "cancelled" if ended.state == "cancelling" and ended.position < len(rows) else "done"
        BulkJob.objects.filter(id=job.id).update(state=state, ended_at=clock())
        ended.state = state
    return ended
