"""Columns: reading, showing, exporting; nothing of a row reaches the page unescaped."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from tongke.web.kit import columns as c

EVIL = "<script>alert(1)</script>"
ROW = SimpleNamespace(
    id=1, name=EVIL, no="N1", state="on", at=datetime(2026, 3, 9, 4, 5, tzinfo=UTC), day=date(2026, 3, 9), owed=Decimal(-5), n=1234,
    phone="+8613857100001", share=0.5, yes=True, tags=[("a<b", "good"), "c"], none=None, deep={"inner": SimpleNamespace(word="w")},
)


@pytest.mark.parametrize("column", [
    c.Text(key="name", label="x"), c.Text(key="no", label="x", sub="name"), c.Link(key="name", label="x", to=lambda r: f"/?q={r.name}"),
    c.State(key="name", label="x"), c.Masked(key="name", label="x"), c.Phone(key="name", label="x"), c.Tags(key="tags", label="x"),
])
def test_markup_in_values_is_escaped(column: c.Column) -> None:
    cell = str(column.cell(ROW))
    assert "<script" not in cell
    assert "a<b" not in cell


def test_paths_and_functions_read_values() -> None:
    assert c.Text(key="deep.inner.word", label="x").cell(ROW) == "w"
    assert c.Text(key="none.inner", label="x").cell(ROW) == "–"
    assert c.Text(key="whatever", label="x", value=lambda r: r.no).cell(ROW) == "N1"


@pytest.mark.parametrize(("column", "shown", "exported"), [
    (c.Moment(key="at", label="x"), "2026-03-09 12:05", "2026-03-09 12:05"), (c.Day(key="day", label="x"), "2026-03-09", "2026-03-09"),
    (c.Number(key="n", label="x"), "1,234", 1234), (c.Number(key="none", label="x", unit="h"), "–", None),
    (c.Number(key="share", label="x", unit="%", digits=2), "0.50%", 0.5), (c.Number(key="n", label="x", unit="h"), "1,234 h", 1234),
    (c.Phone(key="phone", label="x"), "138 5710 0001", "+8613857100001"),
])
def test_shown_and_exported(column: c.Column, shown: str, exported: Any) -> None:
    assert str(column.cell(ROW)) == shown
    assert column.export(ROW) == exported


def test_states_amounts_and_marks() -> None:
    state = c.State(key="state", label="x", labels=[("on", "Active")], tones={"on": "good"})
    assert "tk-tone-good" in state.cell(ROW)
    assert state.export(ROW) == "Active"
    assert "tk-minus" in c.Amount(key="owed", label="x").cell(ROW)
    assert c.YesNo(key="yes", label="x").export(ROW) == 1
    assert c.Tags(key="tags", label="x").export(ROW) == "a<b, c"
    assert "50.0%" in c.Share(key="share", label="x", digits=1).cell(ROW)
    with pytest.raises(ValueError, match="no tone"):
        c.badge("x", "purple")
