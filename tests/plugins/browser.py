"""Chromium through Playwright: the system's own browser, headless, without any call home."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

# A page on a busy machine may take many times what it takes alone; what never comes is found all the same.
PATIENCE_MS = 180_000
# What fades in or changes its colour slowly is judged as it is in the end, however fast the machine draws.
STILL: Literal["reduce"] = "reduce"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
]


def chromium() -> str | None:
    """Return the path of Chromium: ``TONGKE_CHROMIUM`` or what the system has."""
    return os.environ.get("TONGKE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once a worker; skips, and says so, where there is none."""
    program = chromium()
    if program is None:
        pytest.skip("Chromium is absent: install the system package `chromium` or set TONGKE_CHROMIUM")
    # Playwright's loop would make Django refuse database work in this thread, though none is done inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS, headless=True)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Give a fresh browser profile, in Chinese, at a desk's width."""
    made = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900}, reduced_motion=STILL)
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Give a new tab of the fresh profile."""
    return context.new_page()
