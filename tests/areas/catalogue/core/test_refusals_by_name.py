"""Refusals name things as people know them, in both languages, with the code behind."""

from __future__ import annotations

from datetime import timedelta

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
