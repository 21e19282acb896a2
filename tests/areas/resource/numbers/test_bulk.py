"""Numbers by file: every row is done or rejected with its reason, a trial run keeps nothing, an interrupted one goes on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from tests.areas.resource.numbers import planted
from tests.areas.resource.numbers.planted import DESK_CLERK, NOON, PROVINCE_DESK, TESTER
from tongke.areas.resource import services
from tongke.areas.resource.models import Number, NumberBlock
from tongke.areas.resource.services.numbers import bulk
from tongke.exchange import number_files
from tongke.exchange.errors import TooManyRows
from tongke.exchange.number_files import read_number_file, run_number_file
from tongke.kernel.actor import NotPermitted, acting
from tongke.kernel.bulk import SourceRow
from tongke.kernel.errors import Invalid
from tongke.kernel.ids import uuid7
from tongke.kernel.models import BulkJob, BulkReject

pytestmark = pytest.mark.django_db(transaction=True)


def run(action: str, text: str, folder: Path, *, dry_run: bool = False, by: Any = DESK_CLERK, **everywhere: str) -> tuple[BulkJob, list[tuple[int, str]]]:
    """Run a file of this text and return its job and (row, code) of its rejects."""
    path = folder / "numbers.csv"
    path.write_text(text, encoding="utf-8")
    job = run_number_file(action, read_number_file(path, everywhere=everywhere), dry_run=dry_run, by=by, clock=lambda: NOON)
    with acting(TESTER):
        rejects = list(BulkReject.objects.filter(job_id=job.id).order_by("row_number").values_list("row_number", "code"))
    assert job.read == job.created + job.rejected
    return job, rejects


def states(desk: planted.Desk) -> list[str]:
    with acting(TESTER):
        return list(Number.objects.filter(pool_id=desk.pool_id).order_by("number").values_list("state", flat=True))


def test_rows_are_done_or_rejected_with_their_reason(tmp_path: Path) -> None:
    desk = planted.desk(6)
    services.hold_number(desk.number(3), by=DESK_CLERK, at=NOON)
    text = f"号码,原因\n{desk.number(0)},for the mayor\n{desk.number(3)},x\n+8613999999999,x\nnonsense,x\n{desk.number(1)},\n{desk.number(0)},again\n"
    job, rejects = run("block", text, tmp_path)
    assert (job.state, job.read, job.created, job.rejected, job.total) == ("done", 6, 1, 5, 6)
    assert rejects == [(3, "GEN-03"), (4, "GEN-04"), (5, "GEN-01"), (6, "RES-31"), (7, "GEN-03")]
    assert states(desk) == ["blocked", "free", "free", "held", "free", "free"]


def test_a_row_that_cannot_be_read_is_told_and_not_cut(tmp_path: Path) -> None:
    """A reason with a comma of its own, a quotation mark in the wrong place: neither is half done nor does it vanish."""
    desk = planted.desk(3)
    job, rejects = run("block", f'number,reason\n{desk.number(0)},exhibition,hall 3\n{desk.number(1)},"a"b\n{desk.number(2)},fair\n', tmp_path)
    assert (job.total, job.read, job.created, job.rejected) == (3, 3, 1, 2)
    assert rejects == [(2, "IMP-39"), (3, "IMP-50")]
    assert states(desk) == ["free", "free", "blocked"]


def test_what_is_refused_is_told_in_words_with_the_number(tmp_path: Path) -> None:
    """Neither a verb's code nor a row without its number."""
    desk = planted.desk(2)
    services.block_number(number=desk.number(0), reason="x", by=DESK_CLERK, at=NOON)
    with translation.override("zh-hans"):
        job, _rejects = run("reserve", f"number\n{desk.number(0)}\n", tmp_path, reason="fair")
    with acting(TESTER):
        (reject,) = BulkReject.objects.filter(job_id=job.id)
    assert (reject.value, reject.code) == (desk.number(0), "GEN-03")
    assert "reserve" not in reject.reason
    assert "保留" in reject.reason
    assert "unblock" not in reject.mend


def test_a_trial_run_keeps_nothing_but_its_rejects(tmp_path: Path) -> None:
    desk = planted.desk(4)
    job, rejects = run("reserve", f"number\n{desk.number(0)}\n{desk.number(1)}\nx\n", tmp_path, dry_run=True, reason="fair")
    assert (job.created, job.rejected) == (2, 1)
    assert rejects == [(4, "GEN-01")]
    assert states(desk) == ["free"] * 4


def test_numbers_go_to_pools_and_grades_by_file(tmp_path: Path) -> None:
    desk = planted.desk(6)
    services.open_pool(code="WEB", name_zh="网厅", kind="mobile", org_id=3301, by=DESK_CLERK, at=NOON)
    services.open_pool(code="NB", name_zh="宁波", kind="mobile", org_id=3302, by=PROVINCE_DESK, at=NOON)
    _job, rejects = run("move", f"number,pool\n{desk.number(0)},WEB\n{desk.number(1)},NB\n{desk.number(2)},?\n", tmp_path, by=PROVINCE_DESK)
    assert rejects == [(3, "RES-09"), (4, "GEN-04")]
    _job, rejects = run("grade", f"number,grade\n{desk.number(1)},1\n{desk.number(2)},9\n", tmp_path)
    assert rejects == [(3, "GEN-04")]
    with acting(TESTER):
        assert Number.objects.get(number=desk.number(0)).pool.code == "WEB"  # type: ignore[union-attr]  # it has just been put there
        assert (Number.objects.get(number=desk.number(1)).grade, Number.objects.get(number=desk.number(1)).graded_by) == ("1", 1001)


def test_blocks_and_single_numbers_come_by_file(tmp_path: Path) -> None:
    desk = planted.desk(1)
    first = 8613900000000
    text = (f"号段编码,起始号码,终止号码,组织,文号\nB-N,{first},{first + 99},33,工信部〔2026〕1号\nB-O,{first + 50},{first + 149},33,\nB-P,{first + 100},{first + 199},32,\n")
    _job, rejects = run("blocks", text, tmp_path, by=PROVINCE_DESK)
    assert rejects == [(3, "RES-01"), (4, "RES-30")]
    with acting(TESTER):
        assert NumberBlock.objects.get(code="B-N").document == "工信部〔2026〕1号"
    services.give_range(first=first, last=first + 9, org_id=3301, by=PROVINCE_DESK, at=NOON)
    with acting(TESTER):
        code = Number.objects.get(number=desk.number(0)).pool.code  # type: ignore[union-attr]  # planted in one
    text = f"number\n+{first}\n+{first + 8}\n+{first + 8}\n+{first + 20}\n{desk.number(0)}\n"
    job, rejects = run("enter", text, tmp_path, pool=code)
    assert (job.created, rejects) == (2, [(4, "RES-04"), (5, "RES-34"), (6, "RES-04")])


def test_leaving_early_needs_what_was_agreed_in_its_row(tmp_path: Path) -> None:
    desk = planted.desk(1000)
    for at in (1, 888, 777):
        services.claim_number(number=desk.number(at), assigned_to=uuid7(), by=DESK_CLERK, at=NOON)
    _job, rejects = run("release", f"number,penalty\n{desk.number(1)},\n{desk.number(888)},\n{desk.number(777)},4060\n", tmp_path, reason="ended")
    assert rejects == [(3, "RES-26")]


def test_an_interrupted_file_goes_on_where_it_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = planted.desk(20)
    monkeypatch.setattr(number_files, "CHUNK_ROWS", 5)
    file = bulk.NumberFile(name="n.csv", rows=[SourceRow("n.csv", at + 2, {"number": desk.number(at)}) for at in range(20)], everywhere={"reason": "x"})
    job = bulk.begin_number_job("block", file, by=DESK_CLERK, at=NOON)
    turns: Iterator[int] = count()

    def stop(_job: BulkJob) -> None:
        if next(turns) == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        number_files.run_number_job(job, file, by=DESK_CLERK, clock=lambda: NOON, on_progress=stop)
    assert states(desk).count("blocked") == 10
    ended = number_files.run_number_job(job, file, by=DESK_CLERK, clock=lambda: NOON)
    assert (ended.state, ended.read, ended.created, ended.rejected) == ("done", 20, 20, 0)
    assert states(desk).count("blocked") == 20
    assert number_files.run_number_job(job, file, by=DESK_CLERK, clock=lambda: NOON).created == 20


def test_who_may_not_run_numbers_starts_nothing() -> None:
    file = bulk.NumberFile(name="n.csv", rows=[], everywhere={})
    with pytest.raises(NotPermitted):
        bulk.begin_number_job("block", file, by=planted.actor(), at=NOON)
    with pytest.raises(Invalid):
        bulk.begin_number_job("sell", file, by=DESK_CLERK, at=NOON)


def test_a_file_that_is_too_long_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "numbers.csv"
    path.write_text("number\n+8613857200001\n+8613857200002\n\n", encoding="utf-8")
    assert len(read_number_file(path, rows_max=2).rows) == 2
    path.write_text("number\n+8613857200001\n+8613857200002\n+8613857200003\n", encoding="utf-8")
    with pytest.raises(TooManyRows):
        read_number_file(path, rows_max=2)
