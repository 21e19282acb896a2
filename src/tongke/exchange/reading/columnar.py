"""Parquet, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from tongke.exchange.errors import FileTooLarge, FileUnreadable
from tongke.exchange.reading.sheet import cell_text
from tongke.exchange.reading.table import ReadRow, Table, checked, clean_header

BATCH_ROWS = 10_000
GROUP_UNPACKED_MAX = 2 << 30


def read_parquet(path: Path) -> Table:
    """Open a Parquet file of plain columns; raises ``FileUnreadable`` where it is damaged or has nested columns."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise FileUnreadable(file=path.name, why=_("the Parquet file is damaged or cut off")) from fault
    nested = [f.name for f in file.schema_arrow if pa.types.is_nested(f.type)]
    if nested:
        raise FileUnreadable(file=path.name, why=_("its columns {columns} hold lists or structures").format(columns=", ".join(nested)[:200]))
    largest = max((file.metadata.row_group(n).total_byte_size for n in range(file.metadata.num_row_groups)), default=0)
    if largest > GROUP_UNPACKED_MAX:
        raise FileTooLarge(file=path.name, why=_("a row group"))
    columns = clean_header(file.schema_arrow.names, path.name)
    return Table(columns, _rows(path.name, file, len(columns)), "parquet")


def _rows(name: str, file: Any, width: int) -> Iterator[ReadRow]:
    number = 1
    try:
        for batch in file.iter_batches(batch_size=BATCH_ROWS):
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield checked(number, [cell_text(_plain(c)) for c in cells], width)
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise FileUnreadable(file=name, why=_("it is damaged after row {row}").format(row=number)) from fault


def _plain(cell: Any) -> Any:
    """Bytes are text in UTF-8 here; what is none stands out as damaged."""
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else cell
