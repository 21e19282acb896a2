"""Workbooks: checked as a zip archive before anything is unpacked into memory; cells are values, never evaluated."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import python_calamine
from django.utils.translation import gettext as _

from tongke.exchange.errors import FileTooLarge, FileUnreadable
from tongke.exchange.mapping.model import Source
from tongke.exchange.reading.table import ReadRow, Table, checked, clean_header

UNPACKED_MAX = 2 << 30
RATIO_MAX = 300
RATIO_FREE = 16 << 20
PARTS_MAX = 5_000
BLOCK = 1 << 20


def check_archive(path: Path) -> None:
    """Unpack every part by stream, counting, before the workbook is opened: the archive's own word about sizes is
    not believed. Raises ``FileTooLarge`` for a bomb and ``FileUnreadable`` for a damaged archive.
    """
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > PARTS_MAX:
                raise FileTooLarge(file=path.name, why=_("it has more than {most} parts").format(most=PARTS_MAX))
            for part in parts:
                size = 0
                with archive.open(part) as stream:
                    while block := stream.read(BLOCK):
                        size += len(block)
                        total += len(block)
                        if total > UNPACKED_MAX or (size > RATIO_FREE and size > RATIO_MAX * max(part.compress_size, 1)):
                            raise FileTooLarge(file=path.name, why=part.filename[:80])
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as fault:
        raise FileUnreadable(file=path.name, why=_("the workbook is damaged or cut off")) from fault


def read_workbook(path: Path, source: Source) -> Table:
    """Open the named sheet of a workbook, or its first."""
    check_archive(path)
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        names = workbook.sheet_names
        if source.sheet and source.sheet not in names:
            raise FileUnreadable(file=path.name, why=_("it has no sheet {sheet}, only {names}").format(sheet=source.sheet, names=", ".join(names)))
        if not names:
            raise FileUnreadable(file=path.name, why=_("it has no sheet"))
        sheet = workbook.get_sheet_by_name(source.sheet or names[0])
    except (python_calamine.CalamineError, OSError, ValueError) as fault:
        raise FileUnreadable(file=path.name, why=_("the workbook is damaged or cut off")) from fault
    rows = sheet.iter_rows()
    header = next(rows, None)
    if header is None:
        raise FileUnreadable(file=path.name, why=_("the sheet is empty"))
    columns = clean_header([cell_text(c) for c in header], path.name)
    top = sheet.start[0] if sheet.start else 0
    return Table(columns, _rows(rows, len(columns), top + 1), "workbook")


def _rows(rows: Iterator[list[Any]], width: int, above: int) -> Iterator[ReadRow]:
    for number, cells in enumerate(rows, above + 1):
        texts = [cell_text(cell) for cell in cells]
        if any(texts):
            yield checked(number, texts, width)


def cell_text(cell: Any) -> str:  # noqa: PLR0911 - one line a type
    """Return a cell as text: whole numbers without a point, days and times in ISO form."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(cell, ".15g")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)
