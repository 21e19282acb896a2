"""CSV and its kin, streamed. Lines and cells have a limit of length; what is over it is a fault of its row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from django.utils.translation import gettext as _

from tongke.exchange.errors import FileUnreadable, QuoteOpen
from tongke.exchange.faults import HUGE, QUOTING
from tongke.exchange.mapping.model import Source
from tongke.exchange.reading.encoding import detect_delimiter, detect_encoding, known_encoding
from tongke.exchange.reading.table import ReadRow, Table, checked, clean_header

LINE_MAX = 1 << 20
CELL_MAX = 1 << 21
_HUGE_MARK = "\0too long\0"
csv.field_size_limit(CELL_MAX)


def read_text(path: Path, source: Source) -> Table:
    """Open a delimited text file; encoding and delimiter are found out unless the mapping names them."""
    encoding = known_encoding(source.encoding, path.name) if source.encoding else detect_encoding(path)
    file = path.open(encoding=encoding, errors="replace", newline="")
    lines = _lines(file)
    first = next(lines, "")
    while first and not first.strip():
        first = next(lines, "")
    if first.startswith(_HUGE_MARK):
        raise FileUnreadable(file=path.name, why=_("its first line is longer than {most} characters").format(most=LINE_MAX))
    delimiter = source.delimiter or detect_delimiter(first)
    header: list[str] = []
    try:
        # The header may hold line ends inside quotation marks: the reader takes as many lines as it needs.
        reader = csv.reader(_again(first, lines), delimiter=delimiter, strict=True)
        header = next(reader)
    except (csv.Error, StopIteration):
        raise QuoteOpen(file=path.name, row=1) from None
    columns = clean_header(header, path.name)
    return Table(columns, _rows(path.name, reader, len(columns)), "text", encoding, delimiter)


def _again(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _lines(file: TextIOWrapper) -> Iterator[str]:
    """Yield lines; of one that is too long only a mark, its rest is skipped without being held."""
    with file:
        while line := file.readline(LINE_MAX):
            if len(line) >= LINE_MAX and line[-1] not in "\r\n":
                while (rest := file.readline(LINE_MAX)) and rest[-1] not in "\r\n":
                    pass
                line = f"{_HUGE_MARK}\n"
            yield line


def _rows(name: str, reader: Iterator[list[str]], width: int) -> Iterator[ReadRow]:
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            if "unexpected end" in str(fault) or "field larger" in str(fault):
                raise QuoteOpen(file=name, row=number) from None
            yield ReadRow(number, [""] * width, QUOTING.code)
            continue
        if not cells:
            continue
        if cells[0].startswith(_HUGE_MARK):
            yield ReadRow(number, [""] * width, HUGE.code, {"most": LINE_MAX})
            continue
        yield checked(number, cells, width)
