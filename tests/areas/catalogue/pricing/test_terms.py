"""Contracts: penalties by version, money that comes back, overlapping contracts, upgrades (X7, T20)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongke.areas.catalogue.rules.pricing.cycle import months_after
from tongke.areas.catalogue.rules.pricing.offer import Term
from tongke.areas.catalogue.rules.pricing.terms import (
    contract_of,
    extended,
    in_order,
    locked_until,
    not_returned,
    penalties,
    penalty,
    return_schedule,
)

D = Decimal
START = date(2026, 1, 15)


@pytest.mark.parametrize(("term", "on", "amount", "rule", "left"), [
    (Term("t", 12, penalty_kind="remaining_months", penalty_percent=D(30)), date(2026, 7, 15), "176.40", "CAT-124", 6),
    (Term("t", 12, penalty_kind="remaining_months", penalty_percent=D(30)), date(2026, 7, 16), "176.40", "CAT-124", 6),
    (Term("t", 12, penalty_kind="remaining_months", penalty_percent=D(30)), date(2026, 7, 14), "205.80", "CAT-124", 7),
    (Term("t", 12, penalty_kind="remaining_months", penalty_percent=D(30), floor_amount=D(128)), date(2026, 12, 15), "38.40", "CAT-124", 1),
    (Term("t", 12, penalty_kind="fixed", penalty_amount=D("200.00")), date(2027, 1, 14), "200.00", "CAT-125", 1),
    (Term("t", 24, penalty_kind="give_back"), date(2027, 1, 15), "500.00", "CAT-126", 12),
    (Term("t", 24, penalty_kind="give_back", penalty_percent=D(50)), date(2027, 1, 15), "250.00", "CAT-126", 12),
    (Term("t", 12, penalty_kind="fixed", penalty_amount=D(200)), date(2027, 1, 15), "0.00", "CAT-127", 0),
    (Term("t", 12), date(2026, 2, 1), "0.00", "CAT-127", 12),
    (Term("t", 12, penalty_kind="fixed", penalty_amount=D(200)), date(2025, 12, 1), "200.00", "CAT-125", 12),
])
def test_what_leaving_costs(term: Term, on: date, amount: str, rule: str, left: int) -> None:
    found = penalty(contract_of("M-98", term, starts_on=START, monthly=D(98), benefits=D(1000)), on=on)
    assert (found.amount, found.trace.code, found.months_left) == (D(amount), rule, left)


@pytest.mark.parametrize(("start", "months", "on", "left"), [
    (date(2026, 1, 31), 12, date(2026, 2, 27), 12), (date(2026, 1, 31), 12, date(2026, 2, 28), 11), (date(2026, 1, 31), 12, date(2026, 4, 30), 9),
    (date(2026, 1, 31), 2, date(2026, 2, 28), 1), (date(2024, 2, 29), 12, date(2024, 3, 29), 11), (date(2024, 2, 29), 24, date(2025, 2, 28), 12),
    (date(2023, 8, 31), 6, date(2024, 2, 29), 0), (date(2023, 8, 31), 12, date(2024, 2, 29), 6), (date(2026, 3, 30), 11, date(2027, 2, 27), 1),
])
def test_a_month_of_a_contract_goes_by_on_the_last_day_of_a_shorter_one(start: date, months: int, on: date, left: int) -> None:
    assert contract_of("c", Term("t", months), starts_on=start).months_left(on) == left


@given(start=st.dates(date(2023, 1, 1), date(2028, 12, 31)), months=st.integers(1, 36))
def test_on_its_day_a_month_of_the_contract_has_gone_by(start: date, months: int) -> None:
    contract = contract_of("c", Term("t", months), starts_on=start)
    for gone in range(months + 1):
        day = months_after(start, gone)
        assert contract.months_left(day) == months - gone
        if gone and start.day <= 28:
            assert contract.months_left(date.fromordinal(day.toordinal() - 1)) == months - gone + 1


def test_an_unknown_kind_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="no kind of penalty"):
        penalty(contract_of("x", Term("t", 12, penalty_kind="beg"), starts_on=START), on=START)


@given(amount=st.decimals("0.01", "99999.99", places=2), months=st.integers(1, 60), returned=st.integers(0, 70))
def test_what_comes_back_sums_to_what_was_paid(amount: Decimal, months: int, returned: int) -> None:
    parts = return_schedule(amount, months)
    assert (len(parts), sum(parts)) == (months, amount)
    assert sum(parts[:returned]) + not_returned(amount, months, returned_months=returned) == amount
    assert max(parts[:-1], default=parts[-1]) - min(parts[:-1], default=parts[-1]) == 0


def test_nothing_comes_back_over_no_months() -> None:
    assert return_schedule(D(100), 0) == []


def test_overlapping_contracts_are_left_oldest_first_and_bind_until_the_last() -> None:
    fee = Term("fee", 12, penalty_kind="fixed", penalty_amount=D(100))
    handset = contract_of("HANDSET", Term("h", 24, penalty_kind="give_back"), starts_on=date(2025, 6, 1), benefits=D(2400))
    plan, over = contract_of("PLAN", fee, starts_on=START), contract_of("OVER", fee, starts_on=date(2024, 1, 1))
    bound = [plan, handset, over]
    assert [c.code for c in in_order(bound)] == ["OVER", "HANDSET", "PLAN"]
    assert locked_until(bound, on=date(2026, 6, 1)) == date(2027, 6, 1)
    assert [(p.code, p.amount) for p in penalties(bound, on=date(2026, 6, 1))] == [("HANDSET", D("1200.00")), ("PLAN", D("100.00"))]
    assert locked_until(bound, on=date(2027, 6, 1)) is None


@pytest.mark.parametrize(("mode", "months", "until"), [
    ("from_now", 12, date(2027, 7, 15)), ("from_now", 3, date(2027, 1, 15)), ("after_present", 12, date(2028, 1, 15)),
])
def test_an_upgrade_never_shortens_the_lock(mode: str, months: int, until: date) -> None:
    before = contract_of("PLAN", Term("a", 12, penalty_kind="give_back"), starts_on=START, monthly=D(59), benefits=D(600))
    after = extended(before, Term("b", months, penalty_kind="give_back"), on=date(2026, 7, 15), mode=mode, monthly=D(99), benefits=D(100))
    assert (after.ends_on, after.monthly, after.term.code) == (until, D(99), "b")
    assert after.benefits == D("400.00")
    assert after.ends_on >= before.ends_on


@given(months=st.integers(1, 36), on=st.dates(date(2026, 1, 15), date(2029, 1, 1)), start=st.dates(date(2026, 1, 1), date(2026, 3, 31)))
def test_a_penalty_never_grows_while_the_contract_runs_down(months: int, on: date, start: date) -> None:
    for kind in ("remaining_months", "give_back", "fixed"):
        contract = contract_of(
            "c", Term("t", months, penalty_kind=kind, penalty_percent=D(30), penalty_amount=D(50)), starts_on=start, monthly=D(59), benefits=D(500))
        today, tomorrow = (penalty(contract, on=date.fromordinal(on.toordinal() + n)).amount for n in (0, 1))
        assert 0 <= tomorrow <= today
