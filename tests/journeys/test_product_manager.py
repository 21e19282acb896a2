"""沈悦 launches a new broadband offer: drafted, priced, tried against 王芳, approved by 高峰, sold; then its next version is compared."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ROOT
from tests.journeys.conftest import Desk
from tests.journeys.screenshots import choose_language
from tests.web.kit.test_browser import RULES

pytestmark = pytest.mark.journey
SitDown = Callable[..., Desk]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SPOKEN = (
    "/catalogue", "/catalogue/specifications", "/catalogue/specifications/of/PS-MOBILE", "/catalogue/promotions", "/catalogue/price-lists", "/catalogue/rules",
    "/catalogue/discounts", "/catalogue/categories", "/catalogue/offers/M59", "/catalogue/offers/H169", "/admin/roles",
)
PAGES = ("/", "/catalogue", "/catalogue/offers/B1000", "/catalogue/specifications", "/catalogue/specifications/of/PS-BROADBAND", "/catalogue/promotions", "/catalogue/price-lists",
         "/catalogue/taxes", "/catalogue/discounts", "/catalogue/file", "/catalogue/migrations", "/catalogue/offerings/new", "/catalogue/promotions/new", "/catalogue/prices/try",
         "/catalogue/categories", "/catalogue/rules", "/catalogue/rules/new", "/catalogue/rules/new/requires", "/catalogue/rules/try")


def price(desk: Desk, draft: str, code: str, name: str, amount: str, *, kind: str = "") -> None:
    """Add a price to the draft on its page."""
    page = desk.open(f"{draft}/prices/new")
    if kind:
        page.select_option("[name=kind]", kind)
        expect(page.locator("[data-field=period]")).to_be_hidden()
    page.fill("[name=code]", code)
    page.fill("[name=name_zh]", name)
    page.fill("[name=name_en]", code)
    page.fill("[name=amount]", amount)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/prices$"))


def begun(desk: Desk, code: str) -> str:
    """Begin a broadband offer; returns the draft's path."""
    page = desk.open("/catalogue/offerings/new")
    page.fill("[name=code]", code)
    page.select_option("[name=kind]", "broadband")
    page.fill("[name=name_zh]", "校园千兆宽带")
    page.fill("[name=name_en]", "Campus gigabit")
    desk.submit()
    page.wait_for_url(re.compile(r"/catalogue/drafts/"))
    return page.url.removeprefix(desk.url)


def act(desk: Desk, deed: str, reason: str = "") -> None:
    """Press a button of the version's life and answer what it asks."""
    page = desk.page
    page.locator(f"form[action$='/{deed}'] button").click()
    if reason:
        desk.confirm(reason)
    page.wait_for_load_state("load")


def test_she_launches_an_offer_with_a_second_person(sit_down: SitDown) -> None:
    """Draft, prices, what is missing, the trial against a real customer, approval, launch, and the next version side by side."""
    desk = sit_down("shenyue")
    draft = begun(desk, "WB-CAMPUS")
    page = desk.page
    expect(page.locator("main")).to_contain_text("CAT-24")
    price(desk, draft, "monthly", "月费", "89")
    price(desk, draft, "install", "安装费", "100", kind="one_off")
    page = desk.open(f"{draft}/sections/terms")
    page.click("[data-row-add]")
    page.fill("[name=rows-0-code]", "T12")
    page.fill("[name=rows-0-name_zh]", "一年合约")
    page.fill("[name=rows-0-name_en]", "One year")
    page.fill("[name=rows-0-months]", "12")
    page.select_option("[name=rows-0-penalty_kind]", "remaining_months")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-form-summary]")).to_contain_text("CAT-28")
    expect(page.locator("[name=rows-0-name_zh]")).to_have_value("一年合约")
    page.fill("[name=rows-0-penalty_percent]", "30")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(draft + "$"))
    assert "CAT-24" not in page.locator("main").inner_text()
    version = draft.rsplit("/", 1)[1]
    page = desk.open(f"/catalogue/prices/try?offering={version}")
    page.fill("[name=customer]", "13857100001")
    page.locator(".tk-try-form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("CU1900000001")
    expect(page.locator("main")).to_contain_text("¥89.00")
    expect(page.locator("main")).to_contain_text("CAT-100")
    expect(page.locator(".tk-chart-canvas canvas").first).to_be_visible()
    page.locator("a[href*='/catalogue/advice/']").first.click()
    expect(page.locator("main table").first).to_be_attached()
    desk.open(f"/catalogue/offerings/{version}")
    act(desk, "test")
    assert page.locator("form[action$='/approve']").count() == 0
    act(desk, "ask", "校园市场新品")
    expect(page.locator("main")).to_contain_text("校园市场新品")
    head = sit_down("gaofeng")
    inbox = head.open("/approvals")
    inbox.locator("main a", has_text="WB-CAMPUS").first.click()
    inbox.click("main button[value=approve]")
    inbox.wait_for_url(re.compile(r"/approvals$"))
    launching = head.open(f"/catalogue/versions/offerings/{version}/launch/when")
    head.submit()
    launching.wait_for_url(re.compile(r"/catalogue/offerings/"))
    shown = desk.open("/catalogue?q=WB-CAMPUS")
    expect(shown.locator("tbody")).to_contain_text("在售")
    desk.open(f"/catalogue/offerings/{version}")
    page.locator("form[action$='/next'] button").click()
    page.wait_for_url(re.compile(r"/catalogue/drafts/"))
    following = page.url.rsplit("/", 1)[1]
    page = desk.open(f"/catalogue/drafts/{following}/prices/0")
    page.fill("[name=amount]", "79")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/prices$"))
    page = desk.open(f"/catalogue/compare/{version}/{following}")
    expect(page.locator("del").first).to_contain_text("89")
    expect(page.locator("ins").first).to_contain_text("79")


# Axe compares a link in a line with the words beside it only where neither is broken into two: how long ago something was decides that.
ALIKE = """() => [...document.querySelectorAll('.tk-line-main a')].filter(link => {
  const [own, around] = [getComputedStyle(link), getComputedStyle(link.parentElement)];
  return own.fontWeight === around.fontWeight && own.textDecorationLine === around.textDecorationLine; }).map(link => link.textContent)"""


def findings(page: Page) -> list[str]:
    """What axe has to say about the page as it stands."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [f"{v['id']}: {n['html'][:140]}" for v in found["violations"] for n in v["nodes"]]


@pytest.mark.parametrize(("language", "scheme", "width"), [("zh-CN", "light", 1280), ("en-US", "dark", 390)])
def test_everybody_can_use_the_pages(sit_down: SitDown, language: str, scheme: str, width: int) -> None:
    """Axe finds nothing, and nothing runs out of the window, wide and light or narrow and dark."""
    desk = sit_down("shenyue", language=language, scheme=scheme, width=width)
    said = []
    for path in PAGES:
        page = desk.open(path)
        wide = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        said += [f"{path}: a link like the words beside it: {words}" for words in page.evaluate(ALIKE)]
        said += [f"{path}: {one}" for one in findings(page)] + ([f"{path}: {wide} px too wide"] if wide > 1 else [])
    assert said == []


# What a page says beside codes: the text of every element that is no code, no quiet second line and no picture.
SAID = """() => { const out = []; const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) { const at = walk.currentNode.parentElement;
    if (at.offsetParent && !at.closest('script, code, .tk-code, .tk-sub, [lang]:not(html)')) out.push(walk.currentNode.nodeValue.trim()); }
  return out.filter(Boolean); }"""
HAN, CODE = re.compile("[\u4e00-\u9fff]"), re.compile(r"\b[a-z]+_[a-z]+|\b(None|True|False|undefined|NaN)$")


def test_english_pages_are_english(sit_down: SitDown) -> None:
    """No Chinese word and no code of ours stands on the pages of the catalogue, nor in their frame, when they are read in English."""
    desk = sit_down("maxiao", language="en-US")
    choose_language(desk.page, desk.url, "en")
    try:
        said = [f"{path}: {words}" for path in SPOKEN for words in desk.open(path).evaluate(SAID) if HAN.search(words) or CODE.search(words)]
    finally:
        choose_language(desk.page, desk.url, "zh-hans")
    assert said == []


def test_the_list_is_driven_by_keys(sit_down: SitDown) -> None:
    """J goes down, Enter opens the offer."""
    desk = sit_down("shenyue")
    page = desk.open("/catalogue?kind=broadband")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/catalogue/offerings/"))
    expect(page.locator(".tk-steps [aria-current=step]")).to_be_visible()
