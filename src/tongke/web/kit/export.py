"""The rows of a list as a file: CSV or XLSX, safe against formulas, within the policy's row count or after approval."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Refused
from tongke.web.kit import formatting
from tongke.web.kit.columns import Column, read
from tongke.web.kit.layout import toast
from tongke.web.kit.page import go
from tongke.web.kit.rows import Ask

if TYPE_CHECKING:
    from tongke.web.kit.listing import ListPage

CHUNK = 1000
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
KINDS = ("csv", "xlsx")


class ExportKindUnknown(Refused):
    """The file kind is neither CSV nor XLSX."""

    code = "WEB-30"
    says = _("There is no file of the kind {kind}")
    mend = _("Ask for csv or xlsx")
    status = 400


class ExportTooLarge(Refused):
    """More rows than the policy lets out without a second person."""

    code = "WEB-31"
    says = _("This export has more than {most} rows")
    mend = _("Narrow the filters, or ask for approval with a reason")
    status = 422


@dataclass(frozen=True, kw_only=True)
class Export:
    """What may leave as a file. ``rows_max`` rows go at once; above them ``approve`` decides.

    ``approve(list name, filters as text, reason, by=, at=)`` files the request and returns the address to go to; without it
    larger exports are refused. ``approved(approval id, list name, filters, by=, at=)`` uses up a granted approval that covers this
    download. ``logged(list name, row count, by=, at=)`` writes the log of looks before the first byte leaves.
    """

    permission: str
    rows_max: int = 1000
    filename: str = "export"
    approve: Callable[..., str] | None = None
    approved: Callable[..., bool] | None = None
    logged: Callable[..., None] | None = None


def safe_cell(value: Any) -> Any:
    """Return ``value`` so that no spreadsheet takes it for a formula: text that begins like one gets an apostrophe."""
    if isinstance(value, str):
        text = "".join(c for c in value if c >= " " or c in "\t\n\r")
        return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text
    return value


def all_rows(reader: Callable[[Ask], Sequence[Any]], ask: Ask) -> Iterator[Any]:
    """Read everything within the filters in chunks by keyset: memory stays flat however many rows there are."""
    ask = replace(ask, limit=CHUNK, cursor=None, backwards=False)
    while True:
        found = list(reader(ask))
        yield from found[:CHUNK]
        if len(found) <= CHUNK:
            return
        last = found[CHUNK - 1]
        key = last.pk if hasattr(last, "pk") else read(last, "id")
        ask = replace(ask, cursor=(None if ask.sort in {"", "pk"} else read(last, ask.sort.replace("__", ".")), key))


def table(columns: Sequence[Column], rows: Iterator[Any]) -> Iterator[list[Any]]:
    """Return the head and every row as safe cells."""
    yield [safe_cell(str(c.label)) for c in columns]
    for row in rows:
        yield [safe_cell(c.export(row)) for c in columns]


def csv_lines(cells: Iterator[list[Any]]) -> Iterator[bytes]:
    """Write CSV with a byte order mark, so that spreadsheets read Chinese right."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield b"\xef\xbb\xbf"
    for row in cells:
        writer.writerow(row)
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def xlsx_file(cells: Iterator[list[Any]]) -> io.BytesIO:
    """Write XLSX row by row; every text is stored as text."""
    from openpyxl import Workbook  # noqa: PLC0415 - half a second that only this answer needs

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Tongke")
    for row in cells:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def export_answer(page: ListPage, export: Export, kind: str) -> HttpResponseBase:
    """Answer with the file, or start the approval. Raises ``NotPermitted``, ``ExportKindUnknown``, ``ExportTooLarge``."""
    actor, at = page.actor, clock.now()
    actor.require(export.permission)
    if kind not in KINDS:
        raise ExportKindUnknown(kind=kind[:20])
    count = len(page.read_rows(replace(page.ask, limit=export.rows_max, cursor=None, backwards=False)))
    if count > export.rows_max and not _covered(page, export, actor, at):
        return _ask_approval(page, export, actor, at)
    if export.logged is not None:
        export.logged(page.name, count, by=actor, at=at)
    cells = table(page.shown_columns, all_rows(page.reader, page.ask))
    name = f"{export.filename}-{formatting.local(at):%Y%m%d-%H%M}.{kind}"
    answer: HttpResponseBase
    if kind == "xlsx":
        answer = FileResponse(xlsx_file(cells), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    else:
        answer = StreamingHttpResponse(csv_lines(cells), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "no-store"
    return answer


def _covered(page: ListPage, export: Export, actor: Actor, at: datetime) -> bool:
    approval = page.query.get("approval", "")
    return bool(approval and export.approved is not None and export.approved(approval, page.name, _filters(page), by=actor, at=at))


def _filters(page: ListPage) -> str:
    """The list's address with its filters and nothing else: what is asked for is what is approved is what leaves."""
    return page.address(approval="", reason="")


def _ask_approval(page: ListPage, export: Export, actor: Actor, at: datetime) -> HttpResponseBase:
    reason = page.query.get("reason", "").strip()
    if export.approve is None or not reason:
        raise ExportTooLarge(most=export.rows_max)
    address = export.approve(page.name, _filters(page), reason, by=actor, at=at)
    toast(page.request, _("The export waits for a second person's approval"), kind="info")
    return go(page.request, address)
