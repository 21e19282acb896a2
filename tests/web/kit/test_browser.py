"""The frame in Chromium: keyboard, palette, dark mode, narrow screens, and axe on every page of the kit."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import ROOT
from tests.factories import staff
from tests.plugins.site import Site
from tongke.areas.staff import services
from tongke.kernel import clock

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PAGES = ("/", "/kit", "/kit/list", "/kit/form", "/notifications", "/nowhere")
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
TALL = {"width": 390, "height": 844}


@pytest.fixture
def desk(site: Site, context: BrowserContext, page: Page) -> Page:
    """A page of somebody who may see everything of the kit; any word in the console fails the test."""
    staff.tree()
    staff.role("tester", "staff.manage_roles", "party.view", "staff.view")
    person = staff.person("desk", org_id=1, roles=("tester",), locale="en")
    services.notify(staff_ids=[person.id], says="Saved", values={}, link="/kit", by=staff.TESTER, at=clock.now())
    context.add_cookies([{"name": settings.STAFF_COOKIE, "value": staff.session_key(person), "url": site.url}])
    page.complaints = complaints = []  # type: ignore[attr-defined]
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" and "/streams/" not in str(said.location) else None)
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.goto(site.url + "/kit/list")
    return page


def at_ease(page: Page) -> None:
    """No script failed and the content security policy stopped nothing."""
    assert page.complaints == []  # type: ignore[attr-defined]


def looks(page: Page, site: Site, *, language: str, theme: str) -> None:
    """Choose language and theme as the menu does."""
    token = next(c["value"] for c in page.context.cookies() if c["name"] == settings.CSRF_COOKIE_NAME)  # type: ignore[typeddict-item]  # every cookie has a name
    page.request.post(
        f"{site.url}/preferences", form={"language": language, "theme": theme, "csrfmiddlewaretoken": token},
        headers={"Referer": site.url}, max_redirects=0,
    )


def test_a_list_is_driven_by_keys_alone(desk: Page) -> None:
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("k")
    expect(desk.locator("tbody tr").first).to_be_focused()
    desk.keyboard.press("x")
    expect(desk.locator("[data-bulk]")).to_be_visible()
    expect(desk.locator("[data-bulk-count]")).to_have_text("1")
    desk.keyboard.press("]")
    expect(desk.locator(".tk-foot-count")).to_contain_text("51–100")
    expect(desk).to_have_url(re.compile("after="))
    desk.go_back()
    expect(desk.locator(".tk-foot-count")).to_contain_text("1–50")
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/kit?row=*")
    at_ease(desk)


def test_filters_change_the_list_and_the_address_without_a_reload(desk: Page) -> None:
    desk.evaluate("window.same = true")
    desk.select_option("[name=state]", "suspended")
    expect(desk.locator(".tk-chip").first).to_contain_text("Suspended")
    expect(desk).to_have_url(re.compile(r"/kit/list\?state=suspended$"))
    assert desk.evaluate("window.same") is True
    desk.locator(".tk-chip").first.click()
    expect(desk.locator(".tk-chip")).to_have_count(0)
    expect(desk).to_have_url(re.compile("/kit/list$"))
    desk.locator("[data-columns]").evaluate("menu => menu.querySelector('input[value=number]').click()")
    expect(desk.locator("thead")).to_contain_text("Number")
    at_ease(desk)


def test_a_dangerous_bulk_verb_asks_first(desk: Page) -> None:
    desk.locator("input[name=row]").first.check()
    desk.get_by_role("button", name="Close").last.click()
    dialog = desk.locator("[data-confirm-dialog]")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(desk.locator(".tk-note")).to_have_count(0)
    desk.locator("[data-bulk] .btn-danger").click()
    dialog.get_by_role("button", name="Confirm").click()
    expect(desk.locator(".tk-note")).to_contain_text("1 row done")
    at_ease(desk)


def test_palette_help_and_search_are_one_key_away(desk: Page) -> None:
    desk.keyboard.press("Control+k")
    expect(desk.locator("[data-palette]")).to_be_visible()
    desk.keyboard.type("style")
    expect(desk.locator(".tk-palette-found [role=option]").first).to_contain_text("Style page")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/kit")
    desk.keyboard.press("?")
    expect(desk.locator("[data-keys]")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator("[data-keys]")).to_be_hidden()
    desk.keyboard.press("/")
    expect(desk.locator("#search-box")).to_be_focused()
    desk.keyboard.press("Escape")
    desk.clock.set_fixed_time(clock.now())  # the second key counts only soon after the first, however long the browser takes
    desk.keyboard.press("g")
    desk.keyboard.press("h")
    desk.wait_for_url(re.compile(r":\d+/$"))
    at_ease(desk)


def test_a_form_warns_before_it_is_left_and_is_sent_by_keys(desk: Page, site: Site) -> None:
    desk.goto(site.url + "/kit/form")
    expect(desk.locator("#id_name")).to_be_focused()
    desk.keyboard.type("王")
    desk.on("dialog", lambda dialog: dialog.dismiss())
    with desk.expect_event("dialog") as asked:
        desk.evaluate("location.assign('/kit')")
    assert asked.value.type == "beforeunload"
    desk.select_option("#id_kind", "person")
    desk.fill("#id_phone", "138 5710 0001")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("[data-form-summary]")).to_be_focused()
    expect(desk.locator("#id_name")).to_have_attribute("aria-invalid", "true")
    desk.locator("[data-to-field=name]").click()
    expect(desk.locator("#id_name")).to_be_focused()
    desk.keyboard.type("芳")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".tk-toast")).to_contain_text("Saved")
    expect(desk).to_have_url(re.compile("/kit$"))


def test_what_was_typed_outlives_the_session(desk: Page, site: Site, context: BrowserContext) -> None:
    desk.goto(site.url + "/kit/form")
    desk.fill("#id_name", "王芳")
    desk.select_option("#id_kind", "person")
    desk.fill("#id_phone", "138 5710 0001")
    session = next(cookie for cookie in context.cookies() if cookie.get("name") == settings.STAFF_COOKIE)
    context.clear_cookies(name=settings.STAFF_COOKIE)
    desk.evaluate("() => { const now = performance.now.bind(performance); performance.now = () => now() + 600_000; }")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("[data-confirm-dialog]")).to_contain_text("Your session has ended")
    with context.expect_page() as opened:
        desk.get_by_role("button", name="Confirm").click()
    expect(opened.value).to_have_url(re.compile("/sign-in$"))
    expect(desk.locator("#id_name")).to_have_value("王芳")
    context.add_cookies([session])  # type: ignore[list-item]  # what the browser gave it takes
    desk.bring_to_front()
    desk.locator("#id_name").focus()
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".tk-toast")).to_contain_text("Saved")
    expect(desk).to_have_url(re.compile("/kit$"))


def test_masked_data_is_shown_for_a_purpose_only(desk: Page, site: Site) -> None:
    desk.goto(site.url + "/kit")
    desk.locator(".tk-reveal").first.click()
    reason = desk.locator("#confirm-reason")
    expect(reason).to_be_focused()
    desk.get_by_role("button", name="Confirm").click()
    expect(reason).to_be_visible()
    reason.fill("caller asked")
    with desk.expect_response("**/kit/reveal") as answer:
        desk.get_by_role("button", name="Confirm").click()
    assert answer.value.status == 200, answer.value.text()
    expect(desk.locator("[data-reveal-value]").first).to_have_text("138 5710 0001")
    at_ease(desk)


def test_charts_are_drawn_and_told_as_tables(desk: Page, site: Site) -> None:
    desk.goto(site.url + "/kit")
    expect(desk.locator("[data-chart-canvas] canvas")).to_have_count(4)
    desk.locator(".tk-chart-table summary").first.click()
    expect(desk.locator(".tk-chart-table table").first).to_contain_text("2026-01")
    at_ease(desk)


def test_the_theme_changes_at_once_and_stays(desk: Page, site: Site) -> None:
    before = desk.evaluate("getComputedStyle(document.body).backgroundColor")
    desk.locator(".tk-person").click()
    with desk.expect_response("**/preferences"):
        desk.locator("[data-theme-choice=dark]").click()
    expect(desk.locator("body")).not_to_have_css("background-color", before)
    after = desk.evaluate("getComputedStyle(document.body).backgroundColor")
    desk.reload()
    expect(desk.locator("body")).to_have_css("background-color", after)
    at_ease(desk)


def test_on_a_phone_nothing_is_wider_than_the_screen(desk: Page, site: Site) -> None:
    desk.set_viewport_size(TALL)  # type: ignore[arg-type]
    for address in PAGES:
        desk.goto(site.url + address)
        assert desk.evaluate("document.documentElement.scrollWidth") <= 390, address
    desk.goto(site.url + "/")
    desk.locator("[data-side-open]").click()
    expect(desk.locator("[data-side] a").nth(1)).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator("[data-side] a").nth(1)).not_to_be_in_viewport()


def findings(page: Page) -> list[str]:
    """What axe has to say about the page as it stands."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [f"{v['id']}: {n['html'][:120]} — {n['failureSummary'][:200]}" for v in found["violations"] for n in v["nodes"]]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_on_any_page_of_the_kit(desk: Page, site: Site, language: str) -> None:
    for theme in ("light", "dark"):
        looks(desk, site, language=language, theme=theme)
        for address in PAGES:
            desk.goto(site.url + address)
            assert desk.evaluate("document.documentElement.lang.toLowerCase()") == language
            assert findings(desk) == [], (address, theme)
        desk.goto(site.url + "/kit/list")
        desk.keyboard.press("Control+k")
        expect(desk.locator(".tk-palette-found [role=option]").first).to_be_visible()
        assert findings(desk) == [], ("palette", theme)
        desk.keyboard.press("Escape")
        for opener, opened in ((".tk-person", ".tk-person-menu"), ("[data-filters-open]", ".tk-filter-menu")):
            desk.locator(opener).click()
            expect(desk.locator(opened)).to_be_visible()
            assert findings(desk) == [], (opened, theme)
            desk.keyboard.press("Escape")
