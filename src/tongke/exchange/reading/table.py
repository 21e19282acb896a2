"""What every reader gives: a header and a stream of numbered rows of text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from tongke.exchange.errors import ColumnsTwice, FileUnreadable
from tongke.exchange.faults import DAMAGED, NUL, WIDTH

COLUMNS_MAX = 2_000
# A leading apostrophe is how spreadsheets mark text that looks like a formula; our own files write it so.
FORMULA_LIKE = re.compile(r"'(?=['=+\-@\t\r])")


@dataclass(slots=True)
class ReadRow:
    """One row: its number as a spreadsheet shows it, its cells, and what was wrong already while reading."""

    number: int
    cells: list[str]
    fault: str = ""
    words: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A file opened: its columns and its rows, which can be read once."""

    columns: tuple[str, ...]
    rows: Iterator[ReadRow]
    kind: str
    encoding: str = ""
    delimiter: str = ""


def clean_header(names: Sequence[str], file: str) -> tuple[str, ...]:
    """Return column names without spaces around; nameless ones become ``column_3``. Raises ``ColumnsTwice``."""
    found = [unicodedata.normalize("NFC", name).strip().strip("\ufeff").strip() for name in names]
    if any("\0" in name or "\ufffd" in name for name in found):
        raise FileUnreadable(file=file, why=_("its first line is damaged"))
    while found and not found[-1]:
        found.pop()
    if not found:
        raise FileUnreadable(file=file, why=_("its first line names no column"))
    if len(found) > COLUMNS_MAX:
        raise FileUnreadable(file=file, why=_("it has more than {most} columns").format(most=COLUMNS_MAX))
    twice = sorted({n for n in found if n and found.count(n) > 1})
    if twice:
        raise ColumnsTwice(file=file, columns=", ".join(twice))
    return tuple(name or f"column_{place}" for place, name in enumerate(found, 1))


def checked(number: int, cells: list[str], width: int) -> ReadRow:
    """Return a row of ``width`` stripped cells, marked where it is too short, too long or damaged."""
    row = ReadRow(number, [cell.strip() for cell in cells])
    if len(cells) != width:
        while len(row.cells) > width and not row.cells[-1]:
            row.cells.pop()
        if len(row.cells) != width:
            row.fault, row.words = WIDTH.code, {"found": len(row.cells), "expected": width}
        row.cells = (row.cells + [""] * width)[:width]
    for place, cell in enumerate(row.cells):
        if cell[:1] == "'" and FORMULA_LIKE.match(cell):
            row.cells[place] = cell[1:]
        elif "\0" in cell:
            row.cells[place] = cell.replace("\0", "␀")
            row.fault = row.fault or NUL.code
        elif "\ufffd" in cell:
            row.fault = row.fault or DAMAGED.code
    return row
