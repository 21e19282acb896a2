"""Pages that were opened before somebody else saved: nothing is written over unseen, nothing typed is lost, nothing goes twice."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.factories import staff
from tests.factories.accounts import TESTER
from tongke.areas.catalogue.queries import contents
from tongke.areas.catalogue.services import drafting as design
from tongke.areas.catalogue.services import shelves
from tongke.kernel import clock

pytestmark = pytest.mark.django_db
TEXTS = {"name_zh": "宽带", "name_en": "Broadband"}


def price(code: str, amount: str) -> dict[str, Any]:
    """A monthly price."""
    return {"code": code, "kind": "recurring", "name_zh": "月费", "name_en": "Monthly fee", "amount": amount, "period": "month"}


@pytest.fixture
def draft() -> str:
    """The address of a province's draft with three prices."""
    staff.tree()
    content = {"org_id": 33, "kind": "broadband", **TEXTS, "prices": [price("a", "1.00"), price("b", "2.00"), price("c", "3.00")]}
    made = design.draft_version(noun="offerings", code="WB-STALE", content=content, by=TESTER, at=clock.now())
    return f"/catalogue/drafts/{made}"


@pytest.fixture
def two(draft: str) -> tuple[Client, Client]:
    """Two product managers of the province."""
    del draft
    return staff.signed_in_at(33, "product_manager", username="shenyue"), staff.signed_in_at(33, "product_manager", username="gaofeng")


def hidden(page: Any) -> dict[str, str]:
    """What the page's form sends back unseen."""
    return dict(re.findall(r'<input type="hidden" name="(form_\w+)" value="([^"]+)"', page.content.decode()))


def said(address: str) -> Any:
    """What the draft says."""
    found = contents.version_said("offerings", UUID(address.rsplit("/", 1)[1]))
    assert found is not None
    return found.content


def test_what_another_saved_meanwhile_is_told_and_replaced_only_on_purpose(draft: str, two: tuple[Client, Client]) -> None:
    shen, gao = two
    address = f"{draft}/sections/basics"
    form = {**TEXTS, "kind": "broadband", "specification": "", "sellable": "on", "note": ""}
    first, second = hidden(shen.get(address)), hidden(gao.get(address))
    assert shen.post(address, form | first | {"description_en": "Written by Shen"}).status_code == 302
    mine = form | second | {"description_en": "Written by Gao"}
    told = gao.post(address, mine)
    page = told.content.decode()
    assert told.status_code == 422
    assert "WEB-44" in page
    assert "Written by Gao" in page
    assert said(draft).description_en == "Written by Shen"
    assert gao.post(address, mine | hidden(told)).status_code == 302
    assert said(draft).description_en == "Written by Gao"


def test_the_same_form_sent_twice_counts_once_and_other_sections_stay_free(draft: str, two: tuple[Client, Client]) -> None:
    shen, gao = two
    basics, sold = f"{draft}/sections/basics", f"{draft}/sections/sold"
    form = {**TEXTS, "kind": "broadband", "specification": "", "sellable": "on", "note": "", "description_zh": "一", **hidden(shen.get(basics))}
    other = {"segments": "residential", **hidden(gao.get(sold))}
    assert [shen.post(basics, form).status_code for _ in range(2)] == [302, 302]
    assert gao.post(sold, other).status_code == 302
    assert (said(draft).description_zh, list(said(draft).segments)) == ("一", ["residential"])


def test_a_row_of_an_old_page_never_lands_on_another_price(draft: str, two: tuple[Client, Client]) -> None:
    shen, gao = two
    address = f"{draft}/prices/1"
    form = {**price("b", "9.00"), "proration": "daily", "tax_category": "basic_telecom", "tax_included": "on", "rows-TOTAL_FORMS": "0", "rows-INITIAL_FORMS": "0"}
    opened = hidden(gao.get(address))
    away = re.findall(rf'"({draft}/prices/0/away[^"]*)"', shen.get(f"{draft}/prices").content.decode())
    assert len(set(away)) == 1
    assert [shen.post(away[0].replace("&amp;", "&")).status_code for _ in range(2)] == [302, 409]
    told = gao.post(address, form | opened)
    assert told.status_code == 422
    assert "GEN-09" in told.content.decode()
    assert "9.00" in told.content.decode()
    assert gao.post(address, form | opened | hidden(told)).status_code == 422
    assert [(p.code, str(p.amount)) for p in said(draft).prices] == [("b", "2.00"), ("c", "3.00")]


def test_a_specification_is_watched_too(two: tuple[Client, Client]) -> None:
    shen, gao = two
    made = design.draft_specification(code="PS-STALE", content={"org_id": 33, "level": "product", "kind": "broadband", **TEXTS}, by=TESTER, at=clock.now())
    address = f"/catalogue/specifications/{made}/basics"
    form = {**TEXTS, "level": "product", "kind": "broadband"}
    first, second = hidden(shen.get(address)), hidden(gao.get(address))
    assert shen.post(address, form | first | {"note": "one"}).status_code == 302
    assert gao.post(address, form | second | {"note": "two"}).status_code == 422


def test_price_lists_promotions_and_categories_are_watched_too(draft: str, two: tuple[Client, Client]) -> None:
    del draft
    shen, gao = two
    entries = {"rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-0-offering_code": "WB-STALE", "rows-0-price_code": "a", "rows-0-percent": "80"}
    lists = {**TEXTS, "code": "PL-STALE", "priority": "5", "segment": "key_account", **entries}
    promotion = {**TEXTS, "code": "P-STALE", "kind": "percent_off", "percent": "20", "months": "6", "offering_codes": ["WB-STALE"], "quota_per_customer": "1",
                 "hold_minutes": "30", "priority": "0", "stackable": "on"}
    for new, form in (("/catalogue/price-lists/new", lists), ("/catalogue/promotions/new", promotion)):
        address = f"{shen.post(new, form)['Location']}/edit"
        first, second = hidden(shen.get(address)), hidden(gao.get(address))
        assert first["form_opened"] == second["form_opened"]
        assert shen.post(address, form | first | {"name_en": "One"}).status_code == 302
        told = gao.post(address, form | second | {"name_en": "Two"})
        assert (told.status_code, "WEB-44" in told.content.decode()) == (422, True), address
        assert gao.post(address, form | second | hidden(told) | {"name_en": "Two"}).status_code == 302


def shelf() -> dict[str, Any]:
    """Lay out a catalogue of the province with one category; returns what that says."""
    shelves.set_catalogue(code="STALE", content={"org_id": 33, **TEXTS}, by=TESTER, at=clock.now())
    content = {"org_id": 33, "catalogue": "STALE", **TEXTS}
    shelves.set_category(code="STALE-1", content=content, by=TESTER, at=clock.now())
    return content


def test_a_category_is_watched_but_not_for_what_stands_in_it(draft: str, two: tuple[Client, Client]) -> None:
    del draft
    shen, gao = two
    content = shelf()
    address = "/catalogue/categories/STALE-1"
    opened = hidden(gao.get(address))
    shelves.set_category(code="STALE-1", content={**content, "offerings": ["WB-STALE"]}, by=TESTER, at=clock.now())
    assert hidden(shen.get(address))["form_opened"] == opened["form_opened"]
    shelves.set_category(code="STALE-1", content={**content, "name_en": "Other"}, by=TESTER, at=clock.now())
    place = re.findall(r'<option value="([^"]+)" selected', gao.get(address).content.decode())
    told = gao.post(address, {**TEXTS, "place": place[0], "position": "0", **opened})
    assert (told.status_code, "WEB-44" in told.content.decode()) == (422, True)


def test_a_catalogue_and_the_order_of_a_category_are_watched(draft: str, two: tuple[Client, Client]) -> None:
    """Who typed other names, or another order, beside somebody else is told; what the other put in does not vanish unseen."""
    del draft
    shen, gao = two
    content = shelf()
    root, offers = "/catalogue/roots/STALE", "/catalogue/categories/STALE-1/offers"
    of_root, of_offers = hidden(gao.get(root)), hidden(gao.get(offers))
    assert shen.post(root, {**TEXTS, "name_en": "Other", **hidden(shen.get(root))}).status_code == 302
    shelves.set_category(code="STALE-1", content={**content, "offerings": ["WB-STALE"]}, by=TESTER, at=clock.now())
    none = {"rows-TOTAL_FORMS": "0", "rows-INITIAL_FORMS": "0"}
    for address, form in ((root, {**TEXTS, **of_root}), (offers, {**none, **of_offers})):
        told = gao.post(address, form)
        assert (told.status_code, "WEB-44" in told.content.decode()) == (422, True), address
