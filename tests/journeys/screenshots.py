"""Takes the pictures of docs/tour.md from the running demo operator: ``make up`` in one window, ``make screenshots`` in another.

Pictures are written to docs/images, with 256 colours to keep the repository small. What the pictures show is
looked up by the stories of the demo (names and numbers), never by keys, so that they can be taken from any fresh demo.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tests.conftest import ROOT
from tests.plugins.browser import FLAGS, chromium
from tongke.simulator.demo_staff import PASSWORD
from tongke.simulator.files import write_files

IMAGES = ROOT / "docs" / "images"
BYTES_MAX = 200_000
WANG_FANG, BLUE_SEA = "13857100001", "浙江蓝海贸易"
GARDEN, FULL = "绿城花园3幢1单元402", "满格公寓1幢1单元101"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: whose eyes, which language and light, how wide, and how to get there."""

    name: str
    who: str
    go: Callable[[Page, str], None]
    language: str = "zh-hans"
    scheme: str = "light"
    width: int = 1440
    height: int = 900


def at(path: str) -> Callable[[Page, str], None]:
    """Return the way to a fixed address."""

    def go(page: Page, url: str) -> None:
        page.goto(url + path)

    return go


def found(page: Page) -> Locator:
    """Return the links to customers on the page."""
    return page.locator("main a[href^='/customers/0']")


def customer(asked: str, part: str = "") -> Callable[[Page, str], None]:
    """Return the way to a page of the customer that a search for ``asked`` finds first."""

    def go(page: Page, url: str) -> None:
        page.goto(f"{url}/search?q={asked}")
        page.goto(f"{url}{found(page).first.get_attribute('href')}{part}")

    return go


def type_search(page: Page, url: str) -> None:
    """Type the beginning of a name into the search box."""
    page.goto(url)
    page.keyboard.press("/")
    page.keyboard.type("wangfang", delay=40)
    page.locator("#search-found a, #search-found [role=option]").first.wait_for()


def open_apis(page: Page, url: str) -> None:
    """Wait until every Open API is described."""
    page.goto(f"{url}/developers")
    page.locator("main code", has_text="partyRole").first.wait_for()


def refused(page: Page, url: str) -> None:
    """Fill the form for a new customer with what cannot be."""
    page.goto(f"{url}/customers/new")
    page.fill("[name=name]", "王小明")
    page.fill("[name=number]", "330106198803122040")
    page.fill("[name=mobile]", "123")
    page.locator("main button[type=submit]").first.click()
    page.get_by_text("PTY-10").first.wait_for()
    page.evaluate("window.scrollTo(0, 0)")


def pair(page: Page, url: str) -> None:
    """Open the two records of 张伟 side by side."""
    page.goto(f"{url}/duplicates")
    page.locator("main a", has_text="张 伟").first.click()
    page.locator("[name=survivor]").first.wait_for()


def approval(subject: str) -> Callable[[Page, str], None]:
    """Return the way to the request about ``subject``."""

    def go(page: Page, url: str) -> None:
        page.goto(f"{url}/approvals")
        page.locator("main a", has_text=subject).first.click()
        page.locator("main h1").wait_for()

    return go


def tried(page: Page, url: str) -> None:
    """Try the offer that waits for approval on 王芳."""
    page.goto(f"{url}/catalogue/offers/M79-ZJ")
    page.goto(f"{url}/catalogue/prices/try?offering={page.url.rsplit('/', 1)[1]}")
    page.fill("[name=customer]", WANG_FANG)
    page.locator(".tk-try-form button[type=submit]").click()
    page.get_by_text("CU1900000001").first.wait_for()
    page.locator(".tk-chart-canvas canvas").first.wait_for()
    page.evaluate("window.scrollTo(0, 0)")


def advised(page: Page, url: str) -> None:
    """Compare every plan on the usage of 王芳's line."""
    tried(page, url)
    page.locator("a[href*='/catalogue/advice/']").first.click()
    page.locator("main table").first.wait_for(state="attached")


def rules_tried(page: Page, url: str) -> None:
    """Judge every broadband offer for 王芳 where every box is full."""
    page.goto(f"{url}/catalogue/rules/try")
    page.fill("[name=customer]", WANG_FANG)
    page.select_option("[name=kind]", "broadband")
    page.fill("[name=address]", FULL)
    page.locator("main form button[type=submit]").last.click()
    page.get_by_text("CAT-").first.wait_for()
    page.evaluate("window.scrollTo(0, 0)")


def compared(page: Page, url: str) -> None:
    """Begin the next version of an offer, at another price, and hold it against the one on sale. Leaves a draft behind."""
    page.goto(f"{url}/catalogue/offers/M69-ZJ")
    before = page.url.rsplit("/", 1)[1]
    page.locator("form[action$='/next'] button").first.click()
    page.wait_for_url("**/catalogue/drafts/**")
    after = page.url.rsplit("/", 1)[1]
    page.goto(f"{url}/catalogue/drafts/{after}/prices/0")
    page.fill("[name=amount]", "65")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/prices")
    page.goto(f"{url}/catalogue/compare/{before}/{after}")


def pool(page: Page, url: str) -> None:
    """Open the pool that runs dry."""
    page.goto(f"{url}/numbers")
    way = page.locator("main a[href^='/numbers/pools/0']").first.get_attribute("href")
    page.goto(f"{url}{way}")


def preview(page: Page, url: str) -> None:
    """Upload an operator's export with faulty rows and look at what would be loaded."""
    page.goto(f"{url}/imports/new")
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "export"
        write_files(export, customers=300, months=1, seed=11, dirt=True)
        page.set_input_files("main [type=file]:not([name=own_mapping])", [
            str(export / f"{name}.csv") for name in ("customers", "accounts", "lines", "bills", "payments", "contacts")])
        page.set_input_files("[name=own_mapping]", str(ROOT / "mappings" / "simulator.toml"))
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url("**/imports/uploads/**")


SHOTS = (
    Shot("sign-in", "", at("/sign-in"), height=720),
    Shot("clerk-home", "limin", at("/")),
    Shot("clerk-search", "limin", type_search, height=640),
    Shot("customer-360", "limin", customer(WANG_FANG), height=1300),
    Shot("customer-360-dark-en", "limin", customer(WANG_FANG), language="en", scheme="dark", height=1300),
    Shot("customer-360-phone", "limin", customer(WANG_FANG), width=390, height=844),
    Shot("customer-refused", "limin", refused),
    Shot("customer-record", "limin", customer(WANG_FANG, "/edit")),
    Shot("agent-customer", "zhoujie", customer("13857100088"), language="en"),
    Shot("manager-customers", "chenqiang", at("/customers")),
    Shot("manager-tree", "chenqiang", customer(BLUE_SEA, "/tree"), scheme="dark"),
    Shot("steward-duplicates", "wujing", at("/duplicates"), height=720),
    Shot("steward-pair", "wujing", pair),
    Shot("steward-repair", "wujing", at("/repair"), scheme="dark"),
    Shot("steward-import", "wujing", preview),
    Shot("supervisor-home", "sunli", at("/")),
    Shot("supervisor-approval", "sunli", approval("CU1800000004"), height=720),
    Shot("analyst-statistics", "zhengnan", at("/statistics"), language="en", height=1200),
    Shot("administrator-roles", "hewei", at("/admin/roles"), language="en"),
    Shot("administrator-open-apis", "hewei", open_apis),
    Shot("auditor-trail", "linshan", at("/audit"), language="en", scheme="dark"),
    Shot("auditor-looks", "linshan", at("/looks")),
    Shot("ningbo-blacklisted", "zhaolei", customer("13857400001")),
    Shot("product-home", "shenyue", at("/"), width=1280),
    Shot("product-catalogue", "shenyue", at("/catalogue"), width=1280),
    Shot("product-offer", "shenyue", at("/catalogue/offers/M79-ZJ"), language="en", width=1280, height=1100),
    Shot("product-specification", "shenyue", at("/catalogue/specifications/of/PS-MOBILE"), scheme="dark", width=1280),
    Shot("product-price", "shenyue", tried, width=1280, height=1400),
    Shot("product-rules", "shenyue", at("/catalogue/rules"), width=1280),
    Shot("product-rules-tried", "shenyue", rules_tried, language="en", width=1280, height=1200),
    Shot("product-promotions", "shenyue", at("/catalogue/promotions"), width=1280, height=720),
    Shot("product-advice", "shenyue", advised, width=1280, height=1200),
    Shot("numbers-home", "xuliang", at("/"), width=1280),
    Shot("numbers-pools", "xuliang", at("/numbers"), width=1280),
    Shot("numbers-pool", "xuliang", pool, language="en", scheme="dark", width=1280),
    Shot("numbers-find", "xuliang", at("/numbers/find?q=*88"), width=1280),
    Shot("stock-board", "tanglei", at("/stock"), width=1280),
    Shot("stock-transfers", "tanglei", at("/stock/transfers"), language="en", width=1280, height=640),
    Shot("network-communities", "xuliang", at("/network"), width=1280),
    Shot("coverage-answer", "limin", at(f"/coverage?q={GARDEN}"), width=1280, height=1000),
    Shot("coverage-why-not", "limin", at(f"/coverage?q={FULL}"), language="en", width=1280),
    Shot("customer-offers", "limin", customer(WANG_FANG, "/offers"), width=1280, height=1100),
    Shot("product-compare", "shenyue", compared, width=1280, height=720),
)


@contextmanager
def signed_in(browser: Browser, url: str, shot: Shot) -> Iterator[Page]:
    """Give a tab in which the shot's person has signed in and chosen the language."""
    context = browser.new_context(
        locale="en-US" if shot.language == "en" else "zh-CN", timezone_id="Asia/Shanghai", color_scheme=shot.scheme,  # type: ignore[arg-type]
        viewport={"width": 1440, "height": 900},
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    if shot.who:
        page.goto(f"{url}/sign-in")
        page.fill("[name=username]", shot.who)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "/sign-in" not in address)
        choose_language(page, url, shot.language)
    page.set_viewport_size({"width": shot.width, "height": shot.height})
    yield page
    context.close()


def choose_language(page: Page, url: str, language: str) -> None:
    """Choose the language in the menu of one's own name, unless it is chosen already."""
    page.goto(f"{url}/person")
    button = page.locator(f"button[name=language][value={language}]").first
    if button.get_attribute("aria-current") != "true":
        with page.expect_navigation():
            button.click()


def keep(picture: bytes, file: Path) -> int:
    """Write a picture with 256 colours; returns its size in bytes."""
    small = Image.open(io.BytesIO(picture)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(file, optimize=True)
    return file.stat().st_size


def take(browser: Browser, url: str, shot: Shot) -> int:
    """Take one picture; returns its size in bytes."""
    with signed_in(browser, url, shot) as page:
        shot.go(page, url)
        page.wait_for_load_state("load")
        page.wait_for_timeout(1200)  # charts draw themselves in; there is no event for the last frame
        return keep(page.screenshot(), IMAGES / f"{shot.name}.png")


def main() -> int:
    """Take every picture, or those named."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("names", nargs="*", help="pictures to take; all unless named")
    words.add_argument("--url", default="http://localhost:8000", help="address of the running demo operator")
    asked = words.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    failed = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for shot in SHOTS:
            if asked.names and shot.name not in asked.names:
                continue
            try:
                size = take(browser, asked.url, shot)
            except PlaywrightError as fault:
                failed += 1
                sys.stdout.write(f"failed  {shot.name}: {str(fault).splitlines()[0]}\n")
                continue
            failed += size > BYTES_MAX
            sys.stdout.write(f"{size // 1024:>5} KB  {shot.name}.png\n")
            sys.stdout.flush()
        browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
