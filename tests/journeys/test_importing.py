"""The steward loads an operator's files by page: a preview, a run with progress, and every refused row explained."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import ROOT
from tests.journeys.conftest import Desk
from tests.plugins.browser import PATIENCE_MS
from tongke.simulator.files import write_files

pytestmark = pytest.mark.journey
SitDown = Callable[..., Desk]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Give a small operator's export with faulty rows; its seed is not the demo's."""
    folder = tmp_path / "export"
    write_files(folder, customers=400, months=1, seed=11, dirt=True)
    return folder


def test_files_are_loaded_by_page(sit_down: SitDown, export: Path) -> None:
    """Upload, preview, load; good rows are customers afterwards, faulty ones are in the reject file with code and mend."""
    desk = sit_down("wujing")
    page = desk.open("/imports/new")
    files = [str(file) for file in sorted(export.glob("*.csv")) if file.stem in {"customers", "accounts", "lines", "bills", "payments", "contacts"}]
    page.set_input_files("main [type=file]:not([name=own_mapping])", files)
    mapping = ROOT / "mappings" / "simulator.toml"
    page.set_input_files("[name=own_mapping]", str(mapping))
    desk.submit()
    page.wait_for_url(re.compile(r"/imports/uploads/"))
    expect(page.locator("main")).to_contain_text("customers.csv")
    page.locator("main form:not(:has([name=dry_run])) button").first.click()
    page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}$"))
    page.locator("main").get_by_text("已完成").first.wait_for(timeout=2 * PATIENCE_MS)
    link = page.locator("main a[href*='/rejects?source=customers']").first
    answer = page.request.get(f"{desk.url}{link.get_attribute('href')}")
    assert answer.ok
    refused = list(csv.DictReader(io.StringIO(answer.text().lstrip("\ufeff"))))
    faults = {row["customer_no"]: row["fault"] for row in csv.DictReader((export / "dirt.csv").open(encoding="utf-8"))}
    assert len(refused) >= len([f for f in faults.values() if f != "duplicate_row"])
    rows = list(csv.DictReader((export / "customers.csv").open(encoding="utf-8")))
    # A steward of Hangzhou loads Hangzhou's customers; the others' rows are refused with that reason.
    assert len(refused) >= sum(row["local_network"] != "3301" for row in rows)
    name = next(row["name"] for row in rows if row["customer_no"] not in faults and row["local_network"] == "3301")
    desk.open(f"/search?q={name}")
    expect(page.locator("main")).to_contain_text(name)
