"""Numbers by file on the page: a trial run changes nothing, a real one does, and what was refused is told row by row."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.areas.resource.numbers import planted
from tests.factories import staff
from tongke.areas.resource.models import Number
from tongke.exchange import number_files
from tongke.jobs.number_files import RIGHTS, run_number_file
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
