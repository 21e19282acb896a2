"""What the catalogue's pages call things."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import translation

from tests.factories.accounts import NOON
from tongke.web.catalogue.promotions import benefit_words
from tongke.web.catalogue.reading import bounds_words, condition_words
from tongke.web.catalogue.specifications import handed_on
from tongke.web.catalogue.words import kind_words, shown_state, unit_words


@pytest.mark.parametrize(("state", "days", "said", "tone"), [
    ("launched", -1, "On sale", "good"), ("launched", 3, "On sale from", "warn"), ("active", 3, "Approved", "warn"), ("retired", -9, "Retired from sale", "off"),
])
def test_what_is_launched_ahead_of_its_day_says_from_when(state: str, days: int, said: str, tone: str) -> None:
    version = SimpleNamespace(state=state, valid_from=NOON + timedelta(days=days))
    with translation.override("en"):
        words, shown = shown_state(version, NOON)
        assert str(words).startswith(said)
    assert shown == tone
    assert ("2026" in str(words)) is (said == "On sale from")


NOTHING_GIVEN = dict.fromkeys(("percent", "amount", "months", "points", "prestore_amount", "return_months", "term_months", "device_price"))


@pytest.mark.parametrize(("given", "english", "chinese"), [
    ({"kind": "prestore_return", "amount": Decimal(720), "prestore_amount": Decimal(600), "return_months": 24, "months": 24},
     "¥600.00 prestored · ¥720.00 come back · over 24 months", "预存 ¥600.00 · 返还 ¥720.00 · 分 24 个月返还"),
    ({"kind": "handset_contract", "device_price": Decimal(1999), "amount": Decimal(999), "term_months": 24},
     "handset at ¥1,999.00 · ¥999.00 off · contract of 24 months", "购机价 ¥1,999.00 · 优惠 ¥999.00 · 合约 24 个月"),
    ({"kind": "gift_points", "points": 2000}, "2,000 points", "2,000 积分"),
])
def test_each_figure_of_a_promotion_says_what_it_is(given: dict[str, object], english: str, chinese: str) -> None:
    content = SimpleNamespace(**NOTHING_GIVEN | given)
    for language, words in (("en", english), ("zh-hans", chinese)):
        with translation.override(language):
            assert benefit_words(content).endswith(words)


def test_kinds_and_units_have_names() -> None:
    with translation.override("zh-hans"):
        assert (kind_words("set_top"), kind_words("value_added"), unit_words("min"), unit_words("GB")) == ("机顶盒", "增值业务", "分钟", "GB")
    with translation.override("en"):
        assert (kind_words("set_top"), kind_words("of-our-own")) == ("Set-top box", "of-our-own")
        pattern = SimpleNamespace(values=(), least=None, most=None, pattern="^1$", unit="")
        assert bounds_words(pattern) == "of the form ^1$"


def test_values_handed_on_are_named() -> None:
    def spec(**names: str) -> SimpleNamespace:
        return SimpleNamespace(characteristics=[SimpleNamespace(code=code, name_zh=name, name_en=name) for code, name in names.items()])

    with translation.override("en"):
        assert handed_on(spec(number="Number"), spec(number="Number"), "number", {"from": "number"}) == "Number"
        assert handed_on(spec(speed="Speed"), spec(down="Downstream"), "down", {"from": "speed"}) == "Downstream ← Speed"
        assert handed_on(spec(), None, "grade", {"value": "fine"}) == "grade ← fine"


def test_a_price_says_by_name_what_it_asks_of_a_characteristic() -> None:
    known = {"sim_form": SimpleNamespace(code="sim_form", name_zh="卡类型", name_en="SIM form", unit="", values=(SimpleNamespace(value="card", zh="实体卡", en="Plastic card"),)),
             "speed": SimpleNamespace(code="speed", name_zh="速率", name_en="Speed", unit="Mbit/s", values=())}
    with translation.override("zh-hans"):
        assert condition_words({"sim_form": "card", "speed": {"least": 300}, "else": [1, 2]}, known) == ["卡类型 = 实体卡", "速率 ≥ 300", "else = 1/2"]
