"""Suppliers' files on the page: received by the worker, what was not taken given back to be mended, stopped by who began it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import network as make
from tests.factories import staff
from tongke.areas.resource import queries
from tongke.areas.resource.services import begin_stock_job
from tongke.exchange.stock_files import CHUNK_ROWS, StockFile, run_stock_job
from tongke.jobs.stock_files import run_stock_file
from tongke.kernel import clock
from tongke.kernel.actor import acting
from tongke.kernel.bulk import SourceRow
from tongke.kernel.models import BulkJob

pytestmark = pytest.mark.django_db(transaction=True)
BY = make.planner(3301, "唐蕾")
AT = make.AT


def keeper(org_id: int = 3301) -> Client:
    """A stock keeper."""
    return staff.signed_in_at(org_id, "stock_keeper", username=f"keeper{org_id}", locale="en")


def code_of(store: make.Store) -> str:
    """The code of the store's warehouse."""
    return next(place.code for place in queries.stock_places(by=BY) if place.id == store.warehouse)


def upload(client: Client, text: str, **more: Any) -> BulkJob:
    """Upload a file and return its job."""
    answer = client.post("/stock/receive/file", {"file": SimpleUploadedFile("cards.csv", text.encode()), **more})
    assert answer.status_code == 302, answer.content.decode()[-1500:]
    with acting(make.GROUP):
        return BulkJob.objects.latest("created_at")


def worked(job: BulkJob) -> BulkJob:
    """Do what the worker does with the job's task."""
    from procrastinate.contrib.django.models import ProcrastinateJob  # noqa: PLC0415 - needs the applications

    task = ProcrastinateJob.objects.filter(task_name="tongke.stock_file").latest("id")
    assert task.args["job_id"] == str(job.id)
    run_stock_file(**task.args)
    with acting(make.GROUP):
        return BulkJob.objects.get(id=job.id)


def rows_for(store: make.Store, cards: list[Any]) -> list[SourceRow]:
    """Rows of a file of these cards."""
    place = code_of(store)
    return [SourceRow("x.csv", n + 2, {"model": store.model, "stock_place": place, "serial": card.serial, "imsi": card.imsi}) for n, card in enumerate(cards)]


def test_a_trial_run_then_the_real_one() -> None:
    store = make.store(items=0)
    good, client = make.sim(), keeper()
    text = f"型号;仓库;ICCID;imsi;送货单号\n{store.model};{code_of(store)};{good.serial};{good.imsi};D-9\n{store.model};{code_of(store)};=1+1;12;D-9\n"
    job = worked(upload(client, text, dry_run="on"))
    assert "This was a trial run" in client.get(f"/stock/files/{job.id}").content.decode()
    assert queries.items_of_place(store.warehouse, by=BY) == []
    job = worked(upload(client, text))
    assert (job.state, job.total, job.created, job.rejected) == ("done", 2, 1, 1)
    page = client.get(f"/stock/files/{job.id}").content.decode()
    assert "RES-60" in page
    assert client.get(f"/stock/files/{job.id}/progress").json()["state"] == "done"
    rejects = b"".join(client.get(f"/stock/files/{job.id}/rejects").streaming_content).decode()  # type: ignore[attr-defined]  # a streamed answer
    assert "'=1+1" in rejects
    assert "D-9" in rejects
    assert [item.serial for item in queries.items_of_place(store.warehouse, by=BY)] == [good.serial]
    assert "cards.csv" in client.get("/stock/files").content.decode()
    assert keeper(3302).get(f"/stock/files/{job.id}").status_code == 404


def test_what_stands_twice_or_is_recorded_already_is_told() -> None:
    store = make.store(items=0)
    first, second, third = make.sim(), make.sim(), make.sim()
    job = begin_stock_job(StockFile(name="a.csv", rows=rows_for(store, [first, second])), by=BY, at=AT)
    assert run_stock_job(job, StockFile(name="a.csv", rows=rows_for(store, [first, second])), by=BY, clock=clock.now).created == 2
    again = StockFile(name="b.csv", rows=rows_for(store, [third, third, second]))
    job = begin_stock_job(again, by=BY, at=AT)
    ended = run_stock_job(job, again, by=BY, clock=clock.now)
    assert (ended.read, ended.created, ended.rejected) == (3, 1, 2)
    assert [(one.row_number, one.code, one.value) for one in queries.stock_rejects(job, by=BY)] == [(3, "RES-67", third.serial), (4, "RES-67", second.serial)]


def test_a_stopped_file_keeps_what_it_received_and_is_not_taken_twice() -> None:
    store, client = make.store(items=0), keeper()
    file = StockFile(name="big.csv", rows=rows_for(store, [make.sim() for _n in range(2 * CHUNK_ROWS + 5)]))
    job = begin_stock_job(file, by=BY, at=AT)

    def stop(_job: BulkJob) -> None:
        client.post(f"/stock/files/{job}/stop")

    ended = run_stock_job(job, file, by=BY, clock=clock.now, on_progress=stop)
    assert (ended.state, ended.created) == ("cancelled", 2 * CHUNK_ROWS)
    assert "was stopped at row" in client.get(f"/stock/files/{job}").content.decode()
    assert run_stock_job(job, file, by=BY, clock=clock.now).state == "cancelled"
    anew = begin_stock_job(file, by=BY, at=AT)
    ended = run_stock_job(anew, file, by=BY, clock=clock.now)
    assert (ended.created, ended.rejected) == (5, 2 * CHUNK_ROWS)


def test_a_file_that_waits_is_not_begun_once_it_is_stopped() -> None:
    store = make.store(items=0)
    file = StockFile(name="late.csv", rows=rows_for(store, [make.sim()]))
    job = begin_stock_job(file, by=BY, at=AT)
    assert keeper(3302).post(f"/stock/files/{job}/stop").status_code == 404
    keeper().post(f"/stock/files/{job}/stop")
    assert run_stock_job(job, file, by=BY, clock=clock.now).state == "cancelled"
    assert queries.items_of_place(store.warehouse, by=BY) == []
