"""How suppliers' files stand: their jobs, and the rows that were not taken."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from uuid import UUID

from django.db.models import QuerySet

from tongke.areas.resource.rules.serials import HARMFUL
from tongke.kernel.actor import Actor, acting
from tongke.kernel.bulk.runner import opened_row
from tongke.kernel.errors import NotFound
from tongke.kernel.models import BulkJob, BulkReject

KIND, MOVE = "resource.stock", "resource.move_stock"
COLUMNS = ("model", "stock_place", "serial", "imsi", "imei2", "mac", "eid", "activation_code", "delivery_no")


def stock_jobs(by: Actor) -> QuerySet[BulkJob]:
    """Return the suppliers' files within the actor's scope."""
    by.require(MOVE)
    rows = BulkJob.objects.filter(kind=KIND)
    return rows if by.scope is None else rows.filter(org_id__in=by.scope)


def stock_job(job_id: UUID, *, by: Actor) -> BulkJob:
    """Return one of them; raises ``NotFound``."""
    with acting(by):
        found = stock_jobs(by).filter(id=job_id).first()
    if found is None:
        raise NotFound
    return found


def stock_rejects(job_id: UUID, *, limit: int | None = None, by: Actor) -> list[BulkReject]:
    """Return what was wrong with the rows that were not taken, in the order of the file, at most ``limit``."""
    stock_job(job_id, by=by)
    with acting(by):
        rows = BulkReject.objects.filter(job_id=job_id).order_by("row_number", "id")
        return list(rows if limit is None else rows[:limit])


def stock_reject_lines(job_id: UUID, *, by: Actor) -> Iterator[str]:
    """Yield the rows that were not taken as lines of CSV that can be mended and given again; no cell is taken for a formula."""
    yield _line([*COLUMNS, "line", "code", "reason"])
    faults: dict[int, list[BulkReject]] = {}
    for one in stock_rejects(job_id, by=by):
        faults.setdefault(one.row_number, []).append(one)
    for number, some in faults.items():
        values = opened_row(some[0])
        yield _line([*(str(values.get(column, "")) for column in COLUMNS), str(number), " ".join(f.code for f in some), " ".join(f.reason for f in some)])


def _line(cells: list[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow([f"'{cell}" if cell.startswith(HARMFUL) else cell for cell in cells])
    return out.getvalue()
