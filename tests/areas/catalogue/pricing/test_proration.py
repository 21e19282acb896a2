"""Proration by policy (X8, T19): tables, and what holds for every period, amount and order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongke.areas.catalogue.rules.pricing.changing import Charge, adjustments, allowances_of, changed_plan, charges_of
from tongke.areas.catalogue.rules.pricing.cycle import BillingPeriod, first_instant, local_day, months_after, months_between, period_of
from tongke.areas.catalogue.rules.pricing.offer import Allowance
from tongke.areas.catalogue.rules.pricing.proration import POLICIES, Stretch, begins_on, due, due_alone

D = Decimal
MARCH = BillingPeriod(date(2026, 3, 1), date(2026, 4, 1))
FEBRUARY = BillingPeriod(date(2024, 2, 1), date(2024, 3, 1))
amounts = st.decimals("0.00", "9999.99", places=2)
days = st.dates(date(2019, 1, 1), date(2032, 12, 31))
cycle_days = st.integers(1, 28)


@pytest.mark.parametrize(("policy", "start", "end", "choice", "owed"), [
    ("daily", date(2026, 3, 1), None, "now", "59.00"),
    ("daily", date(2026, 3, 20), None, "now", "22.84"),
    ("daily", date(2026, 3, 1), date(2026, 3, 20), "now", "36.16"),
    ("daily", date(2026, 3, 31), None, "now", "1.90"),
    ("daily", date(2026, 2, 1), date(2026, 5, 1), "now", "59.00"),
    ("half_month", date(2026, 3, 1), None, "now", "59.00"),
    ("half_month", date(2026, 3, 15), None, "now", "59.00"),
    ("half_month", date(2026, 3, 16), None, "now", "29.50"),
    ("half_month", date(2026, 3, 1), date(2026, 3, 16), "now", "29.50"),
    ("half_month", date(2026, 3, 1), date(2026, 3, 17), "now", "59.00"),
    ("full", date(2026, 3, 31), None, "now", "59.00"),
    ("full", date(2026, 3, 1), date(2026, 3, 2), "now", "59.00"),
    ("after_15th", date(2026, 3, 15), None, "next", "59.00"),
    ("after_15th", date(2026, 3, 16), None, "now", "29.50"),
    ("after_15th", date(2026, 3, 16), None, "next", "0.00"),
    ("next_cycle", date(2026, 3, 1), None, "now", "59.00"),
    ("next_cycle", date(2026, 3, 2), None, "now", "0.00"),
    ("none", date(2026, 3, 31), None, "now", "59.00"),
    ("none", date(2026, 3, 1), date(2026, 3, 31), "now", "0.00"),
    ("daily", date(2026, 4, 1), None, "now", "0.00"),
    ("full", date(2026, 3, 9), date(2026, 3, 9), "now", "0.00"),
])
def test_a_part_of_a_period_by_policy(policy: str, start: date, end: date | None, choice: str, owed: str) -> None:
    assert due_alone(D("59.00"), policy, MARCH, start=start, end=end, choice=choice) == D(owed)


def test_an_unknown_policy_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="no proration policy"):
        due_alone(D(1), "weekly", MARCH, start=MARCH.start)


def test_a_leap_months_days_are_counted() -> None:
    assert due_alone(D("29.00"), "daily", FEBRUARY, start=date(2024, 2, 29)) == D("1.00")
    assert period_of(date(2024, 2, 29), 1).days == 29
    assert period_of(date(2023, 2, 10), 28) == BillingPeriod(date(2023, 1, 28), date(2023, 2, 28))


@pytest.mark.parametrize(("day", "cycle_day", "start", "end"), [
    (date(2026, 1, 5), 10, date(2025, 12, 10), date(2026, 1, 10)), (date(2026, 1, 10), 10, date(2026, 1, 10), date(2026, 2, 10)),
    (date(2026, 12, 31), 1, date(2026, 12, 1), date(2027, 1, 1)), (date(2026, 3, 1), 28, date(2026, 2, 28), date(2026, 3, 28)),
])
def test_a_billing_period_begins_on_the_accounts_day(day: date, cycle_day: int, start: date, end: date) -> None:
    assert period_of(day, cycle_day) == BillingPeriod(start, end)


@pytest.mark.parametrize(("start", "end", "months"), [
    (date(2026, 1, 1), date(2027, 1, 1), 12), (date(2026, 1, 31), date(2026, 2, 28), 1), (date(2026, 1, 31), date(2026, 3, 1), 2),
    (date(2026, 5, 5), date(2026, 5, 6), 1), (date(2026, 5, 5), date(2026, 5, 5), 0), (date(2026, 5, 5), date(2026, 4, 5), 0),
])
def test_begun_months_count_whole(start: date, end: date, months: int) -> None:
    assert months_between(start, end) == months


@given(day=days, months=st.integers(0, 60))
def test_so_many_months_later_are_so_many_months(day: date, months: int) -> None:
    assert months_between(day, months_after(day, months)) == months


@given(day=days, cycle_day=cycle_days)
def test_every_day_lies_in_one_period(day: date, cycle_day: int) -> None:
    period = period_of(day, cycle_day)
    assert period.start <= day < period.end
    assert period_of(period.end, cycle_day).start == period.end
    assert 28 <= period.days <= 31


@pytest.mark.parametrize(("zone", "instant", "day"), [
    ("Asia/Shanghai", datetime(2026, 2, 28, 16, 0, tzinfo=UTC), date(2026, 3, 1)),
    ("Asia/Shanghai", datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC), date(2026, 2, 28)),
    ("America/New_York", datetime(2026, 3, 8, 4, 59, tzinfo=UTC), date(2026, 3, 7)),
    ("America/New_York", datetime(2026, 3, 9, 3, 59, tzinfo=UTC), date(2026, 3, 8)),
    ("America/New_York", datetime(2026, 11, 2, 4, 59, tzinfo=UTC), date(2026, 11, 1)),
])
def test_the_day_is_the_accounts(zone: str, instant: datetime, day: date) -> None:
    assert local_day(instant, zone) == day


@given(day=days, zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "America/Sao_Paulo", "Asia/Beirut", "Pacific/Apia"]))
def test_a_days_first_instant_is_on_that_day_and_none_before(day: date, zone: str) -> None:
    instant = first_instant(day, zone)
    assert local_day(instant, zone) == day
    assert local_day(instant - timedelta(microseconds=1), zone) < day


@given(
    amount=amounts, day=days, cycle_day=cycle_days, cuts=st.lists(st.integers(0, 31), max_size=6), seed=st.integers(0, 99),
    policy=st.sampled_from(["daily", "half_month"]), quantum=st.sampled_from([D("0.01"), D(1)]),
)
def test_stretches_of_one_price_sum_to_the_whole_in_any_order(
    *, amount: Decimal, day: date, cycle_day: int, cuts: list[int], seed: int, policy: str, quantum: Decimal,
) -> None:
    period = period_of(day, cycle_day)
    amount = amount.quantize(quantum)
    edges = sorted({0, period.days, *(c for c in cuts if c < period.days)})
    parts = [
        Stretch(amount, policy, period.start + timedelta(a), period.start + timedelta(b)) for a, b in pairwise(edges)]
    owed = due(parts, period, quantum=quantum)
    assert sum(owed) == amount
    assert all(part >= 0 and part % quantum == 0 for part in owed)
    order = list(range(len(parts)))
    Random(seed).shuffle(order)
    assert due([parts[i] for i in order], period, quantum=quantum) == [owed[i] for i in order]


@given(old=amounts, new=amounts, day=days, cycle_day=cycle_days, at=st.integers(0, 30), policy=st.sampled_from(POLICIES), choice=st.sampled_from(["now", "next"]))
def test_a_change_of_plan_never_costs_more_than_its_policy_lets_it(
    *, old: Decimal, new: Decimal, day: date, cycle_day: int, at: int, policy: str, choice: str,
) -> None:
    period = period_of(day, cycle_day)
    on = period.start + timedelta(min(at, period.days - 1))
    lines = changed_plan(
        [Charge("old", old, policy, date(2018, 1, 1))], Charge("new", new, policy, on, None, choice), period=period)
    total = sum((line.amount for line in lines), D(0))
    bound = {
        "daily": max(old, new) + D("0.01"), "half_month": old / 2 + new / 2 + max(old, new) / 2 + D("0.01"), "full": old + new, "after_15th": old + new,
        "next_cycle": max(old, new), "none": max(old, new),
    }[policy]
    assert 0 <= total <= bound
    if policy in ("daily", "half_month", "none", "next_cycle"):
        assert total >= min(old, new) - D("0.01") or policy == "half_month"


def test_each_half_is_paid_once_by_the_last_in_it() -> None:
    lines = charges_of([Charge("a", D(60), "half_month", date(2026, 2, 1), date(2026, 3, 10)), Charge("b", D(100), "half_month", date(2026, 3, 10))], MARCH)
    assert [(line.code, line.amount) for line in lines] == [("a", D("0.00")), ("b", D("100.00"))]


def test_a_double_change_on_one_day_leaves_out_the_one_in_between() -> None:
    day = date(2026, 3, 11)
    lines = changed_plan(
        [Charge("a", D(31), "daily", date(2026, 1, 1), day), Charge("b", D(310), "full", day, day)], Charge("c", D(62), "daily", day), period=MARCH)
    assert [(line.code, line.amount) for line in lines] == [("a", D("10.00")), ("c", D("42.00"))]


def test_what_was_billed_in_advance_is_credited() -> None:
    lines = changed_plan(
        [Charge("a", D(31), "daily", date(2026, 1, 1))], Charge("c", D(62), "daily", date(2026, 3, 11)), period=MARCH, billed={"a": D("31.00")})
    assert [(line.code, line.amount, line.trace.code) for line in lines] == [("a", D("-21.00"), "CAT-131"), ("c", D("42.00"), "CAT-111")]


@pytest.mark.parametrize(("policy", "choice", "on", "begins"), [
    ("next_cycle", "now", date(2026, 3, 11), date(2026, 4, 1)), ("after_15th", "next", date(2026, 3, 16), date(2026, 4, 1)),
    ("after_15th", "next", date(2026, 3, 15), date(2026, 3, 15)), ("daily", "next", date(2026, 3, 16), date(2026, 3, 16)),
    ("next_cycle", "now", date(2026, 3, 1), date(2026, 3, 1)),
])
def test_some_plans_wait_for_the_next_period(policy: str, choice: str, on: date, begins: date) -> None:
    assert begins_on(policy, MARCH, start=on, choice=choice) == begins
    if begins == MARCH.end:
        lines = changed_plan([Charge("old", D(31), "daily", date(2026, 1, 1), on)], Charge("new", D(99), policy, on, None, choice), period=MARCH)
        assert [(line.code, line.amount) for line in lines] == [("old", D(31))]


def test_allowances_are_prorated_to_whole_units() -> None:
    included = (Allowance("data_mb", D(10240)), Allowance("voice_minute", D(100), proration="half_month"), Allowance("data_mb", D(100), proration="full"))
    first = allowances_of(included, MARCH, start=date(2026, 1, 1), end=date(2026, 3, 20))
    rest = allowances_of(included, MARCH, start=date(2026, 3, 20))
    assert first == {"data_mb": D(6376), "voice_minute": D(100)}
    assert rest == {"data_mb": D(3964 + 100), "voice_minute": D(50)}


def test_a_closed_period_is_mended_by_lines_of_the_next_bill_once() -> None:
    billed, owed = {"a": D("59.00"), "b": D("10.00")}, {"a": D("36.16"), "c": D("22.84"), "b": D("10.00")}
    lines = adjustments(billed, owed, period=MARCH)
    assert [(line.code, line.amount, line.trace.code) for line in lines] == [("a", D("-22.84"), "CAT-132"), ("c", D("22.84"), "CAT-132")]
    assert adjustments(billed, owed, period=MARCH, adjusted={line.code: line.amount for line in lines}) == []


@given(billed=st.dictionaries(st.sampled_from("abcd"), amounts), owed=st.dictionaries(st.sampled_from("abcd"), amounts))
def test_bill_and_adjustments_come_to_what_was_owed(billed: dict[str, Decimal], owed: dict[str, Decimal]) -> None:
    lines = adjustments(billed, owed, period=MARCH)
    assert sum(billed.values()) + sum(line.amount for line in lines) == sum(owed.values())
