"""The steward merges two records by keyboard alone, opens the one customer and separates the two again."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.conftest import Desk


def test_steward_merges_by_keyboard_and_separates(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("wujing")
    page = desk.open("/duplicates")
    page.get_by_role("link", name="张 伟", exact=True).first.click()
    page.wait_for_url(re.compile(r"/duplicates/[0-9a-f-]+$"))
    page.keyboard.press("2")
    expect(page.locator("input[name=survivor]").nth(1)).to_be_checked()
    page.keyboard.press("1")
    expect(page.locator("input[name=field_name]").first).to_be_checked()
    page.keyboard.press("r")
    page.keyboard.type("柜台出示同一身份证")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/merges/[0-9a-f-]+$"))
    desk.said("柜台出示同一身份证")
    page.fill("#id_reason", "看错了，是两个人")
    page.locator("main button.btn-danger").click()
    page.locator("[data-confirm-yes]").click()
    desk.said("看错了，是两个人")
    expect(page.locator("main button.btn-danger")).to_have_count(0)
    desk.open("/duplicates")
    expect(page.get_by_role("link", name="张 伟", exact=True)).to_have_count(1)
