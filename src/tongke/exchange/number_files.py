"""Files of numbers (CSV, Excel, Parquet) for the number desk's work in bulk, read by the readers of imports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from uuid import UUID

from tongke.areas.resource.services.numbers.bulk import ACTIONS, KIND, RUN, NumberFile, begin_number_job
from tongke.exchange.errors import TooManyRows
from tongke.exchange.mapping.model import Source
from tongke.exchange.reading import open_table
from tongke.kernel.actor import Actor, acting
from tongke.kernel.bulk import Runner, SourceRow, held_lock
from tongke.kernel.errors import NotFound, Refused
from tongke.kernel.models import BulkJob

__all__ = ["ACTIONS", "NumberFile", "begin_number_job", "read_number_file", "run_number_file", "run_number_job"]
ROWS_MAX, CHUNK_ROWS = 200_000, 500
# How the columns are called in the files of number desks.
NAMES = {
    "号码": "number", "号池": "pool", "号池编码": "pool", "等级": "grade", "靓号等级": "grade", "原因": "reason", "违约金": "penalty", "号段": "code", "号段编码": "code",
    "起始号码": "first", "终止号码": "last", "类型": "kind", "组织": "org_id", "来源": "source", "归属运营商": "donor", "文号": "document",
}


def read_number_file(path: Path, *, name: str = "", everywhere: Mapping[str, str] | None = None, rows_max: int = ROWS_MAX) -> NumberFile:
    """Read a file whose first line names its columns, in English or Chinese; raises ``FileUnreadable`` and its kin, and
    ``TooManyRows`` beyond ``rows_max``. ``everywhere`` holds for every row that does not say otherwise (a pool, a reason).
    """
    table = open_table(path, Source())
    columns = [NAMES.get(column, column.strip().lower()) for column in table.columns]
    rows: list[SourceRow] = []
    for row in table.rows:
        if any(row.cells) and len(rows) >= rows_max:
            raise TooManyRows(file=name or path.name, most=rows_max)
        if any(row.cells):
            rows.append(SourceRow(name or path.name, row.number, dict(zip(columns, row.cells, strict=False))))
    return NumberFile(name=name or path.name, rows=rows, everywhere=dict(everywhere or {}))


def run_number_file(
    action: str, file: NumberFile, *, dry_run: bool = False, by: Actor, clock: Callable[[], datetime],
    on_progress: Callable[[BulkJob], None] = lambda _job: None, job_id: UUID | None = None,
) -> BulkJob:
    """Do ``action`` (one of ``ACTIONS``) with every row of a file and return the job as it ended, its rejects beside it.

    ``job_id`` goes on with an interrupted job of the same file.
    """
    job = job_id or begin_number_job(action, file, dry_run=dry_run, by=by, at=clock())
    return run_number_job(job, file, by=by, clock=clock, on_progress=on_progress)


def run_number_job(
    job_id: UUID, file: NumberFile, *, by: Actor, clock: Callable[[], datetime], on_progress: Callable[[BulkJob], None] = lambda _job: None
) -> BulkJob:
    """Run a job over its file from where it stands and return it as it ended; read = created + rejected. Raises ``NotFound``,
    ``JobBusy``; what breaks it leaves it ``failed``, to be run again from there.
    """
    by.require(RUN)
    with acting(by):
        job = BulkJob.objects.filter(id=job_id, kind=KIND).first()
        if job is None:
            raise NotFound
        if job.state in ("done", "cancelled"):
            return job
        bulk_verb, _name = ACTIONS[job.parameters["action"]]
        runner = Runner(job_id=job.id, take=lambda rows: bulk_verb.take(rows, by=by, at=job.created_at), by=by, clock=clock, on_progress=on_progress,
                        dry_run=job.dry_run)
        with held_lock(job.fingerprint):
            # What was stopped meanwhile stays so; a worker that was killed left it as it was.
            if not BulkJob.objects.filter(id=job.id, state__in=("waiting", "running", "failed")).update(
                    state="running", started_at=job.started_at or clock(), error=""):
                BulkJob.objects.filter(id=job.id, state="cancelling").update(state="cancelled", ended_at=clock())
                return BulkJob.objects.get(id=job.id)
            try:
                ended = runner.run(_chunks(file, job.position))
            except Exception as fault:
                BulkJob.objects.filter(id=job.id).update(state="failed", error=str(fault if isinstance(fault, Refused) else type(fault).__name__)[:2000])
                raise
            state = "cancelled" if ended.state == "cancelling" and ended.position < len(file.rows) else "done"
            BulkJob.objects.filter(id=job.id).update(state=state, ended_at=clock())
            ended.state = state
    return ended


def _chunks(file: NumberFile, skip: int) -> Iterator[list[SourceRow]]:
    given = {name: value for name, value in file.everywhere.items() if value}
    rows = [SourceRow(row.source, row.number, given | {k: v for k, v in row.values.items() if v != ""}) for row in file.rows[skip:]]
    for at in range(0, len(rows), CHUNK_ROWS):
        yield rows[at:at + CHUNK_ROWS]
