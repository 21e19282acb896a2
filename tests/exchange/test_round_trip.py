"""What is exported is read back as it was, whatever the cells hold."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from tongke.exchange.mapping.model import Source
from tongke.exchange.reading import open_table
from tongke.exchange.rejects import safe_cell

# Cells are stripped when read, and damaged characters are a fault of their row.
CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffd\r\n\ufeff"), max_size=20).map(str.strip)


@given(st.lists(st.tuples(CELL.filter(bool), CELL), min_size=1, max_size=8))
def test_cells_survive_export_and_import(rows: list[tuple[str, str]]) -> None:
    """Formula-looking cells go out marked and come back as they were."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["a", "b"])
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    with TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        file.write_text(out.getvalue(), encoding="utf-8-sig", newline="")
        table = open_table(file, Source())
        assert [tuple(row.cells) for row in table.rows] == rows


@given(CELL)
def test_no_exported_cell_is_a_formula(cell: str) -> None:
    """A spreadsheet takes =, +, -, @ at the start for a formula, unless it is a plain number."""
    shown = safe_cell(cell)
    assert not shown.startswith(("=", "@", "\t", "\r"))
    if shown.startswith(("+", "-")):
        float(shown)
