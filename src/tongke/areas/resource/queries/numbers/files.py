"""How files of numbers stand: their jobs, and the rows that were refused."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from uuid import UUID

from django.db.models import QuerySet

from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound
from tongke.kernel.models import BulkJob, BulkReject

KIND = "resource.numbers"
RUN = "resource.run_numbers"
COLUMNS = ("number", "row", "column", "code", "reason", "mend")


def number_jobs(by: Actor) -> QuerySet[BulkJob]:
    """Return the files of numbers within the actor's scope."""
    by.require(RUN)
    rows = BulkJob.objects.filter(kind=KIND)
    return rows if by.scope is None else rows.filter(org_id__in=by.scope)


def number_job(job_id: UUID, *, by: Actor) -> BulkJob:
    """Return one of them; raises ``NotFound``."""
    found = number_jobs(by).filter(id=job_id).first()
    if found is None:
        raise NotFound
    return found


def number_rejects(job_id: UUID, *, limit: int | None = None, by: Actor) -> list[BulkReject]:
    """Return the refused rows in the order of the file, at most ``limit``."""
    number_job(job_id, by=by)
    with acting(by):
        rows = BulkReject.objects.filter(job_id=job_id).order_by("row_number", "id")
        return list(rows if limit is None else rows[:limit])


def number_reject_lines(job_id: UUID, *, by: Actor) -> Iterator[str]:
    """Yield the refused rows as lines of CSV; no cell can be taken for a formula."""
    yield _line(COLUMNS)
    for one in number_rejects(job_id, by=by):
        yield _line([one.value, str(one.row_number), one.column, one.code, one.reason, one.mend])


def _line(cells: tuple[str, ...] | list[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow([f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in cells])
    return out.getvalue()
