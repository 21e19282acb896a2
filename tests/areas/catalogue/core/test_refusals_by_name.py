"""Refusals name things as people know them, in both languages, with the code behind."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from tests.areas.catalogue.core import making
from tests.factories import pricing
from tests.factories import staff as people
from tests.factories.accounts import NOON, TESTER
from tongke.areas.catalogue import services
from tongke.areas.catalogue.errors import BeyondOwnArea, UnknownVersion
from tongke.kernel.actor import system_actor
from tongke.kernel.errors import RulesBroken
from tongke.kernel.ids import uuid7
from tongke.kernel.machine import IllegalMove

FEE = {"code": "fee", "name_zh": "月费", "name_en": "Monthly fee", "kind": "recurring", "period": "month", "amount": "9.00", "tax_category": "none"}
USAGE = {"code": "data", "name_zh": "流量", "name_en": "Data", "kind": "usage", "usage_type": "data_mb", "tax_category": "none"}
pytestmark = pytest.mark.django_db
SECOND = system_actor("second")
SPEED = {"code": "mbps", "name_zh": "速率", "name_en": "Speed", "value_type": "integer", "required": True, "configurable": False, "most": 2000}
KINDS = {"code": "card", "name_zh": "卡类型", "name_en": "Card", "value_type": "choice", "values": [{"value": "esim", "zh": "电子卡", "en": "eSIM card"}]}


@pytest.fixture(autouse=True)
def _house() -> None:
    people.tree()
    services.draft_specification(code="PS-1", content=making.specification(characteristics=[SPEED, KINDS]), by=TESTER, at=NOON)


def refused(**more: object) -> dict[str, tuple[str, str]]:
    """By code: what is told in Chinese and in English."""
    with pytest.raises(RulesBroken) as refusal:
        services.draft_offering(code="M-1", content=making.plan(**more), by=TESTER, at=NOON)
    out = {}
    for broken in refusal.value.broken:
        with translation.override("zh-hans"):
            chinese = f"{broken.message}；{broken.advice}"
        with translation.override("en"):
            out[broken.code] = (chinese, f"{broken.message}; {broken.advice}")
    return out


@pytest.mark.parametrize(("content", "code", "chinese", "english"), [
    ({"specification": "PS-1"}, "CAT-15", "速率 (mbps)", "Speed (mbps)"),
    ({"specification": "PS-1", "characteristics": {"mbps": 100, "card": "paper"}}, "CAT-13", "电子卡 (esim)", "eSIM card (esim)"),
    ({"specification": "PS-1", "characteristics": {"mbps": 100, "colour": "red"}}, "CAT-14", "移动 (PS-1)", "Speed (mbps)"),
    ({"specification": "PS-1", "kind": "broadband", "characteristics": {"mbps": 100}}, "CAT-32", "宽带", "Broadband"),
    ({"allowances": [{"usage_type": "sms", "amount": 1}, {"usage_type": "sms", "amount": 2}]}, "CAT-19", "短信", "Text messages"),
    ({"terms": [{"code": "Y", "name_zh": "一年", "name_en": "One year", "months": 12}] * 2}, "CAT-19", "一年 (Y)", "One year (Y)"),
    ({"org_id": 33, "sold_in": [32]}, "CAT-29", "浙江省公司 (33)", "(33)"),
    ({"prices": [USAGE | {"tiers": [{"from_units": "10.000", "amount": "1"}]}]}, "CAT-133", "价格 流量 (data) 的阶梯未从 0 递增：10", "Data (data) do not rise from 0: 10"),
    ({"prices": [FEE | {"segment": "business", "channel": "hall"}, FEE | {"segment": "business", "channel": "hall"}]}, "CAT-119",
     "月费 (fee) · 商务客户 · 营业厅", "Monthly fee (fee) · Business · Business hall"),
    ({"specification": "PS-1", "prices": [FEE | {"condition": {"mbps": {"least": 300}}}, FEE | {"condition": {"mbps": [300, 500]}}]}, "CAT-119",
     "月费 (fee) · 速率 (mbps) ≥ 300 与 月费 (fee) · 速率 (mbps) = 300/500", "Monthly fee (fee) · Speed (mbps) ≥ 300 and"),
])
def test_content_is_told_by_name(content: dict[str, object], code: str, chinese: str, english: str) -> None:
    said = refused(**content)[code]
    assert chinese in said[0]
    assert english in said[1]


def test_what_is_missing_and_what_is_in_use_is_told_by_name_and_times_can_be_read() -> None:
    part = making.launched("offerings", "M-59", making.plan(), by=TESTER, second=SECOND, at=NOON)
    making.launched("offerings", "H-1", making.plan(
        kind="bundle", name_en="Family", parts=[{"part_code": "M-59", "quantity_min": 1, "quantity_default": 1}]), by=TESTER, second=SECOND, at=NOON)
    with translation.override("en"):
        with pytest.raises(RulesBroken) as refusal:
            services.retire_version(noun="offerings", version_id=part, effective_at=NOON - timedelta(days=1), by=TESTER, at=NOON)
        told = {broken.code: broken.message for broken in refusal.value.broken}
    assert told["CAT-47"] == "Still in use by Family (H-1)"
    assert "+00:00" not in told["CAT-44"]


def test_a_promotion_that_does_not_fit_is_named_with_whom_it_is_for() -> None:
    pricing.offer("M-2", pricing.monthly("9"))
    promotion = pricing.promotion("SPRING", quota_total=0)
    with translation.override("en"), pytest.raises(RulesBroken, match=r"The promotion Spring \(SPRING\) is used up"):
        services.hold_promotion(promotion_id=promotion, customer_id=uuid7(), org_id=3301, key="k", by=TESTER, at=pricing.NOON)


def test_nouns_and_organisations_are_words() -> None:
    with translation.override("zh-hans"):
        with pytest.raises(UnknownVersion) as unknown:
            services.test_version(noun="price_lists", version_id=uuid7(), by=TESTER, at=NOON)
        assert "price_lists" not in unknown.value.message
        with pytest.raises(BeyondOwnArea, match="江苏"):
            services.draft_offering(code="M-1", content=making.plan(org_id=32), by=making.designer(33), at=NOON)


def test_a_bundles_group_is_told_by_its_parts() -> None:
    for code, name in (("V-1", "Voice"), ("D-1", "Data")):
        services.draft_offering(code=code, content=making.plan(name_en=name), by=TESTER, at=NOON)
    parts = [{"part_code": code, "group_code": "g", "group_min": 3} for code in ("V-1", "D-1")]
    chinese, english = refused(kind="bundle", parts=parts)["CAT-31"]
    assert "Voice (V-1), Data (D-1) (g)" in english
    assert "(3 to 2)" in english
    assert "、" in chinese


def test_what_a_rule_asks_for_is_refused_in_the_readers_language() -> None:
    draft = services.RuleDraft(code="R-1", kind="quantity", name_zh="限购", name_en="At most", parameters={}, subject_kind="offering", subject_code="NONE")
    for language, fault, unknown in (("zh-hans", "请填写上限或下限", "产品目录中没有NONE"), ("en", "give a most or a least", "The catalogue does not know NONE")):
        with translation.override(language), pytest.raises(RulesBroken) as refusal:
            services.draft_rule(draft=draft, by=TESTER, at=NOON)
        with translation.override(language):
            told = {broken.code: broken.message for broken in refusal.value.broken}
        assert told["CAT-81"].endswith(f"{fault}")
        assert told["CAT-89"] == unknown


def test_a_move_that_is_not_possible_is_told_in_words() -> None:
    made = services.draft_offering(code="M-1", content=making.plan(), by=TESTER, at=NOON)
    for language, message, advice in (
        ("zh-hans", "当前状态“设计中”下不能执行“上架”", "提交测试、放弃"), ("en", "“Launch” is not possible in the state “In design”", "Give to test, Give it up"),
    ):
        with translation.override(language), pytest.raises(IllegalMove) as refusal:
            services.launch_version(noun="offerings", version_id=made, by=TESTER, at=NOON)
        with translation.override(language):
            assert (refusal.value.message, refusal.value.advice.endswith(advice)) == (message, True)


def test_times_are_told_as_the_reader_reads_them() -> None:
    """In the house's zone, to the minute; no seconds, no offset."""
    ends = NOON - timedelta(days=1)
    promotion = pricing.promotion("SPRING")
    services.hold_promotion(promotion_id=promotion, customer_id=uuid7(), org_id=3301, key="k", by=TESTER, at=pricing.NOON)
    price_list = {"org_id": 33, "name_zh": "价", "name_en": "List", "entries": [], "valid_from": NOON, "valid_until": ends}
    design = {"name_zh": "促", "name_en": "Sale", "kind": "months_free", "months": 3, "valid_from": NOON, "valid_until": ends}
    told: dict[str, str] = {}
    for verb, facts in (
        (services.draft_version, {"noun": "price_lists", "code": "PL-1", "content": price_list}), (services.design_promotion, {"code": "P-1", "content": design}),
        (services.set_discount_authority, {"role_code": "clerk", "percent_max": Decimal(5), "amount_max": Decimal(5), "valid_from": ends}),
        (services.use_promotion, {"promotion_id": promotion, "key": "k"}),
    ):
        with translation.override("en"), pytest.raises(RulesBroken) as refusal:
            verb(**facts, by=TESTER, at=NOON if verb is not services.use_promotion else pricing.NOON + timedelta(days=1))
        with translation.override("en"):
            told |= {broken.code: broken.message for broken in refusal.value.broken}
    assert set(told) >= {"CAT-35", "CAT-147", "CAT-173", "CAT-177"}
    for code in ("CAT-35", "CAT-147", "CAT-173", "CAT-177"):
        assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d(?!:)", told[code]), told[code]
        assert "+00:00" not in told[code]
        assert "UTC" not in told[code]
    assert told["CAT-35"] == "It ends at 2026-03-01 12:00, not after it begins (2026-03-02 12:00)"
