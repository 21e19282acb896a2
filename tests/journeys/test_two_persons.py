"""What takes two: a merge that can be undone, a rating by hand, a grant of rights."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Desk

pytestmark = pytest.mark.journey
SitDown = Callable[..., Desk]


def test_the_steward_merges_and_separates(sit_down: SitDown) -> None:
    """吴静 merges the two 张伟, finds one, separates them again and finds two."""
    desk = sit_down("wujing")
    page = desk.open("/duplicates")
    page.locator("main a", has_text="张 伟").first.click()
    page.wait_for_selector("[name=survivor]")
    page.fill("[name=reason]", "柜台出示同一身份证")
    desk.submit("合并")
    page.wait_for_url(re.compile(r"/merges/"))
    merge = page.url.removeprefix(desk.url)
    desk.open("/search?q=13857100002")
    expect(page.locator("main")).to_contain_text("CU2000000002")
    assert "CU2400000003" not in page.locator("main").inner_text()
    desk.open(merge)
    page.fill("[name=reason]", "客户说明：是父子二人")
    desk.submit("拆分")
    desk.confirm()
    expect(page.locator("main")).to_contain_text("客户说明：是父子二人")
    desk.open("/search?q=13857100002")
    expect(page.locator("main")).to_contain_text("CU2000000002")
    expect(page.locator("main")).to_contain_text("CU2400000003")


def test_a_rating_by_hand_takes_two(sit_down: SitDown) -> None:
    """陈强 asked for a higher limit; he cannot approve it, 孙丽 can, and then he puts it in force."""
    asked = sit_down("chenqiang")
    page = asked.open("/approvals")
    page.locator("main a", has_text="CU1800000004").first.click()
    page.wait_for_url(re.compile(r"/approvals/"))
    assert page.locator("main button[value=approve]").count() == 0
    address = page.url.removeprefix(asked.url)
    supervisor = sit_down("sunli")
    decided = supervisor.open(address)
    decided.fill("[name=note]", "已核实合同")
    decided.click("main button[value=approve]")
    decided.wait_for_url(re.compile(r"/approvals$"))
    supervisor.open(address)
    expect(decided.locator("main")).to_contain_text("已核实合同")
    assert decided.locator("main button[value=approve]").count() == 0
    customers = asked.open("/customers")
    path = customers.locator("main a", has_text="浙江蓝海贸易有限公司").first.get_attribute("href")
    asked.open(f"{path}/credit")
    page.locator("main form[action*='/credit/override/'] button").first.click()
    expect(page.locator("main")).to_contain_text(re.compile(r"20,?000"))
    asked.open(str(path))
    expect(page.locator("main")).to_contain_text(re.compile(r"20,?000"))


def test_a_sensitive_grant_takes_the_second_administrator(sit_down: SitDown) -> None:
    """何伟 gives 郑楠 a sensitive post: nothing happens until 马骁 approves, then 郑楠 has two posts."""
    first = sit_down("hewei")
    page = first.open("/admin/staff")
    page.locator("main a", has_text="zhengnan").first.click()
    page.wait_for_url(re.compile(r"/admin/staff/[0-9a-f-]{36}"))
    person = page.url.removeprefix(first.url)
    first.open(f"{person}/posts/new")
    page.select_option("[name=org_id]", "3301")
    page.fill("[name=title]", "代理数据管理员")
    page.check("[name=roles][value=steward]")
    page.fill("[name=reason]", "吴静休假")
    first.submit()
    page.wait_for_url(lambda address: "/posts/new" not in address)
    first.open(person)
    assert "代理数据管理员" not in page.locator("main table, main .card").first.inner_text()
    second = sit_down("maxiao")
    inbox = second.open("/approvals")
    inbox.locator("main a", has_text="zhengnan").first.click()
    inbox.wait_for_url(re.compile(r"/approvals/"))
    inbox.click("main button[value=approve]")
    inbox.wait_for_function("() => !document.querySelector('main button[value=approve]')")
    second.open(person)
    expect(inbox.locator("main")).to_contain_text("代理数据管理员")


def test_the_auditor_reads_what_was_done(sit_down: SitDown) -> None:
    """林珊 reads the trail; she sees no customer and changes nothing."""
    desk = sit_down("linshan")
    page = desk.open("/audit")
    assert page.locator("main a[href^='/audit/']").count() > 0
    page.locator("main a[href^='/audit/']").first.click()
    page.wait_for_url(re.compile(r"/audit/"))
    assert page.request.get(f"{desk.url}/customers/new").status == 403
