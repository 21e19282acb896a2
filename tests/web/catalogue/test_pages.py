"""The catalogue's pages as a product manager, a clerk and a stranger to it use them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.factories import staff
from tests.factories.accounts import TESTER
from tongke.areas.catalogue.models import Offering
from tongke.areas.catalogue.queries import contents
from tongke.areas.catalogue.services import drafting as design
from tongke.areas.catalogue.services import life
from tongke.kernel import clock
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db
PRICE = {"code": "monthly", "kind": "recurring", "name_zh": "月费", "name_en": "Monthly fee", "amount": "99.00", "period": "month"}
OFFER = {"org_id": 33, "kind": "broadband", "name_zh": "宽带测试", "name_en": "Broadband for tests", "prices": [PRICE]}
ADDRESSES = ("/catalogue", "/catalogue/specifications", "/catalogue/price-lists", "/catalogue/taxes", "/catalogue/promotions", "/catalogue/discounts", "/catalogue/file")
CHANGES = ("/catalogue/offerings/new", "/catalogue/specifications/new", "/catalogue/price-lists/new", "/catalogue/promotions/new")


@pytest.fixture
def manager() -> Client:
    """A product manager of the province."""
    staff.tree()
    return staff.signed_in_at(33, "product_manager", username="shenyue", name="沈悦")


def draft(code: str = "WB-TEST", **more: Any) -> Offering:
    """A draft of an offering."""
    made = design.draft_version(noun="offerings", code=code, content={**OFFER, **more}, by=TESTER, at=clock.now())
    with acting(TESTER):
        return Offering.objects.get(id=made)


def launched(code: str = "WB-SOLD", **more: Any) -> Offering:
    """An offering on sale."""
    row = draft(code, **more)
    approver = staff.actor_at(33, "product_manager")
    life.test_version(noun="offerings", version_id=row.id, by=TESTER, at=clock.now())
    life.approve_version(noun="offerings", version_id=row.id, by=approver, at=clock.now())
    life.launch_version(noun="offerings", version_id=row.id, by=approver, at=clock.now())
    row.refresh_from_db()
    return row


def text(answer: Any) -> str:
    """The page's text."""
    return str(answer.content.decode())


def test_every_page_asks_for_its_right(manager: Client) -> None:
    clerk, stranger = staff.signed_in_at(3301, "clerk"), staff.signed_in_at(3301, "auditor")
    for address in ADDRESSES:
        assert manager.get(address).status_code == 200, address
        assert clerk.get(address).status_code == 200, address
        assert stranger.get(address).status_code == 403, address
    for address in CHANGES:
        assert manager.get(address).status_code == 200, address
        assert clerk.get(address).status_code == 403, address


def test_the_list_finds_by_name_kind_state_and_what_is_in_the_making(manager: Client) -> None:
    sold, making = launched(), draft("WB-NEW", name_zh="宽带筹备")
    page = text(manager.get("/catalogue"))
    assert sold.code in page
    assert making.code in page
    for query, found in (("q=筹备", making), ("state=launched", sold), ("making=1", making), ("kind=broadband&q=sold", sold), ("area=3301&q=WB-SOLD", sold)):
        shown = text(manager.get(f"/catalogue?{query}"))
        other = making if found is sold else sold
        assert found.code in shown, query
        assert other.code not in shown, query
    assert sold.code not in text(staff.signed_in_at(1, "administrator").get("/catalogue?area=3201"))


def test_a_version_shows_what_it_says_and_what_may_be_done(manager: Client) -> None:
    row = launched(terms=[{"code": "T24", "name_zh": "两年合约", "name_en": "Two years", "months": 24, "penalty_kind": "remaining_months", "penalty_percent": "30"}])
    page = text(manager.get(f"/catalogue/offerings/{row.id}"))
    for words in ("宽带测试", "月费", "99.00", "两年合约", "30%", "/retire/when"):
        assert words in page, words
    assert "/reject" not in page
    assert manager.get(f"/catalogue/offers/{row.code}").status_code == 302
    assert manager.get("/catalogue/offers/NO-SUCH").status_code == 404
    clerk = text(staff.signed_in_at(3301, "clerk").get(f"/catalogue/offerings/{row.id}"))
    assert "/retire/when" not in clerk


def begun(manager: Client, **more: str) -> str:
    """Begin an offer on the page; returns the draft's address."""
    form = {"code": "WB-1", "kind": "broadband", "name_zh": "新宽带", "name_en": "New broadband", "copy_of": "", "specification": "", **more}
    answer = manager.post("/catalogue/offerings/new", form)
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"])


def test_a_draft_is_written_section_by_section_and_says_what_is_missing(manager: Client) -> None:
    address = begun(manager)
    assert "CAT-24" in text(manager.get(address))
    price = {"kind": "recurring", "code": "monthly", "name_zh": "月费", "name_en": "Monthly fee", "amount": "159", "period": "month", "proration": "daily",
             "tax_category": "basic_telecom", "tax_included": "on", "rows-TOTAL_FORMS": "0", "rows-INITIAL_FORMS": "0"}
    assert manager.post(f"{address}/prices/new", price)["Location"].endswith("/prices")
    assert "159.00" in text(manager.get(f"{address}/prices"))
    assert "CAT-24" not in text(manager.get(address))
    tiers = price | {"kind": "usage", "code": "data", "usage_type": "data_mb", "unit_size": "1", "tier_mode": "slab", "amount": "0", "period": "", "rows-TOTAL_FORMS": "2",
                     "rows-0-from_units": "0", "rows-0-amount": "0.03", "rows-1-from_units": "1024", "rows-1-amount": "0.01"}
    assert manager.post(f"{address}/prices/new", tiers).status_code == 302
    with acting(TESTER):
        said = contents.version_said("offerings", Offering.objects.get(code="WB-1").id)
    assert said is not None
    assert [(p.code, len(p.tiers)) for p in said.content.prices] == [("monthly", 0), ("data", 2)]
    assert manager.post(f"{address}/prices/1/away").status_code == 302
    assert manager.post(f"{address}/prices/7/away").status_code == 404


def test_an_amount_that_was_forgotten_is_asked_for_and_not_taken_for_free(manager: Client) -> None:
    address = begun(manager)
    price = {"kind": "recurring", "code": "monthly", "name_zh": "月费", "name_en": "Monthly fee", "amount": "", "period": "month", "proration": "daily",
             "tax_category": "basic_telecom", "tax_included": "on", "rows-TOTAL_FORMS": "0", "rows-INITIAL_FORMS": "0"}
    lacking = manager.post(f"{address}/prices/new", price | {"name_zh": ""})
    assert lacking.status_code == 422
    assert text(lacking).count("WEB-01") == 2, "the name and the amount, at once"
    assert manager.post(f"{address}/prices/new", price | {"amount": "0"}).status_code == 302
    tiers = price | {"kind": "usage", "code": "data", "usage_type": "data_mb", "unit_size": "1", "tier_mode": "slab", "period": "", "rows-TOTAL_FORMS": "1",
                     "rows-0-from_units": "0", "rows-0-amount": "0.03"}
    assert manager.post(f"{address}/prices/new", tiers).status_code == 302


def test_a_part_is_usually_taken_as_often_as_it_must_be(manager: Client) -> None:
    draft("WB-PART")
    draft("WB-MORE")
    bundle = draft("WB-ALL", kind="bundle", parts=[{"part_code": "WB-MORE", "quantity_default": 1}])
    address = f"/catalogue/drafts/{bundle.id}/sections/parts"
    form = {"rows-TOTAL_FORMS": "2", "rows-INITIAL_FORMS": "0", "rows-0-part_code": "WB-PART", "rows-0-quantity_min": "1", "rows-0-quantity_max": "2",
            "rows-1-part_code": "WB-MORE", "rows-1-quantity_min": "", "rows-1-quantity_max": ""}
    assert manager.post(address, form).status_code == 302
    with acting(TESTER):
        said = contents.version_said("offerings", bundle.id)
    assert said is not None
    assert [(p.quantity_min, p.quantity_default, p.quantity_max) for p in said.content.parts] == [(1, 1, 2), (0, 0, 1)]
    beyond = manager.post(address, form | {"rows-0-quantity_default": "3"})
    assert beyond.status_code == 422
    assert "CAT-78" in text(beyond)


def test_broken_rules_stand_at_their_row_and_nothing_typed_is_lost(manager: Client) -> None:
    address = f"{begun(manager)}/sections/terms"
    form = {"rows-TOTAL_FORMS": "2", "rows-INITIAL_FORMS": "0", "rows-0-code": "T12", "rows-0-name_zh": "一年合约", "rows-0-name_en": "One year", "rows-0-months": "12",
            "rows-0-penalty_kind": "remaining_months", "rows-1-code": "T24", "rows-1-name_zh": "", "rows-1-name_en": "Two", "rows-1-months": "24", "rows-1-penalty_kind": "none"}
    lacking = manager.post(address, form)
    assert lacking.status_code == 422
    assert 'data-to-field="rows-1-name_zh"' in text(lacking)
    refused = manager.post(address, form | {"rows-1-name_zh": "两年合约"})
    assert refused.status_code == 422
    page = text(refused)
    assert "CAT-28" in page
    assert 'data-to-field="rows-0-code"' in page
    assert 'value="一年合约"' in page
    done = manager.post(address, form | {"rows-1-name_zh": "两年合约", "rows-0-penalty_percent": "30", "following": "sold"})
    assert done["Location"].endswith("/sections/sold")


def test_an_offer_begins_as_a_copy_and_a_taken_code_is_refused(manager: Client) -> None:
    row = launched()
    address = begun(manager, copy_of=row.code, code="WB-COPY")
    assert "99.00" in text(manager.get(f"{address}/prices"))
    again = manager.post("/catalogue/offerings/new", {"code": "WB-COPY", "kind": "broadband", "name_zh": "甲", "name_en": "A", "copy_of": "", "specification": ""})
    assert again.status_code == 422
    assert "CAT-39" in text(again)


def test_who_drafted_does_not_approve_and_is_told_why(manager: Client) -> None:
    address = begun(manager, copy_of=launched().code)
    version = address.rsplit("/", 1)[1]
    assert manager.post(f"/catalogue/versions/offerings/{version}/test").status_code == 302
    page = text(manager.get(f"/catalogue/offerings/{version}"))
    assert f"/catalogue/versions/offerings/{version}/ask" in page
    assert f"/catalogue/versions/offerings/{version}/approve" not in page
    assert "CAT-40" in text(manager.post(f"/catalogue/versions/offerings/{version}/approve"))
    second = staff.signed_in_at(33, "product_manager")
    assert second.post(f"/catalogue/versions/offerings/{version}/approve").status_code == 302
    assert second.post(f"/catalogue/versions/offerings/{version}/launch/when", {"effective_at": ""}).status_code == 302
    assert manager.get(address)["Location"] == f"/catalogue/offerings/{version}"  # what stands is not edited any more
    assert manager.post(f"/catalogue/versions/offerings/{version}/nonsense").status_code == 404
    assert manager.post(f"/catalogue/versions/nonsense/{version}/test").status_code == 404


def test_two_versions_stand_side_by_side(manager: Client) -> None:
    row = launched()
    following = manager.post(f"/catalogue/offerings/{row.id}/next")["Location"].rsplit("/", 1)[1]
    with acting(TESTER):
        said = contents.version_said("offerings", Offering.objects.get(id=following).id)
    assert said is not None
    prices = [said.content.prices[0].model_dump() | {"amount": "89.00"}]
    design.edit_version(noun="offerings", version_id=said.id, content=said.content.model_dump() | {"prices": prices}, by=TESTER, at=clock.now())
    page = text(manager.get(f"/catalogue/compare/{row.id}/{following}"))
    assert re.search(r"<del>[^<]*99[^<]*</del>", page)
    assert re.search(r"<ins>[¥\s]*89(\.00)?</ins>", page)
    assert "CAT-" not in text(manager.get(f"/catalogue/compare/{row.id}/{row.id}"))
    assert manager.get(f"/catalogue/compare/nonsense/{row.id}/{row.id}").status_code == 404


def test_a_price_is_tried_for_a_supposed_buyer(manager: Client) -> None:
    row = launched()
    page = text(manager.get(f"/catalogue/prices/try?offering={row.id}"))
    assert "99.00" in page
    assert "CAT-100" in page
    form = {"offering": str(row.id), "customer": "", "on": "2026-03-16", "org_id": "3301", "channel": "hall", "discount_price": "monthly", "discount_percent": "10"}
    tried = text(manager.post("/catalogue/prices/try", form))
    assert "89.10" in tried
    assert "2026-03-16" in tried
    assert "没有找到客户" in text(manager.post("/catalogue/prices/try", form | {"customer": "13999999999"}))
    assert staff.signed_in_at(3301, "auditor").get("/catalogue/prices/try").status_code == 403


def test_what_is_charged_by_usage_says_for_how_much(manager: Client) -> None:
    used = {"code": "data", "kind": "usage", "name_zh": "流量", "name_en": "Data", "amount": "0.30", "usage_type": "data_mb", "unit_size": "100"}
    calls = {"code": "calls", "kind": "usage", "name_zh": "通话", "name_en": "Calls", "amount": "0.10", "usage_type": "voice_minute"}
    row = draft("WB-USED", prices=[PRICE, used, calls])
    page = text(manager.get(f"/catalogue/prices/try?offering={row.id}"))
    assert re.findall(r'¥(0\.\d\d) <span class="tk-sub">([^<]+)<', page) == [("0.30", "每 100 MB"), ("0.10", "每 1 分钟")]


def test_the_parts_of_a_bundle_begin_with_what_is_usual_and_say_what_they_are_chosen_beside(manager: Client) -> None:
    """Choosing the offer brings its fields: they hold what was reckoned with, and what is typed after that stays."""
    for code, name in (("WB-A", "宽带甲"), ("WB-B", "宽带乙")):
        launched(code, name_zh=name)
    parts = [{"part_code": code, "group_code": "one", "group_min": 1, "quantity_max": 2, "quantity_default": usual} for code, usual in (("WB-A", 1), ("WB-B", 0))]
    bundle = draft("WB-BOTH", kind="bundle", parts=parts, prices=[])
    form = {"offering": str(bundle.id), "customer": "", "on": "2026-03-16", "org_id": "3301", "channel": "hall"}
    page = text(manager.post("/catalogue/prices/try", form))
    assert re.findall(r'name="part_(WB-.)" value="(\d)"', page) == [("WB-A", "1"), ("WB-B", "0")]
    assert "与宽带乙合计" in page
    assert 'class="form-hint" id="id_part_WB-A_helptext">one<' not in page
    typed = text(manager.post("/catalogue/prices/try", form | {"part_WB-A": "", "part_WB-B": "2"}))
    assert re.findall(r'name="part_(WB-.)" value="(\d)"', typed) == [("WB-B", "2")]


def test_steps_are_asked_for_where_a_price_is_by_usage(manager: Client) -> None:
    address = begun(manager)
    rows = re.compile(r'<div class="tk-rows" data-rows-form="rows"[^>]*>')
    assert 'data-only="kind" data-only-values="usage"' in rows.findall(text(manager.get(f"{address}/prices/new")))[0]
    one = {"kind": "recurring", "code": "m", "name_zh": "月费", "name_en": "Fee", "period": "month", "proration": "daily", "tax_category": "basic_telecom",
           "rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-0-from_units": "0", "rows-0-amount": "1"}
    refused = manager.post(f"{address}/prices/new", one)
    assert refused.status_code == 422
    assert "data-only" not in rows.findall(text(refused))[0], "rows that are there stay in sight"


def test_a_specification_is_drafted_with_typed_characteristics(manager: Client) -> None:
    first = manager.post("/catalogue/specifications/new", {"copy_of": "", "code": "PS-WEB", "level": "product", "kind": "broadband", "name_zh": "宽带规格", "name_en": "Broadband"})
    address = first["Location"]
    form = {"rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-0-code": "ont", "rows-0-name_zh": "光猫", "rows-0-name_en": "Terminal", "rows-0-value_type": "choice",
            "rows-0-configurable": "on", "rows-0-values": "rent | 租用 | Rented\nown | 自备 | Own"}
    assert manager.post(f"{address}/characteristics", form)["Location"] == address
    page = text(manager.get(address))
    assert "租用" in page
    assert manager.post(f"{address}/characteristics", form | {"rows-0-values": "a | b | c | d"}).status_code == 422
    circle = {"rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-0-kind": "decomposes", "rows-0-other_code": "PS-WEB"}
    assert manager.post(f"{address}/relations", circle).status_code == 422


def test_a_file_with_an_error_changes_nothing_and_a_good_one_is_shown_first(manager: Client) -> None:
    launched()
    whole = staff.signed_in_at(1, "administrator")
    wrong = text(manager.post("/catalogue/file", {"text": "tongke_catalogue: 1\nofferings:\n  BAD: {kind: nonsense}\n", "step": ""}))
    assert "<code>offerings.BAD" in wrong
    kept = manager.get("/catalogue/file/download").content.decode()
    assert "WB-SOLD" in kept
    changed = kept.replace("宽带测试", "宽带改名")
    groups = kept.replace("Basic telecom service", "Renamed")
    assert groups != kept
    assert "CAT-09" in text(manager.post("/catalogue/file", {"text": groups, "step": ""}))  # what the group owns is not the province's to write
    own = text(manager.post("/catalogue/file", {"text": changed, "step": ""}))
    assert "CAT-09" not in own, "what the group owns and is as it stands may be in the file"
    assert "宽带改名" in own
    assert "宽带改名" in text(whole.post("/catalogue/file", {"text": changed, "step": ""}))
    with acting(TESTER):
        assert not Offering.objects.filter(name_zh="宽带改名").exists()
    assert whole.post("/catalogue/file", {"text": changed, "step": "draft"}).status_code == 302
    with acting(TESTER):
        assert Offering.objects.get(name_zh="宽带改名").version == 2
    assert staff.signed_in_at(3301, "clerk").post("/catalogue/file", {"text": kept}).status_code == 403


def test_price_lists_promotions_rates_and_authorities_are_written(manager: Client) -> None:
    row = launched()
    entries = {"rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-0-offering_code": row.code, "rows-0-price_code": "monthly", "rows-0-percent": "80"}
    made = manager.post("/catalogue/price-lists/new", {"code": "PL-1", "name_zh": "大客户价", "name_en": "Key accounts", "priority": "5", "segment": "key_account", **entries})
    assert "79.20" in text(manager.get(made["Location"]))
    promotion = manager.post("/catalogue/promotions/new", {"code": "PROMO-1", "name_zh": "八折", "name_en": "80 %", "kind": "percent_off", "percent": "20", "months": "6",
                             "offering_codes": [row.code], "quota_total": "100", "quota_per_customer": "1", "hold_minutes": "30", "priority": "0", "stackable": "on"})
    assert promotion.status_code == 302, text(promotion)
    assert "0 / 100" in text(manager.get(promotion["Location"]))
    assert manager.get(f"{promotion['Location']}/grants").status_code == 200
    refused = manager.post("/catalogue/promotions/new", {"code": "PROMO-2", "name_zh": "空", "name_en": "None", "kind": "percent_off", "quota_per_customer": "1", "hold_minutes": "30", "priority": "0"})
    assert refused.status_code == 422
    authority = {"role_code": "clerk", "kind": "recurring", "percent_max": "10", "amount_max": "50", "promise_days": "30", "org_id": "33", "valid_from": ""}
    assert manager.post("/catalogue/discounts/new", authority).status_code == 302
    assert re.search(r"\b10(\.00)?\s?%", text(manager.get("/catalogue/discounts")))


def test_the_home_leads_to_the_rows(manager: Client) -> None:
    launched()
    draft("WB-HOME")
    home = text(manager.get("/"))
    assert "/catalogue?making=1" in home
    assert "WB-HOME" in home
    assert manager.get("/cards/offers-installed").status_code == 200
    assert manager.get("/cards/offers-retired").status_code == 200
