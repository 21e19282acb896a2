"""The page of categories: adding, renaming, moving, taking away, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories import staff
from tests.factories.accounts import TESTER
from tests.web.catalogue.test_pages import draft
from tongke.areas.catalogue.errors import BeyondOwnArea
from tongke.areas.catalogue.models import Category
from tongke.areas.catalogue.queries import board, contents
from tongke.areas.catalogue.services import drafting, shelves, shelving
from tongke.kernel import clock
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db
PAGE = "/catalogue/categories"
TYPED = {"code": "WC-TWO", "name_zh": "二级", "name_en": "Second", "place": "WC-ONE", "position": "3", "description_zh": "", "description_en": ""}


@pytest.fixture
def manager() -> Client:
    """A product manager of the province; the group's catalogue WC holds the province's category WC-ONE and the group's WC-GROUP."""
    staff.tree()
    now = clock.now()
    shelving.add_catalogue(code="WC", content={"name_zh": "目录", "name_en": "Catalogue"}, by=TESTER, at=now)
    shelving.add_category(code="WC-ONE", content={"org_id": 33, "catalogue": "WC", "name_zh": "一级", "name_en": "First"}, by=TESTER, at=now)
    shelving.add_category(code="WC-GROUP", content={"org_id": 1, "catalogue": "WC", "name_zh": "集团类目", "name_en": "Of the group"}, by=TESTER, at=now)
    return staff.signed_in_at(33, "product_manager", username="shenyue", name="沈悦")


def held(code: str) -> Any:
    """What the category says."""
    with acting(TESTER):
        return contents.tree()[1].get(code)


def text(answer: Any) -> str:
    """The page's text."""
    return str(answer.content.decode())


def test_a_category_is_added_renamed_moved_and_taken_away(manager: Client) -> None:
    assert manager.post(f"{PAGE}/new", TYPED).status_code in (302, 303)
    assert (held("WC-TWO").parent, held("WC-TWO").catalogue, held("WC-TWO").org_id, held("WC-TWO").position) == ("WC-ONE", "WC", 33, 3)
    assert text(manager.get(PAGE)).index("WC-ONE") < text(manager.get(PAGE)).index("WC-TWO")
    assert f"{PAGE}/WC-ONE/away" not in text(manager.get(PAGE)), "something is below it"
    moved = {**TYPED, "name_zh": "改名", "place": "catalogue:WC"}
    assert manager.post(f"{PAGE}/WC-TWO", moved).status_code in (302, 303)
    assert (held("WC-TWO").name_zh, held("WC-TWO").parent) == ("改名", None)
    assert manager.post(f"{PAGE}/WC-TWO/away").status_code in (302, 303)
    assert held("WC-TWO") is None


def test_its_offerings_stay_in_a_category_that_is_renamed(manager: Client) -> None:
    row = draft("WC-OFFER")
    shelving.categorise_offering(code=row.code, categories=["WC-ONE"], by=TESTER, at=clock.now())
    manager.post(f"{PAGE}/WC-ONE", {**TYPED, "place": "catalogue:WC"})
    assert (held("WC-ONE").name_zh, held("WC-ONE").offerings) == ("二级", ("WC-OFFER",))
    refused = manager.post(f"{PAGE}/WC-ONE/away")
    assert held("WC-ONE") is not None
    assert refused.status_code >= 400 or "WC-OFFER" in text(manager.get(PAGE))


def test_everything_wrong_is_told_and_nothing_is_written(manager: Client) -> None:
    wrong = manager.post(f"{PAGE}/new", {**TYPED, "code": "x", "name_zh": "", "place": "NOWHERE", "position": "-1"})
    assert wrong.status_code == 422
    for field in ("code", "name_zh", "place", "position"):
        assert f"id_{field}_error" in text(wrong) or f'"{field}"' in text(wrong), field
    assert manager.post(f"{PAGE}/new", {**TYPED, "code": "WC-ONE"}).status_code == 422
    assert held("WC-ONE").name_zh == "一级"


def test_no_place_below_itself_is_offered_and_none_is_taken(manager: Client) -> None:
    shelves.set_category(code="WC-TWO", content={"org_id": 33, "catalogue": "WC", "parent": "WC-ONE", "name_zh": "二", "name_en": "Two"}, by=TESTER, at=clock.now())
    assert 'value="WC-TWO"' not in text(manager.get(f"{PAGE}/WC-ONE"))
    assert manager.post(f"{PAGE}/WC-ONE", {**TYPED, "place": "WC-TWO"}).status_code == 422
    assert held("WC-ONE").parent is None


def test_what_belongs_to_the_group_is_shown_but_not_changed_by_a_province(manager: Client) -> None:
    page = text(manager.get(PAGE))
    assert "集团类目" in page
    assert f"{PAGE}/WC-GROUP" not in page
    assert manager.get(f"{PAGE}/WC-GROUP").status_code == 404
    assert manager.post(f"{PAGE}/WC-GROUP/away").status_code >= 400
    with acting(TESTER):
        assert Category.objects.filter(code="WC-GROUP").exists()
    assert staff.signed_in_at(3301, "clerk").get(PAGE).status_code == 403


def test_a_catalogue_is_made_from_nothing_in_the_browser() -> None:
    staff.tree()
    manager = staff.signed_in_at(1, "product_manager", username="gaofeng", name="高峰")
    empty = text(manager.get(PAGE))
    assert "/catalogue/roots/new" in empty
    named = {"code": "NEW", "name_zh": "大众目录", "name_en": "Mass market", "description_zh": "", "description_en": ""}
    assert manager.post("/catalogue/roots/new", {**named, "code": "x", "name_zh": ""}).status_code == 422
    assert manager.post("/catalogue/roots/new", named).status_code in (302, 303)
    assert manager.post("/catalogue/roots/new", named).status_code == 422, "the code is taken"
    assert "大众目录" in text(manager.get(PAGE))
    assert manager.post("/catalogue/roots/NEW", {**named, "name_zh": "改名目录"}).status_code in (302, 303)
    assert "改名目录" in text(manager.get(PAGE))
    assert manager.post(f"{PAGE}/new", {**TYPED, "place": "catalogue:NEW"}).status_code in (302, 303)
    assert "/catalogue/roots/NEW/away" not in text(manager.get(PAGE)), "a category is in it"
    assert manager.post("/catalogue/roots/NEW/away").status_code >= 400
    manager.post(f"{PAGE}/WC-TWO/away")
    assert manager.post("/catalogue/roots/NEW/away").status_code in (302, 303)
    assert "大众目录" not in text(manager.get(PAGE))
    assert staff.signed_in_at(33, "product_manager", username="shenyue", name="沈悦").get("/catalogue/roots/NEW").status_code == 404


def rows(*codes: str) -> dict[str, str]:
    """The offers of a category as a browser sends them."""
    out = {"rows-TOTAL_FORMS": str(len(codes)), "rows-INITIAL_FORMS": "0"}
    return out | {f"rows-{place}-offering": code for place, code in enumerate(codes)}


def test_what_belongs_to_a_category_is_chosen_and_ordered(manager: Client) -> None:
    for code in ("WC-A", "WC-B"):
        draft(code)
    page = f"{PAGE}/WC-ONE/offers"
    assert "WC-B" in text(manager.get(page))
    assert manager.post(page, rows("WC-B", "WC-A")).status_code in (302, 303)
    assert held("WC-ONE").offerings == ("WC-B", "WC-A")
    twice = manager.post(page, rows("WC-B", "WC-B"))
    assert (twice.status_code, "CAT-" in text(twice)) == (422, True)
    assert manager.post(page, rows("WC-A")).status_code in (302, 303)
    assert held("WC-ONE").offerings == ("WC-A",)
    assert manager.get(f"{PAGE}/WC-GROUP/offers").status_code == 404


def test_a_province_puts_its_own_offer_among_the_groups_categories_and_takes_it_out() -> None:
    staff.tree()
    by, at = staff.actor_at(33, "product_manager"), clock.now()
    shelves.set_catalogue(code="WC-GROUP", content={"org_id": 1, "name_zh": "集团", "name_en": "Group"}, by=TESTER, at=at)
    content = {"org_id": 1, "catalogue": "WC-GROUP", "name_zh": "套餐", "name_en": "Plans"}
    shelves.set_category(code="WC-PLANS", content=content, by=TESTER, at=at)
    offer = {"kind": "mobile", "name_zh": "甲", "name_en": "A"}
    for code, org_id in (("WC-GROUPS", 1), ("WC-PROVINCE", 33)):
        drafting.draft_version(noun="offerings", code=code, content={**offer, "org_id": org_id}, unfinished=True, by=TESTER, at=at)
    shelving.categorise_offering(code="WC-GROUPS", categories=["WC-PLANS"], by=TESTER, at=at)
    manager = staff.signed_in_at(33, "product_manager", username="shenyue")
    found = board.offerings_board(by).get(code="WC-PROVINCE")
    address = f"/catalogue/drafts/{found.id}/sections/sold"
    assert manager.post(address, {"categories": ["WC-PLANS"], "segments": ["residential"]}).status_code == 302
    assert contents.tree()[1]["WC-PLANS"].offerings == ("WC-GROUPS", "WC-PROVINCE")
    with pytest.raises(BeyondOwnArea):
        shelving.categorise_offering(code="WC-GROUPS", categories=[], by=by, at=at)
    shelves.set_category(code="WC-PLANS", content={**content, "offerings": ["WC-PROVINCE", "WC-GROUPS"]}, by=TESTER, at=at)
    assert contents.tree()[1]["WC-PLANS"].offerings == ("WC-PROVINCE", "WC-GROUPS")
    assert manager.post(address, {"segments": ["residential"]}).status_code == 302
    assert contents.tree()[1]["WC-PLANS"].offerings == ("WC-GROUPS",)
