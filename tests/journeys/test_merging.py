"""The steward merges two records by keyboard alone, opens the one customer and separates the two again."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.journeys.conftest import Desk


def test_steward_merges_by_keyboard_and_separates(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down("wujing")
    page = desk.open("/duplicates")
    page.get_by_role("link", name="张 伟", exact=True).first.click()
    page.wait_for_url(re.compile(r"/duplicates/[0-9a-f-]+$"))
    page.keyboard.press("2")
    assert page.locator("input[name=survivor]").nth(1).is_checked()
    page.keyboard.press("1")
    assert page.locator("input[name=field_name]").first.is_checked()
    page.keyboard.press("r")
    page.keyboard.type("柜台出示同一身份证")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/merges/[0-9a-f-]+$"))
    desk.said("柜台出示同一身份证")
    page.fill("#id_reason", "看错了，是两个人")
    page.locator("main button.btn-danger").click()
    page.locator("[data-confirm-yes]").click()
    desk.said("看错了，是两个人")
    assert page.locator("main button.btn-danger").count() == 0
    desk.open("/duplicates")
    assert page.get_by_role("link", name="张 伟", exact=True).count() == 1
