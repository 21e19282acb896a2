"""The pages that show the Open APIs: readable, in both languages, and usable as the person who is signed in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import ROOT
from tests.factories import party, staff
from tests.plugins.site import Site
from tongke.tmf.kit.registry import all_apis
from tongke.web.integration.apis import refusals

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PATIENCE_MS = 90_000
CUSTOMERS = "/developers/apis/customerManagement/v4"


@pytest.mark.django_db
def test_every_code_of_a_refusal_stands_once_in_both_languages() -> None:
    answer = Client().get("/developers/errors", headers={"Accept-Language": "en"})
    page = answer.content.decode()
    codes = re.findall(r'class="tk-dev-code" id="([^"]+)"', page)
    assert {"TMF-01", "TMF-14", "GEN-04", "SEC-01", "PTY-01"} <= set(codes)
    assert len(codes) == len(set(codes)) == len(refusals(other="en"))
    assert "has no attribute" in page and "没有属性" in page  # noqa: PT018 - one sentence in two languages
    assert "{from: ours}" in page
    assert "{{" not in page


@pytest.mark.django_db
def test_pages_need_the_permission_and_errors_do_not() -> None:
    clerk = staff.signed_in_at(330101, "clerk")
    assert [clerk.get(address).status_code for address in ("/developers", CUSTOMERS, "/developers/errors")] == [403, 403, 200]
    assert Client().get("/developers").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/developers/apis/..%2fx/v4", "/developers/apis/x%22y/v4", "/developers/apis/customerManagement/v4%3Cb"])
def test_an_odd_address_of_an_api_is_not_found(address: str) -> None:
    assert staff.signed_in_at(1, "administrator").get(address).status_code == 404


@pytest.fixture
def desk(site: Site, context: BrowserContext, page: Page) -> Iterator[Page]:
    """A page of an integrator of the house, in English; any word in the console fails the test."""
    staff.tree()
    staff.role("tester", "integration.view", "integration.documents", "party.view")
    party.customer("王芳")
    person = staff.person("tester", org_id=3301, roles=("tester",), locale="en")
    context.add_cookies([{"name": settings.STAFF_COOKIE, "value": staff.session_key(person), "url": site.url}])
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" and "/streams/" not in str(said.location) else None)
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    yield page
    assert complaints == []


def picture(page: Page, name: str) -> None:
    """Keep a picture where one is asked for."""
    folder = os.environ.get("TONGKE_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def looks(page: Page, site: Site, *, language: str, theme: str) -> None:
    """Choose language and theme as the menu does."""
    token = next(c["value"] for c in page.context.cookies() if c["name"] == settings.CSRF_COOKIE_NAME)  # type: ignore[typeddict-item]  # every cookie has a name
    page.request.post(f"{site.url}/preferences", form={"language": language, "theme": theme, "csrfmiddlewaretoken": token},
                      headers={"Referer": site.url}, max_redirects=0)


def at_ease(page: Page) -> list[Any]:
    """Return what axe finds wrong in the house's own part of the page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[Any] = page.evaluate("rules => axe.run({exclude: [['.swagger-ui']]}, rules).then(r => r.violations.map(v => [v.id, v.nodes[0].html]))", RULES)
    return found


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_the_list_leads_to_an_api_that_is_tried_as_oneself(desk: Page, site: Site) -> None:
    desk.goto(f"{site.url}/developers")
    expect(desk.locator(".tk-dev-api")).to_have_count(len(all_apis()), timeout=PATIENCE_MS)
    picture(desk, "list-en")
    desk.get_by_role("link", name="Customer Management").first.click()
    desk.wait_for_url("**/developers/apis/**")
    if not desk.url.endswith(CUSTOMERS):
        desk.goto(f"{site.url}{CUSTOMERS}")
    operation = desk.locator("#operations-customer-listCustomer")
    operation.locator(".opblock-summary-control").click()
    picture(desk, "viewer-en")
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table .response-col_status").last).to_contain_text("200", timeout=PATIENCE_MS)
    expect(operation.locator(".live-responses-table")).to_contain_text("x-total-count: 1")
    picture(desk, "tried-en")


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_pages_are_read_in_chinese_light_and_dark_wide_and_narrow(desk: Page, site: Site, theme: str, width: int) -> None:
    desk.goto(f"{site.url}/developers")
    looks(desk, site, language="zh-hans", theme=theme)
    desk.set_viewport_size({"width": width, "height": 900})
    for name, address, mark in (("list", "/developers", ".tk-dev-api"), ("errors", "/developers/errors", ".tk-dev-code"), ("api", CUSTOMERS, ".opblock")):
        desk.goto(site.url + address)
        expect(desk.locator(mark).first).to_be_visible(timeout=PATIENCE_MS)
        assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), f"{name} is wider than the screen"
        assert at_ease(desk) == []
        picture(desk, f"{name}-zh-{theme}-{width}")
    desk.locator("#operations-customer-listCustomer .opblock-summary-control").click()
    expect(desk.get_by_role("button", name="试一试").first).to_be_visible(timeout=PATIENCE_MS)
    picture(desk, f"operation-zh-{theme}-{width}")
