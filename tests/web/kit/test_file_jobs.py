"""Files that the worker works through: the bar is told how far they are, rejected rows come as a file."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from tongke.web.kit.file_jobs import STATES, TONES, UNDER_WAY, progress_answer, rejects_answer, state_of


@pytest.mark.parametrize(("state", "told"), [
    *((state, "running") for state in UNDER_WAY), ("done", "done"), ("failed", "failed"), ("cancelled", "failed"),
])
def test_the_bar_goes_on_until_the_job_is_over(state: str, told: str) -> None:
    answer = progress_answer(SimpleNamespace(state=state, position=3, total=9), "/there", {state: "Word"})
    assert json.loads(answer.content) == {"done": 3, "total": 9, "state": told, "text": "Word", "result": "/there"}
    assert answer["Cache-Control"] == "no-store"


def test_a_job_that_has_not_counted_its_rows_has_none() -> None:
    answer = progress_answer(SimpleNamespace(state="waiting", position=0, total=None), "/there")
    assert json.loads(answer.content)["total"] == 0


def test_every_state_has_words_and_a_tone() -> None:
    assert set(STATES) <= set(TONES)
    assert state_of(SimpleNamespace(state="failed")) == (STATES["failed"], "bad")
    assert state_of(SimpleNamespace(state="asleep")) == ("asleep", "neutral")


def test_rejected_rows_are_a_file_that_spreadsheets_read() -> None:
    answer = rejects_answer(["a,b\r\n", "1,二\r\n"], "客户 1.csv")
    assert b"".join(answer).decode("utf-8-sig") == "a,b\r\n1,二\r\n"
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''%E5%AE%A2%E6%88%B7%201.csv"
    assert answer["Cache-Control"] == "no-store"
