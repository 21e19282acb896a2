"""Suppliers' files (CSV, Excel, Parquet) of what was delivered, read by the readers of imports and received in chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from tongke.areas.resource.queries.stock_files import KIND, MOVE
from tongke.areas.resource.services import StockFile, begin_stock_job, receive_rows
from tongke.exchange.errors import TooManyRows
from tongke.exchange.mapping.model import Source
from tongke.exchange.reading import open_table
from tongke.kernel.actor import Actor, acting
from tongke.kernel.bulk import Runner, SourceRow, held_lock
from tongke.kernel.errors import NotFound, Refused
from tongke.kernel.models import BulkJob

__all__ = ["StockFile", "begin_stock_job", "read_stock_file", "run_stock_job"]
ROWS_MAX, CHUNK_ROWS = 500_000, 1_000
OVER = ("done", "cancelled")
# How the columns are called in the files of suppliers.
NAMES = {
    "型号": "model", "型号编码": "model", "仓库": "stock_place", "库存地点": "stock_place", "库位": "stock_place", "串号": "serial", "序列号": "serial", "卡号": "serial",
    "iccid": "serial", "imei": "serial", "sn": "serial", "副串号": "imei2", "mac地址": "mac", "激活码": "activation_code", "送货单号": "delivery_no", "交货单": "delivery_no",
}


def read_stock_file(path: Path, *, name: str = "") -> StockFile:
    """Read a file whose first line names its columns, in English or Chinese; raises ``FileUnreadable`` and its kin, ``TooManyRows``."""
    table = open_table(path, Source())
    columns = [NAMES.get(column.strip().lower(), column.strip().lower()) for column in table.columns]
    rows: list[SourceRow] = []
    for row in table.rows:
        if any(row.cells):
            if len(rows) >= ROWS_MAX:
                raise TooManyRows(file=name or path.name, most=ROWS_MAX)
            rows.append(SourceRow(name or path.name, row.number, {k: v for k, v in zip(columns, row.cells, strict=False) if v != ""}))
    return StockFile(name=name or path.name, rows=rows)


def run_stock_job(
    job_id: UUID, file: StockFile, *, by: Actor, clock: Callable[[], datetime], on_progress: Callable[[BulkJob], None] = lambda _job: None
) -> BulkJob:
    """Run a job over its file from where it stands and return it as it ended; read = created + rejected. Raises ``NotFound``,
    ``JobBusy``; what breaks it leaves it ``failed``, to be run again from there.
    """
    by.require(MOVE)
    with acting(by):
        job = BulkJob.objects.filter(id=job_id, kind=KIND).first()
        if job is None:
            raise NotFound
        if job.state in OVER:
            return job
        runner = Runner(job_id=job.id, take=lambda rows: receive_rows(rows, by=by, at=job.created_at), by=by, clock=clock, on_progress=on_progress, dry_run=job.dry_run)
        with held_lock(job.fingerprint):
            BulkJob.objects.filter(id=job.id).update(state="running", started_at=job.started_at or clock(), error="")
            try:
                ended = runner.run(_chunks(file, job.position))
            except Exception as fault:
                BulkJob.objects.filter(id=job.id).update(state="failed", error=str(fault if isinstance(fault, Refused) else type(fault).__name__)[:2000])
                raise
            state = "cancelled" if ended.state == "cancelling" else "done"
            BulkJob.objects.filter(id=job.id).update(state=state, ended_at=clock())
            ended.state = state
    return ended


def _chunks(file: StockFile, skip: int) -> Iterator[list[SourceRow]]:
    for at in range(skip, len(file.rows), CHUNK_ROWS):
        yield file.rows[at:at + CHUNK_ROWS]
