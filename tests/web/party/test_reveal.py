"""The question before masked data is shown in full: answered in Chromium, refused, cancelled, and logged."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from tests.factories import party
from tests.factories import staff as make
from tests.plugins.site import Site
from tongke.areas.party.services import MediumDraft
from tongke.areas.staff.models import Look
from tongke.kernel.actor import acting

CLEAR = "13857100071"


def looks() -> list[tuple[str, str, str]]:
    """The reveals that were logged: kind, purpose and what came in clear."""
    with acting(make.TESTER):
        return list(Look.objects.filter(kind="reveal").values_list("kind", "purpose", "clear"))


@pytest.fixture
def record(page: Page, site: Site) -> tuple[Page, Locator]:
    """The record of 王芳 before a clerk who may not see telephone numbers, and the masked number on it."""
    clerk = make.person("limin", locale="en")
    made: Any = party.customer("王芳", media=(MediumDraft(kind="mobile", given=CLEAR, preferred=True),))
    page.context.add_cookies([{"name": settings.STAFF_COOKIE, "value": make.session_key(clerk), "url": site.url}])
    page.goto(f"{site.url}/customers/{made.customer_id}/edit")
    field = page.locator("[data-reveal][data-kind=phone]").first
    expect(field).to_contain_text("*")
    return page, field


@pytest.mark.django_db(transaction=True)
def test_a_number_is_shown_for_a_purpose_and_hidden_again(record: tuple[Page, Locator]) -> None:
    page, field = record
    dialog, reason = page.locator("[data-confirm-dialog]"), page.locator("#confirm-reason")

    field.locator(".tk-reveal").click()
    expect(reason).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    assert looks() == []

    field.locator(".tk-reveal").click()
    dialog.locator("[data-confirm-yes]").click()
    expect(reason).to_be_visible()  # nothing is sent without a purpose
    reason.fill("abc")
    dialog.locator("[data-confirm-yes]").click()
    expect(page.locator("#toasts")).to_contain_text("SEC-09")
    expect(field).to_contain_text("*")
    assert looks() == []

    field.locator(".tk-reveal").click()
    expect(reason).to_have_value("")  # what was said before is not said again
    reason.fill("the caller asked for it")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    shown = field.locator("[data-reveal-value]")
    expect(shown).not_to_contain_text("*")
    assert "".join(shown.inner_text().split()).endswith(CLEAR)
    assert looks() == [("reveal", "the caller asked for it", "phone")]
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    expect(field).to_contain_text("*")


@pytest.mark.django_db(transaction=True)
def test_another_question_has_its_own_heading(record: tuple[Page, Locator]) -> None:
    page, field = record
    field.locator(".tk-reveal").click()
    expect(page.locator("[data-confirm-title]")).to_have_text("Show in full")
    page.keyboard.press("Escape")
    page.locator("main [data-confirm]:not([data-confirm-title])").first.click()
    expect(page.locator("[data-confirm-title]")).to_have_text("Are you sure?")
