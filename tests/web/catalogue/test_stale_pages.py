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
