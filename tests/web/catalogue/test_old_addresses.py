"""Addresses that outlive a draft: they lead to the version as it stands, and nothing is written by them."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import staff
from tests.factories.accounts import TESTER
from tests.web.catalogue.test_pages import OFFER, draft, launched, text
from tongke.areas.catalogue.services import drafting as design
from tongke.areas.staff.models import Approval
from tongke.kernel import clock
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    """A product manager of the group, who may edit the drafts of these tests."""
    staff.tree()
    return staff.signed_in_at(1, "product_manager", username="shenyue", name="沈悦")


@pytest.mark.parametrize("page", ["", "/prices", "/sections/basics", "/prices/new", "/prices/0"])
def test_the_pages_of_a_draft_lead_to_the_version_once_it_stands(manager: Client, page: str) -> None:
    row = launched()
    answer = manager.get(f"/catalogue/drafts/{row.id}{page}")
    assert (answer.status_code, answer["Location"]) == (302, f"/catalogue/offerings/{row.id}")
    assert "不再变动" in text(manager.get(answer["Location"]))


def test_a_form_that_was_left_open_is_refused_with_what_to_do(manager: Client) -> None:
    row = launched()
    answer = manager.post(f"/catalogue/drafts/{row.id}/sections/basics", {"name_zh": "改", "name_en": "Changed", "kind": "mobile", "sellable": "on"})
    assert answer.status_code in (409, 422)
    assert "CAT-38" in text(answer)
    row.refresh_from_db()
    assert row.name_en != "Changed"


def test_the_first_price_opens_with_what_it_usually_is(manager: Client) -> None:
    bare = design.draft_version(noun="offerings", code="WB-BARE", content={**OFFER, "prices": []}, unfinished=True, by=TESTER, at=clock.now())
    priced = draft("WB-PRICED")
    assert 'value="monthly"' in text(manager.get(f"/catalogue/drafts/{bare}/prices/new"))
    assert 'value="monthly"' not in text(manager.get(f"/catalogue/drafts/{priced.id}/prices/new"))


def test_approving_on_the_versions_page_answers_the_request_that_waits(manager: Client) -> None:
    row = draft("WB-ASKED")
    deeds = f"/catalogue/versions/offerings/{row.id}"
    manager.post(f"{deeds}/test")
    manager.post(f"{deeds}/ask", {"reason": "秋季上新"})
    page = text(manager.get(f"/catalogue/offerings/{row.id}"))
    assert "秋季上新" in page
    assert f"{deeds}/ask" not in page, "who has asked does not ask again"
    second = staff.signed_in_at(1, "product_manager", username="gaofeng", name="高峰")
    assert second.post(f"{deeds}/approve").status_code == 302
    with acting(TESTER):
        (asked,) = Approval.objects.filter(kind="catalogue_version")
    assert asked.state == "used"
    assert asked.decided_by_id not in {None, asked.requested_by_id}
    assert "秋季上新" not in text(manager.get(f"/catalogue/offerings/{row.id}"))
    manager.post(f"{deeds}/launch/when", {"effective_at": ""})
    assert "已上架" in text(manager.get(f"/catalogue/offerings/{row.id}"))
