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


def reject_sources(*, job_id: UUID, by: Actor) -> list[str]:
    """Return the files that have rejected rows, by name."""
    import_job(job_id=job_id, by=by)
    with acting(by):
        return list(BulkReject.objects.filter(job_id=job_id).order_by("source").values_list("source", flat=True).distinct())


def reject_lines(*, job_id: UUID, source: str, by: Actor) -> Iterator[str]:
    """Yield the reject file of one source line by line: its own columns first, then what is wrong. One line a row;
    several faults of one row stand in one line, separated by semicolons.
    """
    import_job(job_id=job_id, by=by)
    with acting(by):
        rows = BulkReject.objects.filter(job_id=job_id, source=source).order_by("row_number", "id")
        first = rows.first()
        columns = list(opened_row(first)) if first is not None else []
        yield _line([*columns, *OWN_COLUMNS])
        held: list[BulkReject] = []
        for reject in rows.iterator(2_000):
            if held and held[0].row_number != reject.row_number:
                yield _row(held, columns)
                held = []
            held.append(reject)
        if held:
            yield _row(held, columns)


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


def write_rejects(*, job_id: UUID, to: Path, by: Actor) -> list[Path]:
    """Write reject files, readable by their owner only, and return them: into the folder ``to``, named after each source,
    or to the file ``to``; of several sources one each, named after both.
    """
    sources = reject_sources(job_id=job_id, by=by)
    written = []
    for source in sources:
        if to.is_dir():
            file = to / f"{Path(source).stem}.rejects.csv"
        else:
            file = to if len(sources) == 1 else to.with_name(f"{to.stem}.{Path(source).stem}{to.suffix}")
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8-sig", newline="") as out:
            out.writelines(reject_lines(job_id=job_id, source=source, by=by))
        written.append(file)
    return written
