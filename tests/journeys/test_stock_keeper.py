"""A day of 唐蕾, the stock keeper, and what 李敏 is told at the counter."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.conftest import Desk


def test_a_card_goes_missing_on_its_way(sit_down: Callable[..., Desk]) -> None:
    """唐蕾 sends three cards, the hall finds one missing, 孙丽 writes it off."""
    keeper = sit_down("tanglei")
    page = keeper.open("/stock")
    page.locator("main a[href^='/stock/transfers/new']").first.click()
    page.select_option("[name=from_place_id]", label="杭州中心库房")
    page.select_option("[name=to_place_id]", label="杭州营业厅库")
    page.select_option("[name=model_code]", "SIM-3IN1")
    page.fill("[name=quantity]", "3")
    keeper.submit()
    page.wait_for_url("**/stock/transfers/0*")
    address = page.url.removeprefix(keeper.url)

    clerk = sit_down("limin")
    page = clerk.open(address)
    serials = page.locator("input[name=serial]").evaluate_all("boxes => boxes.map(box => box.value)")
    assert len(serials) == 3
    for serial in serials[:2]:
        page.fill("[data-scan-field]", serial)
        page.keyboard.press("Enter")
    expect(page.locator("input[name=serial]:checked")).to_have_count(2)
    clerk.submit()
    clerk.said("收货有差异")

    boss = sit_down("sunli")
    page = boss.open(address)
    boss.said(serials[2])
    page.fill("main [name=reason]", "箱内未见")
    boss.submit()
    page.wait_for_function("() => !document.querySelector('main [name=reason]')")
    expect(boss.open("/stock/items?serial=" + serials[2]).locator("main")).to_contain_text("已丢失")


def test_the_clerk_asks_what_can_be_sold(sit_down: Callable[..., Desk]) -> None:
    """李敏 types an address, sees the way from the exchange, and keeps a port for an enquiry."""
    clerk = sit_down("limin")
    page = clerk.open("/coverage")
    page.fill("main [name=q]", "文三路398号万塘公寓3幢2单元1502室")
    page.locator("form.tk-ask button[type=submit]").click()
    clerk.said("这里可以销售", "文三路端局", "OLT", "分光器", "分纤箱")
    expect(page.locator(".tk-way-node").nth(4)).to_be_attached()
    page.locator(".tk-reserve summary").first.click()
    page.locator("main [name=order_ref]").first.fill("咨询-1502")
    page.locator(".tk-reserve-form button").first.click()
    clerk.said("咨询-1502 已占用")
