"""Reading: any encoding and delimiter, and damaged or hostile files told by what is wrong with them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tongke.exchange.errors import ColumnsTwice, EncodingUnknown, FileTooLarge, FileUnreadable, QuoteOpen
from tongke.exchange.mapping.model import Source
from tongke.exchange.reading import open_table, sheet, text
from tongke.kernel.errors import Refused

ROWS = [["1", "王芳"], ["2", "张伟, 先生"], ["3", 'A "B"']]


def read(path: Path, **source: str) -> tuple[tuple[str, ...], list[tuple[int, list[str], str]]]:
    """Return header and rows of a file."""
    table = open_table(path, Source(**source))
    return table.columns, [(row.number, row.cells, row.fault) for row in table.rows]


def written(tmp_path: Path, data: bytes, name: str = "rows.csv") -> Path:
    """Write bytes to a file."""
    file = tmp_path / name
    file.write_bytes(data)
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_delimiters_are_found_out(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    """The same rows come out however the file is written."""
    lines = [f"no{delimiter}name", f"1{delimiter}王芳", f'2{delimiter}"张伟, 先生"', f'3{delimiter}"A ""B"""', ""]
    columns, rows = read(written(tmp_path, end.join(lines).encode(encoding)))
    assert columns == ("no", "name")
    assert [(number, cells) for number, cells, _fault in rows] == [(2, ROWS[0]), (3, ROWS[1]), (4, ROWS[2])]


def test_a_named_encoding_is_taken(tmp_path: Path) -> None:
    """What cannot be found out can be said."""
    file = written(tmp_path, "no,name\n1,café,\n".encode("cp1252"))
    with pytest.raises(EncodingUnknown):
        read(file)
    assert read(written(tmp_path, "no,name\n1,café\n".encode("cp1252")), encoding="cp1252")[1][0][1] == ["1", "café"]


@pytest.mark.parametrize(("data", "refusal"), [
    (b"", FileUnreadable),
    (b"\n\n", FileUnreadable),
    (b"\x1f\x8b\x08\x00rest", FileUnreadable),
    (b"\xd0\xcf\x11\xe0rest", FileUnreadable),
    (b"%PDF-1.7", FileUnreadable),
    (b"PK\x03\x04 cut off", FileUnreadable),
    (b"PAR1 cut off", FileUnreadable),
    (b"a,b,a\n1,2,3\n", ColumnsTwice),
    (b'a,b\n1,"open\n2,3\n', QuoteOpen),
    (b'"a,b\n1,2\n', QuoteOpen),
    (b"a" * (text.LINE_MAX + 5) + b"\n1\n", FileUnreadable),
    (b"\xff\xfe\x00", FileUnreadable),
])
def test_a_file_that_cannot_be_trusted_is_refused_whole(tmp_path: Path, data: bytes, refusal: type[Refused]) -> None:
    """It says what is wrong and what to do; nothing raises anything else."""
    with pytest.raises(refusal) as told:
        read(written(tmp_path, data))
    assert told.value.message
    assert told.value.advice


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    """A path that is not there is a refusal, not a traceback."""
    with pytest.raises(FileUnreadable):
        read(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(("line", "fault"), [
    (b"1", "IMP-39"), (b"1,2,3", "IMP-39"), (b"1,x\0y", "IMP-40"), (b"1," + b"x" * (text.LINE_MAX + 10), "IMP-41"),
    (b'1,"a"b', "IMP-50"), (b"1,2,,,", ""), (b"1,\xef\xbf\xbd", "IMP-51"),
])
def test_a_damaged_row_is_marked_and_the_next_is_read(tmp_path: Path, line: bytes, fault: str) -> None:
    """One row's damage ends at its line."""
    _columns, rows = read(written(tmp_path, b"a,b\n0,ok\n" + line + b"\n9,fine\n"))
    assert [(number, found) for number, _cells, found in rows] == [(2, ""), (3, fault), (4, "")]
    assert rows[2][1] == ["9", "fine"]


def test_a_file_cut_off_inside_a_character_keeps_its_whole_rows(tmp_path: Path) -> None:
    """A truncated file is read to where it ends; the broken row is marked."""
    data = "no,name\n1,王芳\n2,张伟\n".encode()
    _columns, rows = read(written(tmp_path, data[:-3]))
    assert [fault for _n, _c, fault in rows] == ["", "IMP-51"]


def test_formulas_stay_text(tmp_path: Path) -> None:
    """A cell that looks like a formula is its text, and a workbook's formula is its stored value."""
    file = written(tmp_path, b"a,b\n=1+1,@SUM(A1)\n'=x,-5\n")
    assert [cells for _n, cells, _f in read(file)[1]] == [["=1+1", "@SUM(A1)"], ["=x", "-5"]]


def workbook(tmp_path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """Write a workbook."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "rows.xlsx")
    return tmp_path / "rows.xlsx"


def test_workbooks_and_parquet_give_the_same_text(tmp_path: Path) -> None:
    """Numbers without needless points, days in ISO form, blanks as blanks."""
    moment = datetime(2024, 2, 29, 8, 30)  # noqa: DTZ001 - what a workbook holds has no zone
    rows: list[list[object]] = [["no", "name", "on", "at", "sum", "flag", "none"], [1, "王芳", date(2024, 2, 29), moment, 12.5, True, None]]
    told = ["1", "王芳", "2024-02-29", "2024-02-29 08:30:00", "12.5", "true", ""]
    assert read(workbook(tmp_path, rows))[1] == [(2, told, "")]
    table = pa.table({
        "no": [1], "name": ["王芳"], "on": [date(2024, 2, 29)], "at": [moment], "sum": [Decimal("12.5")],
        "flag": [True], "none": pa.array([None], pa.string())})
    pq.write_table(table, tmp_path / "rows.parquet")
    assert read(tmp_path / "rows.parquet")[1] == [(2, told, "")]


def test_zip_bombs_are_refused_before_they_are_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that blows up, and one that lies about its size, both stop at the limit."""
    monkeypatch.setattr(sheet, "RATIO_FREE", 1 << 20)
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (50 << 20))
    with pytest.raises(FileTooLarge):
        read(bomb)
    many = tmp_path / "many.xlsx"
    monkeypatch.setattr(sheet, "PARTS_MAX", 10)
    with zipfile.ZipFile(many, "w") as archive:
        for n in range(20):
            archive.writestr(f"p{n}", b"")
    with pytest.raises(FileTooLarge):
        read(many)


def test_a_cut_workbook_or_parquet_is_refused(tmp_path: Path) -> None:
    """Half a file is no file."""
    whole = workbook(tmp_path, [["a"], ["x" * 50]]).read_bytes()
    with pytest.raises(FileUnreadable):
        read(written(tmp_path, whole[: len(whole) // 2], "half.xlsx"))
    out = io.BytesIO()
    pq.write_table(pa.table({"a": list(range(1000))}), out)
    with pytest.raises(FileUnreadable):
        read(written(tmp_path, out.getvalue()[:-20], "half.parquet"))


def test_nested_parquet_is_refused(tmp_path: Path) -> None:
    """Lists inside cells have no place in a row."""
    pq.write_table(pa.table({"a": [[1, 2]]}), tmp_path / "nested.parquet")
    with pytest.raises(FileUnreadable):
        read(tmp_path / "nested.parquet")


def test_a_sheet_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The refusal names the sheets there are."""
    with pytest.raises(FileUnreadable, match="Sheet"):
        read(workbook(tmp_path, [["a"], [1]]), sheet="Nowhere")


