"""Files of numbers (CSV, Excel, Parquet) for the number desk's work in bulk, read by the readers of imports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from uuid import UUID

from tongke.areas.resource.services.numbers.bulk import ACTIONS, KIND, RUN, NumberFile, begin_number_job
from tongke.exchange.row_files import FaultyRow, read_rows, run_rows
from tongke.kernel.actor import Actor, acting
from tongke.kernel.bulk import SourceRow
from tongke.kernel.errors import NotFound
from tongke.kernel.models import BulkJob

__all__ = ["ACTIONS", "NumberFile", "begin_number_job", "read_number_file", "run_number_file", "run_number_job"]
ROWS_MAX, CHUNK_ROWS = 200_000, 500
# How the columns are called in the files of number desks.
NAMES = {
    "号码": "number", "号池": "pool", "号池编码": "pool", "等级": "grade", "靓号等级": "grade", "原因": "reason", "违约金": "penalty", "号段": "code", "号段编码": "code",
    "起始号码": "first", "终止号码": "last", "类型": "kind", "组织": "org_id", "来源": "source", "归属运营商": "donor", "文号": "document",
}


def read_number_file(path: Path, *, name: str = "", everywhere: Mapping[str, str] | None = None, rows_max: int = ROWS_MAX) -> NumberFile:
    """Read a file whose first line names its columns, in English or Chinese; raises ``FileUnreadable`` and its kin,
    ``ColumnsTwice``, and ``TooManyRows`` beyond ``rows_max``. ``everywhere`` holds for every row that does not say otherwise (a pool, a reason).
    """
    return NumberFile(name=name or path.name, rows=read_rows(path, names=NAMES, name=name, rows_max=rows_max), everywhere=dict(everywhere or {}))


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
    """Run a job over its file from where it stands and return it as it ended; raises ``NotFound`` and what ``run_rows`` raises."""
    by.require(RUN)
    with acting(by):
        job = BulkJob.objects.filter(id=job_id, kind=KIND).first()
        if job is None:
            raise NotFound
        bulk_verb, _name = ACTIONS[job.parameters["action"]]
        return run_rows(job, _whole_rows(file), lambda rows: bulk_verb.take(rows, by=by, at=job.created_at), chunk_rows=CHUNK_ROWS, by=by, clock=clock,
                        on_progress=on_progress)


def _whole_rows(file: NumberFile) -> list[SourceRow]:
    """Return the rows with what holds for every row that does not say otherwise."""
    given = {name: value for name, value in file.everywhere.items() if value}
    return [row if isinstance(row, FaultyRow) else SourceRow(row.source, row.number, given | {k: v for k, v in row.values.items() if v != ""}) for row in file.rows]
