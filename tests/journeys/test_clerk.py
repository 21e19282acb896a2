"""李敏 at the counter: finds a customer, reads all about her, changes, creates, is refused with reasons."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Desk, sign_in
from tests.plugins.site import Site

pytestmark = pytest.mark.journey
SitDown = Callable[..., Desk]


def test_a_wrong_password_is_refused(operator: Site, page: object) -> None:
    """The same words for a wrong password and a name that is not there; the form stays."""
    from playwright.sync_api import Page  # noqa: PLC0415 - Django is set up by then

    assert isinstance(page, Page)
    said = []
    for username in ("limin", "nobody-here"):
        sign_in(page, operator.url, username, "not-the-password")
        page.locator("[role=alert], .invalid-feedback, .alert").first.wait_for()
        assert "/sign-in" in page.url
        said.append(page.locator("[role=alert], .invalid-feedback, .alert").first.inner_text().strip())
    assert said[0] == said[1] != ""


def test_she_types_a_number_and_sees_the_customer(sit_down: SitDown) -> None:
    """From the search box to the whole customer: identity masked, lines, bills, the complaint of last week."""
    desk = sit_down("limin")
    desk.page.keyboard.press("/")
    desk.page.keyboard.type("13857100001")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url(re.compile(r"/search\?|/customers/"))
    if "/search" in desk.page.url:
        desk.found().first.click()
    expect(desk.page.locator("h1")).to_contain_text("王芳")
    desk.said("5G畅享129元套餐", "千兆宽带1000M", "4K超高清20元", "投诉宽带掉线未彻底解决", "3301************")
    body = desk.page.locator("main").inner_text()
    assert "13857100001" not in body.replace(" ", "")
    assert "330106198803122" not in body
    assert "文三路398号" not in body


@pytest.mark.parametrize("typed", ["王芳", "wangfang", "wf", "CU1900000001"])
def test_every_way_of_asking_finds_her(sit_down: SitDown, typed: str) -> None:
    """Name, pinyin, initials and number lead to the same customer."""
    desk = sit_down("limin")
    page = desk.open(f"/search?q={typed}")
    expect(page.locator("main")).to_contain_text("CU1900000001")


def test_she_reveals_one_value_for_a_purpose(sit_down: SitDown) -> None:
    """A masked phone is shown after a click, and the auditor reads who looked."""
    desk = sit_down("limin")
    page = desk.open("/search?q=13857100001")
    desk.found().first.click()
    page.wait_for_url(re.compile("/customers/"))
    customer = page.url.rsplit("/", 1)[1]
    form = page.locator("main form:has(input[name=kind][value=phone])").first
    form.locator("button").first.click()
    desk.confirm("核对来电号码")
    expect(page.locator("main")).to_contain_text(re.compile(r"138\s?5710\s?0001"))
    auditor = sit_down("linshan")
    auditor.open("/looks")
    expect(auditor.page.locator("main")).to_contain_text("limin")
    assert auditor.page.request.get(f"{auditor.url}/customers/{customer}").status in (403, 404)


def test_she_changes_an_occupation_and_the_history_tells(sit_down: SitDown) -> None:
    """A change is saved, shown, and stands in the history with before and after."""
    desk = sit_down("limin")
    page = desk.open("/search?q=13857100002")
    desk.found().first.click()
    page.wait_for_url(re.compile("/customers/"))
    address = page.url.removeprefix(desk.url)
    desk.open(f"{address}/edit/data")
    page.fill("[name=occupation]", "摄影师")
    desk.submit()
    page.wait_for_url(re.compile(r"/edit$"))
    expect(page.locator("main")).to_contain_text("摄影师")
    desk.open(f"{address}/history")
    expect(page.locator("main")).to_contain_text("摄影师")


def test_a_wrong_card_is_refused_with_every_reason(sit_down: SitDown) -> None:
    """Check digit and phone are both wrong: both are named at once, nothing is created, what was typed stays."""
    desk = sit_down("limin")
    page = desk.open("/customers/new")
    page.fill("[name=name]", "测试客户")
    page.fill("[name=number]", "330106198803122040")
    page.fill("[name=mobile]", "123")
    desk.submit()
    expect(page.locator("main")).to_contain_text("PTY-10")
    expect(page.locator("main")).to_contain_text("PTY-30")
    expect(page.locator("[name=name]")).to_have_value("测试客户")
    expect(page.locator("[name=mobile]")).to_have_value("123")
    assert page.url.endswith("/customers/new")
    desk.open("/search?q=测试客户")
    assert desk.found().count() == 0


def test_she_creates_a_customer_and_finds_him(sit_down: SitDown) -> None:
    """A new customer with a card: birthday and sex are read from it, the 360 opens, the search knows him at once."""
    desk = sit_down("limin")
    page = desk.open("/customers/new")
    page.fill("[name=name]", "欧阳明远")
    page.fill("[name=number]", "330106199502184315")
    page.fill("[name=mobile]", "13857199001")
    page.fill("[name=address]", "浙江省杭州市西湖区文三路398号万塘公寓1幢1单元101室")
    page.select_option("[name=consent_marketing]", index=2)
    desk.submit()
    page.wait_for_url(re.compile(r"/customers/[0-9a-f-]{36}"))
    expect(page.locator("h1")).to_contain_text("欧阳明远")
    desk.open("/search?q=ouyangmingyuan")
    expect(page.locator("main")).to_contain_text("欧阳明远")


def test_the_same_at_a_phones_width_and_in_english(sit_down: SitDown) -> None:
    """Narrow, dark and English: nothing runs out of the window, and no Chinese sentence is left in the frame."""
    desk = sit_down("limin", language="en-US", width=390, scheme="dark")
    for path in ("/", "/customers", "/search?q=13857100001", "/customers/new"):
        page = desk.open(path)
        wide = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 1, path
