"""Reading files of any shape into one: text cells with row numbers, streamed, nothing evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tongke.exchange.errors import FileUnreadable
from tongke.exchange.mapping.model import Source
from tongke.exchange.reading.columnar import read_parquet
from tongke.exchange.reading.sheet import read_workbook
from tongke.exchange.reading.table import ReadRow, Table
from tongke.exchange.reading.text import read_text

__all__ = ["ReadRow", "Table", "open_table", "rows_of"]

_OTHERS = {
    b"\xd0\xcf\x11\xe0": gettext_noop("an old Excel file (.xls)"), b"\x1f\x8b": gettext_noop("compressed (gzip)"),
    b"%PDF": gettext_noop("a PDF file"), b"7z\xbc\xaf": gettext_noop("compressed (7-Zip)"), b"Rar!": gettext_noop("compressed (RAR)"),
}


def open_table(path: Path, source: Source) -> Table:
    """Open a file by what it is, not by what its name says; raises ``FileUnreadable`` and its kin."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as fault:
        raise FileUnreadable(file=path.name, why=fault.strerror or "?") from fault
    if not head:
        raise FileUnreadable(file=path.name, why=_("the file is empty"))
    for magic, what in _OTHERS.items():
        if head.startswith(magic):
            raise FileUnreadable(file=path.name, why=_("it is {what}").format(what=_(what)))
    if head.startswith(b"PK\x03\x04"):
        return read_workbook(path, source)
    if head.startswith(b"PAR1"):
        return read_parquet(path)
    return read_text(path, source)


def rows_of(path: Path, source: Source) -> Iterator[ReadRow]:
    """Return the rows of a file; see ``open_table``."""
    return open_table(path, source).rows
