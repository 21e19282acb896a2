"""The pure rules of numbers, grades and commitments as tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongke.areas.resource.rules import numbers as rules
from tongke.areas.resource.rules.commitments import (
    Terms,
    floor_due,
    leaving_penalty,
    remaining_months,
    term_after_transfer,
    term_of,
)
from tongke.areas.resource.rules.gauges import days_left, is_low
from tongke.areas.resource.rules.grades import Grader, Pattern, is_date_tail, parameters_of
from tongke.areas.resource.states import NUMBER, ORDINARY, NumberState


@pytest.mark.parametrize(("given_", "kept"), [
    ("13857100001", "+8613857100001"), ("138 5710 0001", "+8613857100001"), ("+86 138-5710-0001", "+8613857100001"), ("8613857100001", "+8613857100001"),
    ("0571-87654321", "+8657187654321"), ("1064800000001", "+861064800000001"), ("+442079460000", "+442079460000"), ("12", None), ("", None), ("+0123456789", None),
])
def test_numbers_are_kept_in_one_form(given_: str, kept: str | None) -> None:
    assert rules.written(given_) == kept


@given(st.integers(1_000_000, 10**15 - 1))
def test_number_and_id_follow_from_each_other(digits: int) -> None:
    number = f"+{digits}"
    ident = rules.number_id(number)
    assert rules.number_of(ident) == number
    assert rules.is_number_id(ident)
    assert rules.number_id(f"+{digits - 1}") < ident


@pytest.mark.parametrize(("kind", "parameters", "fits", "fits_not"), [
    ("letters", {"pattern": "AAAA"}, ["13857108888", "13857100000"], ["13857108887", "13888880001"]),
    ("letters", {"pattern": "AABB"}, ["13857101122"], ["13857101111", "13857101123"]),
    ("letters", {"pattern": "ABAB"}, ["13857101212"], ["13857101111", "13857101221"]),
    ("letters", {"pattern": "ABCABC"}, ["13857123123"], ["13857112112"]),
    ("letters", {"pattern": "AAA", "at": "anywhere"}, ["13888810001", "13857100017"], ["13857101015"]),
    ("ladder", {"length": 4}, ["13857101234", "13857109876", "13857100123"], ["13857101235", "13857107890"]),
    ("ladder", {"length": 4, "direction": "up"}, ["13857104567"], ["13857107654"]),
    ("ladder", {"length": 5, "at": "anywhere"}, ["13845678001"], ["13845670001"]),
    ("birthday", {}, ["13819900229", "13820000229"][1:], ["13819900229", "13819901301", "13818990101"]),
    ("birthday", {"form": "MMDD"}, ["13857100229", "13857101231"], ["13857100230", "13857101301"]),
    ("birthday", {"form": "YYMMDD"}, ["13857960229"], ["13857970229"]),
    ("head_tail", {"length": 3}, ["13857100138"], ["13857100831"]),
    ("head_tail", {"length": 3, "mirrored": True}, ["13857100831"], ["13857100138"]),
    ("ends", {"any_of": ["520", "1314"]}, ["13857100520", "13857101314"], ["13857105201"]),
    ("contains", {"any_of": ["168"]}, ["13816800001"], ["13861800001"]),
    ("without", {"digits": "4"}, ["13457100001"[:3] + "57100001"], ["13857104001"]),
    ("few_digits", {"most": 2, "last": 8}, ["13811121121"], ["13811121123"]),
])
def test_patterns(kind: str, parameters: dict[str, object], fits: list[str], fits_not: list[str]) -> None:
    grader = Grader([Pattern("9", kind, parameters)])
    assert [grader.grade_of(f"+86{n}") for n in fits] == ["9"] * len(fits)
    assert [grader.grade_of(f"+86{n}") for n in fits_not] == [ORDINARY] * len(fits_not)


@pytest.mark.parametrize(("kind", "parameters"), [
    ("letters", {"pattern": "AXZ1"}), ("letters", {}), ("ladder", {"length": 2}), ("birthday", {"form": "DDMM"}), ("contains", {"any_of": []}),
    ("contains", {"any_of": ["1a"]}), ("without", {"digits": "0123456789"}), ("nonsense", {}), ("ladder", {"length": 4, "more": 1}),
])
def test_patterns_out_of_form_are_refused(kind: str, parameters: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parameters_of(kind, parameters)


def test_the_first_pattern_that_fits_decides_and_all_that_fit_are_told() -> None:
    grader = Grader([Pattern("1", "letters", {"pattern": "AAAA"}), Pattern("2", "letters", {"pattern": "AAA"})])
    assert grader.grade_of("+8613857108888") == "1"
    assert grader.fitting("+8613857108888") == [0, 1]
    assert grader.grade_of("+8613857101888") == "2"


def test_a_leap_day_is_a_birthday() -> None:
    assert is_date_tail("0229", "MMDD")
    assert not is_date_tail("19000229", "YYYYMMDD", year_from=1850)
    assert not is_date_tail("0", "MMDD")


TERMS = Terms(prestore=Decimal(5000), monthly_floor=Decimal(388), term_months=24, penalty_percent=Decimal(90))


@pytest.mark.parametrize(("sold_on", "starts_on", "ends_on"), [
    (date(2026, 11, 22), date(2026, 12, 1), date(2028, 12, 1)), (date(2026, 12, 31), date(2027, 1, 1), date(2029, 1, 1)),
    (date(2028, 2, 29), date(2028, 3, 1), date(2030, 3, 1)),
])
def test_the_floor_begins_with_the_month_after_completion(sold_on: date, starts_on: date, ends_on: date) -> None:
    assert term_of(sold_on=sold_on, term_months=24) == (starts_on, ends_on)


@pytest.mark.parametrize(("leaves_on", "months", "penalty"), [
    (date(2026, 11, 22), 24, 8380), (date(2026, 12, 1), 23, 8031), (date(2026, 12, 31), 23, 8031), (date(2028, 10, 31), 1, 349),
    (date(2028, 11, 1), 0, 0), (date(2028, 12, 1), 0, 0), (date(2031, 1, 1), 0, 0),
])
def test_leaving_pays_the_remaining_months_rounded_down(leaves_on: date, months: int, penalty: int) -> None:
    term = {"starts_on": date(2026, 12, 1), "ends_on": date(2028, 12, 1)}
    assert remaining_months(**term, leaves_on=leaves_on) == months
    assert leaving_penalty(TERMS, **term, leaves_on=leaves_on) == penalty


@pytest.mark.parametrize(("month", "suspended", "while_suspended", "due"), [
    (date(2026, 11, 1), False, True, 0), (date(2026, 12, 1), False, True, 388), (date(2026, 12, 1), True, True, 388), (date(2026, 12, 1), True, False, 0),
    (date(2028, 11, 1), False, True, 388), (date(2028, 12, 1), False, True, 0),
])
def test_the_floor_holds_also_while_suspended(*, month: date, suspended: bool, while_suspended: bool, due: int) -> None:
    terms = Terms(prestore=Decimal(0), monthly_floor=Decimal(388), term_months=24, penalty_percent=Decimal(90), floor_while_suspended=while_suspended)
    assert floor_due(terms, starts_on=date(2026, 12, 1), ends_on=date(2028, 12, 1), month=month, suspended=suspended) == due


@pytest.mark.parametrize(("exempt", "passed_on", "restarts"), [
    (False, date(2027, 5, 5), True), (False, date(2029, 1, 1), True), (True, date(2027, 5, 5), True), (True, date(2028, 12, 1), False),
])
def test_a_transfer_restarts_the_term_but_for_low_grades_after_it(*, exempt: bool, passed_on: date, restarts: bool) -> None:
    terms = Terms(prestore=Decimal(0), monthly_floor=Decimal(59), term_months=24, penalty_percent=Decimal(90), exempt_after_term=exempt)
    term = term_after_transfer(terms, ends_on=date(2028, 12, 1), passed_on=passed_on)
    assert (term is not None) == restarts
    if term:
        assert term == term_of(sold_on=passed_on, term_months=24)


@pytest.mark.parametrize(("free", "per_day", "below", "days", "low", "left"), [
    (100, "0", 0, 0, False, None), (9, "0", 10, 0, True, None), (100, "30", 10, 7, True, 3), (300, "30", 10, 7, False, 10), (0, "0", 0, 7, False, None),
])
def test_a_pool_is_low_by_number_or_by_days(*, free: int, per_day: str, below: int, days: int, low: bool, left: int | None) -> None:
    assert is_low(free=free, per_day=Decimal(per_day), dry_below=below, dry_days=days) == low
    assert days_left(free, Decimal(per_day)) == left


def test_every_state_is_reached_and_left() -> None:
    """No state of the life cycle is a trap, none stands apart."""
    ends = {end for _starts, end in NUMBER.moves.values()}
    starts = {state for found, _end in NUMBER.moves.values() for state in found}
    assert starts == set(NumberState)
    # A number ported in is entered as returned, every other as free.
    assert ends == set(NumberState)
