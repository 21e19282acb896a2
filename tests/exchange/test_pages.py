"""The imports pages: upload, preview, start, outcome, reject file; for nobody without the permission."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.exchange.conftest import HEAD, PEOPLE
from tests.factories.staff import TESTER, person, signed_in
from tongke.areas.party.models import Party
from tongke.exchange.services import run_import
from tongke.exchange.uploads import purge_uploads, safe_name
from tongke.kernel import clock
from tongke.kernel.actor import acting
from tongke.kernel.models import BulkJob

pytestmark = pytest.mark.django_db


def uploaded(client: Any, text: str, mapping: str = PEOPLE) -> Any:
    """Send the upload form."""
    return client.post("/imports/new", {
        "tables": SimpleUploadedFile("people.csv", text.encode()), "own_mapping": SimpleUploadedFile("people.toml", mapping.encode()), "org_id": "3301",
    })


def test_from_upload_to_rejects(exchange_folder: Path) -> None:
    """A steward uploads, sees the first rows and their faults, starts it, and gets the outcome and the reject file."""
    client = signed_in(person(org_id=3301, roles=("steward",)))
    answer = uploaded(client, HEAD + "1,王芳,13857100001,12.50\n2,,13857100002,x\n")
    assert answer.status_code == 302, answer.content.decode()
    preview = client.get(answer["Location"]).content.decode()
    assert "王芳" in preview
    assert "个人或单位" in preview
    assert "余额" in preview
    assert '<span class="text-secondary">kind</span>' not in preview
    assert "IMP-30" in preview
    assert "IMP-31" in preview
    (kept,) = (exchange_folder / "uploads").iterdir()
    assert all(file.stat().st_mode & 0o077 == 0 for file in (kept, *kept.iterdir()))
    started = client.post(answer["Location"])
    assert started.status_code == 302, started.content.decode()
    job = UUID(started["Location"].rpartition("/")[2])
    assert client.get(f"{started['Location']}/progress").json()["state"] == "running"
    run_import(job_id=job, by=TESTER, clock=clock.now)
    page = client.get(started["Location"]).content.decode()
    assert "IMP-30" in page
    assert "people.csv" in page
    streamed: Any = client.get(f"{started['Location']}/rejects")
    rejects = b"".join(streamed.streaming_content).decode("utf-8-sig")
    assert rejects.startswith("no,name,phone,balance,reject_source")
    assert "2,,13857100002,x,people.csv,3" in rejects
    with acting(TESTER):
        assert Party.objects.filter(name="王芳").exists()
    for path in ("/imports", "/"):  # the list, and the newest ones at the steward's home
        assert "People of a test" in client.get(path).content.decode(), path


def test_a_wrong_mapping_is_told_on_the_form(exchange_folder: Path) -> None:
    """The mistake stands above the form, with its line; nothing is kept."""
    client = signed_in(person(org_id=3301, roles=("steward",)))
    answer = uploaded(client, HEAD, PEOPLE.replace("[mapping]", "[mapping", 1))
    assert answer.status_code == 422
    assert "IMP-01" in answer.content.decode()
    assert not (exchange_folder / "uploads").exists()


def test_others_see_nothing(exchange_folder: Path) -> None:
    """A clerk has no such page; a steward of another network finds neither the upload nor the import."""
    del exchange_folder
    client = signed_in(person(org_id=3301, roles=("steward",)))
    preview = uploaded(client, HEAD + "1,王芳,,0\n")["Location"]
    job = client.post(preview)["Location"]
    clerk, near = signed_in(person(org_id=330101, roles=("clerk",))), signed_in(person(org_id=3302, roles=("steward",)))
    assert clerk.get("/imports").status_code == 403
    assert clerk.get(job).status_code == 403
    for address in (preview, job, f"{job}/progress", f"{job}/rejects"):
        assert near.get(address).status_code == 404
    assert near.post(f"{job}/cancel").status_code == 404
    assert "People of a test" not in near.get("/imports").content.decode()


def test_stopping_before_it_begins(exchange_folder: Path) -> None:
    """An import that waits is cancelled at once."""
    del exchange_folder
    client = signed_in(person(org_id=3301, roles=("steward",)))
    job = client.post(uploaded(client, HEAD + "1,王芳,,0\n")["Location"])["Location"]
    client.post(f"{job}/cancel")
    with acting(TESTER):
        assert BulkJob.objects.get(id=job.rpartition("/")[2]).state == "cancelled"


def test_old_uploads_are_removed(exchange_folder: Path) -> None:
    """After thirty days nothing of an upload is left."""
    client = signed_in(person(org_id=3301, roles=("steward",)))
    uploaded(client, HEAD)
    assert purge_uploads(at=clock.now()) == 0
    assert purge_uploads(at=clock.now() + timedelta(days=31)) == 1
    assert not list((exchange_folder / "uploads").iterdir())


@pytest.mark.parametrize(("given", "kept"), [
    ("../../etc/passwd", "passwd"), ("C:\\temp\\a.csv", "a.csv"), (".hidden", "hidden"), ("客户 1.csv", "客户 1.csv"), ("a\0b;c.csv", "a_b_c.csv"), ("", "file"),
])
def test_names_of_uploads_stay_names(given: str, kept: str) -> None:
    """No upload leaves its folder."""
    assert safe_name(given) == kept
