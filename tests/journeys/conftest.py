"""The demo operator on a real web server with its worker: laid out once a session, copied for the journeys of each file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.conftest import WORKER
from tests.plugins.browser import PATIENCE_MS, STILL
from tests.plugins.database import TEMPLATE, clone, once
from tests.plugins.site import Site, start_site, stop_site
from tongke.config import embedded
from tongke.config.runtime import embedded_url
from tongke.simulator.demo_staff import PASSWORD

DATABASE = f"journeys_{WORKER}"
DEMO = "tongke_demo"
LOAD = "import django; django.setup(); from tongke.simulator.demo import load_demo; load_demo()"


@dataclass(frozen=True, slots=True)
class Desk:
    """A person at a browser: ``page`` is the tab after signing in, ``url`` the operator's address."""

    page: Page
    url: str
    username: str

    def open(self, path: str) -> Page:
        """Go to a page of the operator and return the tab."""
        answer = self.page.goto(f"{self.url}{path}")
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        return self.page

    def submit(self, words: str | re.Pattern[str] | None = None) -> None:
        """Press a button of the page's own form: the one with ``words``, else the first that submits."""
        buttons = self.page.locator("main button[type=submit]")
        (buttons.filter(has_text=words) if words else buttons).first.click()

    def confirm(self, reason: str = "") -> None:
        """Answer the dialog that asks whether, or what for."""
        dialog = self.page.locator("dialog[open]")
        dialog.wait_for()
        if reason:
            dialog.locator("textarea").fill(reason)
        dialog.locator("button[value]:not([value=no])").last.click()

    def found(self) -> Locator:
        """Return the links to customers that the page shows."""
        return self.page.locator("main a[href^='/customers/0']")

    def said(self, *sentences: str) -> None:
        """Wait until the page says every one of ``sentences``."""
        for sentence in sentences:
            self.page.locator("body").get_by_text(sentence, exact=False).first.wait_for(state="attached")


def run_on(database: str, *words: str, out: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """Start a Python process that works on ``database`` as the application does."""
    environment = os.environ | {
        "TONGKE_DATABASE_URL": embedded_url("postgres", database), "TONGKE_APP_DATABASE_URL": embedded_url("tongke_app", database),
    }
    return subprocess.Popen([sys.executable, *words], env=environment, stdout=out, stderr=subprocess.STDOUT)


def lay_demo() -> None:
    """Lay the demo operator out in a database of its own, from which others are copied."""
    embedded.create_database(DEMO, template=TEMPLATE)
    load = run_on(DEMO, "-c", LOAD, out=subprocess.PIPE)
    words, _none = load.communicate(timeout=600)
    assert load.returncode == 0, words.decode(errors="replace")[-3000:]


@pytest.fixture(scope="module")
def operator(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Run the demo operator for one file's journeys: a database as new, the web server and the worker."""
    once("demo", lay_demo)
    clone(DATABASE, template=DEMO)
    worker = run_on(DATABASE, "-m", "django", "procrastinate", "--skip-checks", "worker", "--concurrency", "2", "--fetch-job-polling-interval", "1")
    try:
        site = start_site(Path(tmp_path_factory.mktemp("operator")), DATABASE)
        yield site
        stop_site(site)
    finally:
        worker.terminate()
        try:
            worker.wait(60)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait(60)


def sign_in(page: Page, url: str, username: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in form and send it."""
    page.goto(f"{url}/sign-in")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")


@pytest.fixture
def sit_down(operator: Site, browser: Browser) -> Iterator[Callable[..., Desk]]:
    """Return a function that signs a person in at a fresh browser; faults of scripts and answers above 499 fail the test."""
    contexts = []
    faults: list[str] = []

    def at(username: str, *, language: str = "zh-CN", width: int = 1440, scheme: str = "light") -> Desk:
        context = browser.new_context(
            locale=language, timezone_id="Asia/Shanghai", viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion=STILL,  # type: ignore[arg-type]  # light or dark
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(f"{page.url}: {fault}"))
        page.on("response", lambda answer: faults.append(f"{answer.url}: {answer.status}") if answer.status >= 500 else None)
        sign_in(page, operator.url, username)
        page.wait_for_url(lambda address: "/sign-in" not in address)
        return Desk(page, operator.url, username)

    yield at
    for context in contexts:
        context.close()
    # The live stream is a process of its own that journeys do not need.
    assert [fault for fault in faults if "/stream" not in fault and "/live" not in fault] == []
