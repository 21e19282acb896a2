"""Reject files: the rejected rows as they came, with what is wrong, so that they can be corrected and loaded again."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from uuid import UUID

from tongke.exchange.jobs import import_job
from tongke.kernel.actor import Actor, acting
from tongke.kernel.bulk.runner import opened_row
from tongke.kernel.models import BulkReject

OWN_COLUMNS = ("reject_source", "reject_row", "reject_column", "reject_value", "reject_code", "reject_reason", "reject_mend")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_LOOKS_LIKE_FORMULA = ("'", "=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe before it, which our reader takes away again."""
    return f"'{text}" if text.startswith(_LOOKS_LIKE_FORMULA) and not _NUMBER.fullmatch(text) else text


def reject_lines(*, job_id: UUID, by: Actor) -> Iterator[str]:
    """Yield the reject file line by line: the source's own columns first, then what is wrong. One line a fault's row;
    several faults of one row stand in one line, separated by semicolons."""
    import_job(job_id=job_id, by=by)
    with acting(by):
        columns: dict[str, None] = {}
        for reject in BulkReject.objects.filter(job_id=job_id).order_by("id").iterator(2_000):
            columns.update(dict.fromkeys(opened_row(reject)))
        yield _line([*columns, *OWN_COLUMNS])
        held: list[BulkReject] = []
        for reject in BulkReject.objects.filter(job_id=job_id).order_by("source", "row_number", "id").iterator(2_000):
            if held and (held[0].source, held[0].row_number) != (reject.source, reject.row_number):
                yield _row(held, list(columns))
                held = []
            held.append(reject)
        if held:
            yield _row(held, list(columns))


def _row(rejects: list[BulkReject], columns: list[str]) -> str:
    values = opened_row(rejects[0])
    told = [[getattr(r, name) for r in rejects] for name in ("column", "value", "code", "reason", "mend")]
    return _line([
        *(safe_cell(values.get(name, "")) for name in columns), rejects[0].source, str(rejects[0].row_number),
        *(safe_cell("; ".join(dict.fromkeys(t for t in texts if t))) for texts in told),
    ])


def _line(cells: list[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def write_rejects(*, job_id: UUID, to: Path, by: Actor) -> Path:
    """Write the reject file to ``to``, readable by its owner only; returns it."""
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8-sig", newline="") as file:
        file.writelines(reject_lines(job_id=job_id, by=by))
    return to
