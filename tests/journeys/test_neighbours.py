"""What lies outside one's own network, post or right does not exist."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Desk

pytestmark = pytest.mark.journey
SitDown = Callable[..., Desk]


def customer_address(desk: Desk, number: str) -> str:
    """Return the path of the customer who has the phone ``number``, as ``desk`` finds them."""
    desk.open(f"/search?q={number}")
    found = desk.found().first.get_attribute("href")
    assert found is not None
    return found


@pytest.mark.parametrize("stranger", ["zhaolei", "qiankun"])
def test_another_network_finds_nothing(sit_down: SitDown, stranger: str) -> None:
    """Neither search nor the address of the page nor its JSON tells a clerk of Ningbo or Nanjing about 王芳."""
    path = customer_address(sit_down("limin"), "13857100001")
    desk = sit_down(stranger)
    page = desk.open("/search?q=13857100001")
    assert desk.found().count() == 0
    for address in (path, f"{path}/edit", f"{path}/history", f"/api{path}", f"/api{path}/360"):
        answer = page.request.get(f"{desk.url}{address}")
        assert answer.status == 404, address
        assert "王芳" not in answer.text()


def test_the_blacklisted_is_marked_in_ningbo(sit_down: SitDown) -> None:
    """赵磊 sees at once that 刘洋 is on the blacklist."""
    desk = sit_down("zhaolei")
    page = desk.open(customer_address(desk, "13857400001"))
    expect(page.locator("h1")).to_contain_text("刘洋")
    expect(page.locator("main")).to_contain_text("黑名单")
    page = desk.open("/blacklist")
    expect(page.locator("main a[href^='/blacklist/']").first).to_be_attached()


def test_the_account_manager_sees_only_his_own(sit_down: SitDown) -> None:
    """陈强 has his companies and the tree of 蓝海; 王芳 is not there for him."""
    desk = sit_down("chenqiang")
    page = desk.open("/customers")
    expect(page.locator("main")).to_contain_text("浙江蓝海贸易有限公司")
    assert "王芳" not in page.locator("main").inner_text()
    desk.open("/search?q=13857100001")
    assert desk.found().count() == 0


def test_the_analyst_reads_figures(sit_down: SitDown) -> None:
    """郑楠 sees the figures of the province and reaches the rows behind one."""
    desk = sit_down("zhengnan")
    page = desk.open("/statistics")
    expect(page.locator("main")).to_contain_text(re.compile(r"\d"))
    expect(page.locator("main a[href]").nth(3)).to_be_attached()


def test_the_agent_serves_at_the_hotline(sit_down: SitDown) -> None:
    """周洁 sees phones unmasked, and may not merge or administer."""
    desk = sit_down("zhoujie")
    path = customer_address(desk, "13857100001")
    page = desk.open(path)
    expect(page.locator("main")).to_contain_text(re.compile(r"138\s?5710\s?0001"))
    for closed in ("/duplicates", "/audit", "/admin/policy"):
        assert page.request.get(f"{desk.url}{closed}").status == 403, closed
