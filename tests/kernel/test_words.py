"""Money, periods, keys, sealing, rules and the clock: the kernel's words as tables and properties."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tongke.kernel import clock, keys, sealing
from tongke.kernel.errors import RulesBroken
from tongke.kernel.ids import uuid7
from tongke.kernel.money import CurrencyMismatch, Money
from tongke.kernel.period import Period
from tongke.kernel.rules import all_rules, collect, require, rule
from tongke.kernel.sealing import SealBroken

D = Decimal


@rule("TST-01", says="The age {age} is below {least}", mend="Come back in {missing} years", field="age")
def old_enough(*, age: int, least: int, missing: int) -> bool:
    del missing
    return age >= least


def test_broken_rules_come_all_at_once_with_their_sentences() -> None:
    broken = collect((old_enough, {"age": 12, "least": 16, "missing": 4}), None, (old_enough, {"age": 16, "least": 16, "missing": 0}))
    assert [(b.code, b.message, b.advice, b.field) for b in broken] == [
        ("TST-01", "The age 12 is below 16", "Come back in 4 years", "age")]
    with pytest.raises(RulesBroken) as refusal:
        require(broken)
    assert refusal.value.message == "TST-01 The age 12 is below 16"
    require([])


def test_a_rule_code_is_used_once() -> None:
    with pytest.raises(ValueError, match="TST-01"):
        rule("TST-01", says="x")(lambda: True)
    assert "TST-01" in [r.code for r in all_rules()]


@given(st.decimals(-10_000, 10_000, places=2), st.lists(st.integers(1, 99), min_size=1, max_size=9))
def test_split_money_loses_no_cent(amount: Decimal, weights: list[int]) -> None:
    parts = Money(amount).split(weights)
    assert sum((p.amount for p in parts), D(0)) == amount
    assert len(parts) == len(weights)


@pytest.mark.parametrize(("amount", "currency", "rounded"), [
    ("0.125", "CNY", "0.12"), ("0.135", "CNY", "0.14"), ("-0.125", "CNY", "-0.12"), ("12.5", "JPY", "12"), ("13.5", "JPY", "14"),
])
def test_money_rounds_half_even_at_the_minor_unit(amount: str, currency: str, rounded: str) -> None:
    assert Money(D(amount), currency).rounded().amount == D(rounded)


def test_currencies_do_not_mix() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(D(1)) + Money(D(1), "USD")


@pytest.mark.parametrize(("at", "covered"), [(date(2026, 1, 1), True), (date(2026, 1, 31), True), (date(2026, 2, 1), False), (date(2025, 12, 31), False)])
def test_periods_are_half_open(at: date, *, covered: bool) -> None:
    assert Period(date(2026, 1, 1), date(2026, 2, 1)).covers(at) is covered


def test_adjacent_periods_do_not_overlap_and_backward_ones_are_refused() -> None:
    january, february = Period(date(2026, 1, 1), date(2026, 2, 1)), Period(date(2026, 2, 1))
    assert not january.overlaps(february)
    assert february.overlaps(Period(date(2030, 1, 1)))
    with pytest.raises(ValueError, match="ends"):
        Period(date(2026, 2, 1), date(2026, 1, 1))


@pytest.mark.parametrize(("name", "full", "initials"), [
    ("王芳", "wangfang", "wf"), ("单雄信", "shanxiongxin", "sxx"), ("曾国藩", "zengguofan", "zgf"), ("吕布", "lvbu", "lb"),
    ("尉迟恭", "yuchigong", "ycg"), ("John  Smith", "johnsmith", "js"), ("Ａ·Ｂ", "ab", "ab"),
    ("浙江蓝海银行有限公司", "zhejianglanhaiyinhangyouxiangongsi", "zjlhyhyxgs"),
])
def test_pinyin_of_names(name: str, full: str, initials: str) -> None:
    assert keys.name_pinyin(name) == (full, initials)


@pytest.mark.parametrize(("given_number", "e164"), [
    ("13857100001", "+8613857100001"), ("138 5710 0001", "+8613857100001"), ("+86 138-5710-0001", "+8613857100001"),
    ("0571-87654321", "+8657187654321"), ("１３８５７１０００01", "+8613857100001"), ("+44 20 7946 0958", "+442079460958"),
    ("12", None), ("", None), ("not a number", None),
])
def test_phones_in_e164(given_number: str, e164: str | None) -> None:
    assert keys.phone_e164(given_number) == e164


@pytest.mark.parametrize(("left", "right"), [
    ("中山路 88号，3栋 201室", "中山路88号3幢201"), ("阳光花园3号楼", "阳光花园3幢"), ("ＡＢＣ　Road", "abcroad"),
])
def test_addresses_that_mean_the_same_have_one_key(left: str, right: str) -> None:
    assert keys.address_key(left) == keys.address_key(right)


@pytest.mark.parametrize(("number", "masked"), [
    ("330102199001011234", "3301************34"), ("E12345678", "*******78"), ("12", "**12"),
])
def test_masked_documents(number: str, masked: str) -> None:
    assert keys.mask_document(number) == masked


@given(st.text(max_size=200), st.sampled_from(["party.document", "staff.totp"]))
def test_sealed_text_opens_for_its_own_field_only(text: str, field: str) -> None:
    sealed = sealing.seal(text, field=field)
    assert sealing.unseal(sealed, field=field) == text
    with pytest.raises(SealBroken):
        sealing.unseal(sealed, field="other")
    with pytest.raises(SealBroken):
        sealing.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), field=field)


def test_sealing_twice_gives_other_bytes_and_the_index_gives_the_same() -> None:
    assert sealing.seal("x", field="f") != sealing.seal("x", field="f")
    assert sealing.blind_index("x", field="f") == sealing.blind_index("x", field="f")
    assert sealing.blind_index("x", field="f") != sealing.blind_index("x", field="g")


def test_moved_clock_runs_on_from_where_it_was_put() -> None:
    instant = datetime(2030, 1, 1, tzinfo=UTC)
    with clock.moved_to(instant):
        assert timedelta(0) <= clock.now() - instant < timedelta(minutes=1)
    assert clock.now() < instant


def test_ids_ascend_and_carry_version_seven() -> None:
    made = [uuid7() for _ in range(1000)]
    assert made == sorted(made)
    assert {i.version for i in made} == {7}


def test_refusals_speak_the_active_language() -> None:
    from tongke.kernel.errors import NotFound  # noqa: PLC0415 - Django is set up by then

    with translation.override("en"):
        english = NotFound().message
    with translation.override("zh-hans"):
        chinese = NotFound().message
    assert english == "Nothing with this key was found in your area of responsibility"
    assert chinese != english
