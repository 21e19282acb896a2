"""TMF620: files of the catalogue in and out, and that no address of a sender's is ever called."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

from tests.tmf.api.calling import NOWHERE, Caller, refused
from tests.tmf.api.telling import told
from tongke.jobs import documents
from tongke.kernel.actor import acting, system_actor

pytestmark = pytest.mark.django_db
MANAGER = "product_manager"
FILE = """tongke_catalogue: 1
catalogues:
  MASS:
    name_zh: 大众市场
    name_en: Mass market
categories:
  PLANS:
    catalogue: MASS
    name_zh: 套餐
    name_en: Plans
    offerings: [M-59]
offerings:
  M-59:
    kind: mobile
    name_zh: 畅享59
    name_en: Enjoy 59
    prices:
    - code: rent
      kind: recurring
      name_zh: 月费
      name_en: Monthly fee
      amount: 59
      period: month
      tax_category: value_added_telecom
"""


def worked() -> None:
    """Let the worker do what it was asked for; each task twice, as a queue may."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'tongke.work_document' RETURNING args")
        asked = [row[0] if isinstance(row[0], dict) else json.loads(row[0]) for row in cursor.fetchall()]
    for args in asked:
        documents.work_document(**args)
        documents.work_document(**args)


class Desk:
    """Who moves files."""

    def __init__(self) -> None:
        self.imports, self.exports, self.files, self.offerings = (
            Caller(name, MANAGER) for name in ("importJob", "exportJob", "catalogFile", "productOffering"))

    def imported(self, text: str, **more: Any) -> dict[str, Any]:
        """The job that read a file."""
        return self.done(self.imports, {"url": f"data:application/yaml;base64,{b64encode(text.encode()).decode()}", **more})

    def done(self, jobs: Caller, body: dict[str, Any]) -> dict[str, Any]:
        """A job as it stands once the worker was there."""
        taken = jobs.made(body)
        assert taken["status"] == "Not Started"
        assert "completionDate" not in taken
        worked()
        return dict(jobs.get(taken["id"]).json())


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_file_that_is_sent_along_is_read_into_drafts(desk: Desk) -> None:
    job = desk.imported(FILE, contentType="text/yaml", path="/productOffering")
    assert (job["status"], job["path"], job["url"]) == ("Succeeded", "/productOffering", "data:")
    assert {(one["noun"], one["code"], one["outcome"]) for one in job["outcome"]} == {
        ("catalogues", "MASS", "written"), ("categories", "PLANS", "written"), ("offerings", "M-59", "drafted")}
    (offer,) = desk.offerings.listing("code=M-59").json()
    assert (offer["lifecycleStatus"], offer["category"][0]["name"]) == ("In design", "套餐")
    assert "CatalogBatchEvent" in told("620/v4", resource="catalog")
    again = desk.done(desk.imports, {"url": f"data:application/yaml,{quote(FILE)}"})
    assert {one["outcome"] for one in again["outcome"]} == {"unchanged"}
    assert desk.imports.delete(job["id"]).status_code == 204
    assert desk.imports.get(job["id"]).status_code == 404
    assert desk.offerings.found("code=M-59") == [offer["id"]]


def test_a_file_with_errors_fails_the_job_and_changes_nothing(desk: Desk) -> None:
    job = desk.imported(FILE.replace("kind: mobile", "kind: pigeon").replace("amount: 59", "amount: -1"))
    assert job["status"] == "Failed"
    assert [line.split(":")[0] for line in job["errorLog"].splitlines()] == ["14", "22"]
    assert "outcome" not in job
    assert desk.offerings.found("") == []
    assert desk.imports.found("status=Failed") == [job["id"]]


def test_a_trial_run_tells_what_would_be_and_leaves_nothing(desk: Desk) -> None:
    job = desk.imported(FILE, mode="dry_run")
    assert (job["status"], len(job["outcome"])) == ("Succeeded", 3)
    assert desk.offerings.found("") == []


def test_an_export_leaves_a_file_that_can_be_read_again(desk: Desk) -> None:
    desk.imported(FILE)
    job = desk.done(desk.exports, {"url": "https://elsewhere.example.com/put/here.yaml", "query": "code=M-59"})
    assert (job["status"], job["contentType"]) == ("Succeeded", "application/yaml")
    ident = job["url"].rsplit("/", 1)[1]
    file = desk.files.get(ident).json()
    assert (file["name"], file["href"]) == ("here.yaml", job["url"])
    assert "M-59" in file["attachment"]["content"]
    back = desk.done(desk.imports, {"url": job["url"]})
    assert (back["status"], {one["outcome"] for one in back["outcome"]}) == ("Succeeded", {"unchanged"})
    assert desk.exports.delete(job["id"]).status_code == 204
    assert desk.files.get(ident).status_code == 404
    refused(desk.imports.post({"url": job["url"]}), 422, "TMF-12")


@pytest.mark.parametrize("url", [
    "https://elsewhere.example.com/catalogue.yaml", "http://127.0.0.1:5432/", "file:///etc/passwd", "//169.254.169.254/latest", "ftp://x/y", "",
    "/tmf-api/customerManagement/v4/customer/1", "gopher://x", "http://[::1]/tmf-api/productCatalogManagement/v4/catalogFile/1",
])
def test_no_address_of_a_senders_is_called(desk: Desk, url: str) -> None:
    refused(desk.imports.post({"url": url}), 422, "TMF-20")
    assert desk.imports.found("") == []


def test_files_that_cannot_be_read_are_refused(desk: Desk) -> None:
    for url in ("data:application/yaml;base64,%%%", "data:;base64,/w=="):
        refused(desk.imports.post({"url": url}), 400, "url")
    refused(desk.imports.post({"url": "data:,x", "contentType": "image/png"}), 400, "contentType")
    refused(desk.imports.post({"url": f"/tmf-api/productCatalogManagement/v4/catalogFile/{NOWHERE}"}), 422, "TMF-12")
    refused(desk.imports.post({"url": "data:,x", "status": "Succeeded"}), 400, "status")
    refused(desk.imports.patch(NOWHERE, {}), 405)


def test_files_are_seen_where_they_were_made(desk: Desk) -> None:
    job = desk.done(desk.exports, {"url": "all.yaml"})
    other = Caller("catalogFile", MANAGER, org_id=3201)
    assert other.get(job["url"].rsplit("/", 1)[1]).status_code == 404
    refused(Caller("importJob", MANAGER, org_id=3201).post({"url": job["url"]}), 422, "TMF-12")
    refused(Caller("importJob", "clerk", org_id=3301).post({"url": "data:,x"}), 403)


def test_a_job_whose_worker_was_killed_goes_on(desk: Desk) -> None:
    taken = desk.imports.made({"url": f"data:application/yaml,{quote(FILE)}"})
    # What a killed worker leaves: that it ran was told, all else was one transaction.
    with acting(system_actor("test")), connection.cursor() as cursor:
        cursor.execute("""UPDATE tmf_document SET content = content || '{"status": "Running"}', state = 'Running' WHERE id = %s""", [taken["id"]])
    assert desk.imports.get(taken["id"]).json()["status"] == "Running"
    worked()
    assert desk.imports.get(taken["id"]).json()["status"] == "Succeeded"
    assert len(desk.offerings.found("")) == 1


def test_what_is_refused_on_the_way_fails_the_job_in_the_askers_language(desk: Desk) -> None:
    taken = desk.imports.made({"url": f"data:application/yaml,{quote(FILE)}", "mode": "launch"}, **{"Accept-Language": "en"})
    worked()
    job = desk.imports.get(taken["id"]).json()
    assert job["status"] == "Failed"
    assert job["errorLog"].startswith("SEC-01 Your post does not carry this right")
    assert desk.offerings.found("") == []
    gone = desk.imports.made({"url": f"data:application/yaml,{quote(FILE)}"})
    assert desk.imports.delete(gone["id"]).status_code == 204
    worked()
    assert desk.offerings.found("") == []
    refused(desk.exports.post({"url": "x", "query": "code=NOPE"}), 404)
