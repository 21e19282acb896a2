"""Suppliers' files (CSV, Excel, Parquet) of what was delivered, read by the readers of imports and received in chunks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from tongke.areas.resource.queries.stock_files import KIND, MOVE
from tongke.areas.resource.services import StockFile, begin_stock_job, receive_rows
from tongke.exchange.row_files import read_rows, run_rows
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound
from tongke.kernel.models import BulkJob

__all__ = ["StockFile", "begin_stock_job", "read_stock_file", "run_stock_job"]
ROWS_MAX, CHUNK_ROWS = 500_000, 1_000
# How the columns are called in the files of suppliers.
NAMES = {
    "型号": "model", "型号编码": "model", "仓库": "stock_place", "库存地点": "stock_place", "库位": "stock_place", "串号": "serial", "序列号": "serial", "卡号": "serial",
    "iccid": "serial", "imei": "serial", "sn": "serial", "副串号": "imei2", "mac地址": "mac", "激活码": "activation_code", "送货单号": "delivery_no", "交货单": "delivery_no",
}


def read_stock_file(path: Path, *, name: str = "") -> StockFile:
    """Read a file whose first line names its columns, in English or Chinese; raises ``FileUnreadable`` and its kin, ``ColumnsTwice``, ``TooManyRows``."""
    return StockFile(name=name or path.name, rows=read_rows(path, names=NAMES, name=name, rows_max=ROWS_MAX))


def run_stock_job(
    job_id: UUID, file: StockFile, *, by: Actor, clock: Callable[[], datetime], on_progress: Callable[[BulkJob], None] = lambda _job: None
) -> BulkJob:
    """Run a job over its file from where it stands and return it as it ended; raises ``NotFound`` and what ``run_rows`` raises."""
    by.require(MOVE)
    with acting(by):
        job = BulkJob.objects.filter(id=job_id, kind=KIND).first()
        if job is None:
            raise NotFound
        return run_rows(job, file.rows, lambda rows: receive_rows(rows, by=by, at=job.created_at), chunk_rows=CHUNK_ROWS, by=by, clock=clock, on_progress=on_progress)
