"""The number desk opens a pool, a clerk finds a number by its pattern and holds it by keyboard, and nobody else can."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Desk

pytestmark = pytest.mark.journey
SitDown = Callable[..., Desk]
FIRST, LAST = "13857105800", "13857105899"


def test_the_desk_opens_a_pool_and_one_clerk_holds_a_number(sit_down: SitDown) -> None:
    """许亮 opens a pool and moves numbers into it; 李敏 holds one with H; 孙丽 sees it held and cannot have it."""
    desk = sit_down("xuliang")
    page = desk.open("/numbers")
    expect(page.locator(".tk-gauge").first).to_be_visible()
    page.locator("main a", has_text="开设号池").first.click()
    page.fill("[name=code]", "JOURNEY")
    page.fill("[name=name_zh]", "旅程号池")
    desk.submit("开设")
    page.wait_for_url(re.compile(r"/numbers/pools/[0-9a-f-]{36}$"))
    page.locator("main a", has_text="调入号码").click()
    page.fill("[name=first]", FIRST)
    page.fill("[name=last]", LAST)
    desk.submit("划入")
    page.wait_for_url(re.compile(r"/numbers/pools/[0-9a-f-]{36}$"))
    desk.said("138 5710 5800 – 138 5710 5899")
    pool = page.url.rpartition("/")[2]

    clerk = sit_down("limin")
    found = clerk.open(f"/numbers/find?pool={pool}")
    found.fill("#id_q", "138571058**")
    found.keyboard.press("Enter")
    found.wait_for_url(re.compile("q=138"))
    found.reload()  # leaving the field asks once more a moment later: what the keys go to must stay
    row = found.locator("tr[data-number]").first
    expect(row.locator("b").first).to_be_visible()
    number = row.get_attribute("data-number") or ""
    assert number.startswith("+8613857105"), number
    found.keyboard.press("ArrowDown")
    found.keyboard.press("h")
    expect(found.locator(f"tr[data-number-held='{number}']")).to_be_visible()
    expect(found.locator("#mine [data-until]").first).to_have_text(re.compile(r"\d+:\d\d"))

    other = sit_down("sunli")
    seen = other.open(f"/numbers/find?q={number[3:]}")
    expect(seen.locator("#found .tk-note")).to_contain_text("已预占")
    expect(seen.locator(f"tr[data-number='{number}']")).to_have_count(0)
    seen.locator("#found .tk-note a").first.click()
    expect(seen.locator("h1")).to_contain_text(number[-4:])
    expect(seen.locator("main form[action='/numbers/hold']")).to_have_count(0)
    taken = seen.evaluate("""async (number) => {
      const token = document.cookie.match(/tongke_csrf=([^;]+)/)?.[1] || document.body.dataset.csrf;
      const body = new URLSearchParams({number});
      return (await fetch('/numbers/hold', {method: 'POST', body, headers: {'X-CSRFToken': token, Accept: 'application/json'}})).status;
    }""", number)
    assert taken == 409

    mine = found.locator("#mine li").filter(has_text=re.compile(rf"{number[-8:-4]}\s?{number[-4:]}"))  # she may hold others, too
    mine.locator("button", has_text="释放").click()
    expect(mine).to_have_count(0)
