"""Files of rows for one verb: every row is read or explained, none vanishes, none is cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from tongke.exchange.errors import ColumnsTwice, TooManyRows
from tongke.exchange.reading.text import LINE_MAX
from tongke.exchange.row_files import FaultyRow, explained, read_rows
from tongke.kernel.bulk import ChunkResult, SourceRow

NAMES = {"号码": "number", "原因": "reason"}


def read(folder: Path, text: str, *, rows_max: int = 100) -> list[SourceRow]:
    path = folder / "numbers.csv"
    path.write_text(text, encoding="utf-8")
    return read_rows(path, names=NAMES, name="desk.csv", rows_max=rows_max)


def test_columns_are_known_in_both_languages_and_empty_rows_left_out(tmp_path: Path) -> None:
    rows = read(tmp_path, "号码, Reason ,note\n13857100777,fair,\n,,\n13857100778,,x\n")
    assert rows == [SourceRow("desk.csv", 2, {"number": "13857100777", "reason": "fair"}), SourceRow("desk.csv", 4, {"number": "13857100778", "note": "x"})]


@pytest.mark.parametrize(("line", "code"), [
    ("13857100777,exhibition,hall 3", "IMP-39"), ('13857100777,"a"b', "IMP-50"), ("13857100777,a\0b", "IMP-40"), (f"13857100777,{'x' * (LINE_MAX + 10)}", "IMP-41"),
])
def test_a_row_that_cannot_be_read_is_rejected_and_the_others_are_taken(tmp_path: Path, line: str, code: str) -> None:
    rows = read(tmp_path, f"number,reason\n13857100776,fair\n{line}\n13857100778,fair\n")
    assert [row.number for row in rows] == [2, 3, 4]
    assert [isinstance(row, FaultyRow) for row in rows] == [False, True, False]
    seen: list[int] = []

    def take(given: object) -> ChunkResult:
        assert isinstance(given, list)
        seen.extend(row.number for row in given)
        return ChunkResult(read=len(given), created=len(given))

    result = explained(take)(rows)
    assert seen == [2, 4]
    assert (result.read, result.created, result.rejected) == (3, 2, 1)
    assert [(reject.row.number, reject.code) for reject in result.rejects] == [(3, code)]
    assert result.rejects[0].reason
    assert result.rejects[0].mend


def test_two_columns_that_mean_the_same_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ColumnsTwice, match="号码"):
        read(tmp_path, "number,号码\n1,2\n")


def test_too_many_rows_are_refused_whole(tmp_path: Path) -> None:
    assert len(read(tmp_path, "number\n1\n2\n\n", rows_max=2)) == 2
    with pytest.raises(TooManyRows):
        read(tmp_path, "number\n1\n2\n3\n", rows_max=2)
