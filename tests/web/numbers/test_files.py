"""Numbers by file on the page: a trial run changes nothing, a real one does, and what was refused is told row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.areas.resource.numbers import planted
from tests.factories import staff
from tongke.areas.resource import services
from tongke.areas.resource.models import Number
from tongke.exchange import number_files
from tongke.jobs.number_files import RIGHTS, run_number_file
from tongke.kernel import clock
from tongke.kernel.actor import acting
from tongke.kernel.models import BulkJob
from tongke.web.numbers.files import ACTIONS

pytestmark = pytest.mark.django_db(transaction=True)


def upload(client: Client, text: str, **more: Any) -> BulkJob:
    """Upload a file and return its job."""
    file = SimpleUploadedFile("numbers.csv", text.encode())
    answer = client.post("/numbers/files/new", {"file": file, "action": "reserve", "reason": "fair", **more})
    assert answer.status_code == 302, answer.content.decode()[-1500:]
    with acting(planted.TESTER):
        return BulkJob.objects.latest("created_at")


def worked(job: BulkJob) -> BulkJob:
    """Do what the worker does with the job's task."""
    from procrastinate.contrib.django.models import ProcrastinateJob  # noqa: PLC0415 - needs the applications

    task = ProcrastinateJob.objects.filter(task_name="tongke.number_file").latest("id")
    assert task.args["job_id"] == str(job.id)
    run_number_file(**task.args)
    with acting(planted.TESTER):
        return BulkJob.objects.get(id=job.id)


def test_the_page_names_every_action_of_the_room() -> None:
    """The words stand twice because the readers are heavy."""
    assert {key: str(words) for key, words in ACTIONS.items()} == {key: str(words) for key, (_verb, words) in number_files.ACTIONS.items()}
    assert set(RIGHTS) <= {"resource.run_numbers", "resource.assign_number", "resource.view_numbers"}


def test_a_trial_run_then_the_real_one() -> None:
    """The trial run tells the refused row; the real one keeps the numbers back."""
    desk = planted.desk(4)
    client = staff.signed_in_at(3301, "number_desk", locale="en")
    text = f"number\n{desk.number(0)}\n{desk.number(1)}\nnonsense\n"
    job = worked(upload(client, text, dry_run="on"))
    page = client.get(f"/numbers/files/{job.id}").content.decode()
    assert "This was a trial run" in page
    assert "GEN-01" in page
    assert client.get(f"/numbers/files/{job.id}/progress").json()["state"] == "done"
    assert "GEN-01" in b"".join(client.get(f"/numbers/files/{job.id}/rejects").streaming_content).decode()  # type: ignore[attr-defined]  # a streamed answer
    with acting(planted.TESTER):
        assert not Number.objects.filter(state="reserved").exists()
    job = worked(upload(client, text))
    with acting(planted.TESTER):
        assert Number.objects.filter(pool_id=desk.pool_id, state="reserved").count() == 2
    assert "numbers.csv" in client.get("/numbers/files").content.decode()
    stranger = staff.signed_in_at(3302, "number_desk", locale="en")
    assert stranger.get(f"/numbers/files/{job.id}").status_code == 404


def test_a_file_is_stopped_and_goes_on() -> None:
    """Stopped before its turn it does nothing; told to go on it does every row once; a trial run does not go on."""
    desk = planted.desk(4)
    client = staff.signed_in_at(3301, "number_desk", locale="en")
    job = upload(client, f"number\n{desk.number(0)}\n{desk.number(1)}\n")
    assert f"/numbers/files/{job.id}/stop" in client.get(f"/numbers/files/{job.id}").content.decode()
    assert client.post(f"/numbers/files/{job.id}/stop").status_code == 302
    assert worked(job).state == "cancelled"
    with acting(planted.TESTER):
        assert not Number.objects.filter(state="reserved").exists()
    assert "The file was stopped" in client.get(f"/numbers/files/{job.id}").content.decode()
    assert client.post(f"/numbers/files/{job.id}/resume").status_code == 302
    job = worked(job)
    assert (job.state, job.read, job.rejected) == ("done", 2, 0)
    for deed in ("stop", "resume"):
        client.post(f"/numbers/files/{job.id}/{deed}")
        with acting(planted.TESTER):
            assert BulkJob.objects.get(id=job.id).state == "done"
    assert client.post(f"/numbers/files/{job.id}/burn").status_code == 404
    stranger = staff.signed_in_at(3302, "number_desk", locale="en")
    assert stranger.post(f"/numbers/files/{job.id}/stop").status_code == 404
    trial = upload(client, f"number\n{desk.number(2)}\n", dry_run="on")
    client.post(f"/numbers/files/{trial.id}/stop")
    page = client.get(f"/numbers/files/{trial.id}").content.decode()
    assert f"/numbers/files/{trial.id}/resume" not in page
    assert "The trial run was stopped" in page


def test_a_running_file_stops_between_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop is heeded after the rows it is at, and what is left is done when it goes on; nothing is done twice."""
    desk = planted.desk(6)
    monkeypatch.setattr(number_files, "CHUNK_ROWS", 2)
    client = staff.signed_in_at(3301, "number_desk", locale="en")
    job = upload(client, "number\n" + "\n".join(desk.number(at) for at in range(6)))

    def stop(_job: BulkJob) -> None:
        client.post(f"/numbers/files/{job.id}/stop")

    with acting(planted.TESTER):
        file = number_files.read_number_file(Path(job.parameters["kept"]), everywhere=job.parameters["everywhere"])
        done = number_files.run_number_job(job.id, file, by=planted.DESK_CLERK, clock=clock.now, on_progress=stop)
    assert (done.state, done.position) == ("cancelled", 4)
    client.post(f"/numbers/files/{job.id}/resume")
    job = worked(job)
    assert (job.state, job.position, job.created, job.rejected) == ("done", 6, 6, 0)


def test_how_many_rows_a_file_may_have_is_a_figure() -> None:
    """The level's own figure holds, from now on."""
    desk = planted.desk(4)
    services.set_number_figure(name="number_file_rows_max", value=2, org_id=3301, reason="small machine", by=planted.TESTER, at=clock.now())
    client = staff.signed_in_at(3301, "number_desk", locale="en")
    file = SimpleUploadedFile("numbers.csv", ("number\n" + "\n".join(desk.number(at) for at in range(3))).encode())
    answer = client.post("/numbers/files/new", {"file": file, "action": "reserve", "reason": "fair"})
    assert answer.status_code == 422, answer.content.decode()[-500:]
    assert upload(client, f"number\n{desk.number(0)}\n{desk.number(1)}\n").total == 2
