"""The account room's rules as tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongke.areas.account import rules

D = Decimal


@pytest.mark.parametrize(("day", "holds"), [(0, False), (1, True), (28, True), (29, False), (-3, False)])
def test_acc_01_billing_day(day: int, *, holds: bool) -> None:
    assert rules.is_cycle_day(cycle_day=day) is holds


@pytest.mark.parametrize(("amount", "holds"), [("0", False), ("-1", False), ("0.01", True), ("10.005", False), ("99.90", True)])
def test_acc_06_payment_amount(amount: str, *, holds: bool) -> None:
    assert rules.is_payable(amount=D(amount)) is holds


@pytest.mark.parametrize(("start", "until", "holds"), [
    (date(2026, 1, 1), date(2026, 2, 1), True), (date(2026, 1, 1), date(2026, 1, 1), False), (date(2026, 2, 1), date(2026, 1, 1), False),
])
def test_acc_05_period(start: date, until: date, *, holds: bool) -> None:
    assert rules.period_is_forward(start=start, until=until) is holds


@pytest.mark.parametrize(("state", "holds"), [("active", True), ("prospect", True), ("suspended", True), ("left", False), ("merged", False)])
def test_acc_08_customer_state(state: str, *, holds: bool) -> None:
    assert rules.customer_may_have_accounts(state=state) is holds


@pytest.mark.parametrize(("amount", "due", "parts", "rest"), [
    ("100", ["59", "59"], ["59", "41"], "0"),
    ("200", ["59", "59"], ["59", "59"], "82"),
    ("10", ["59"], ["10"], "0"),
    ("10", [], [], "10"),
])
def test_allocate_oldest_first(amount: str, due: list[str], parts: list[str], rest: str) -> None:
    assert rules.allocate(D(amount), [D(d) for d in due]) == ([D(p) for p in parts], D(rest))


@given(st.decimals(0, 10_000, places=2), st.lists(st.decimals("0.01", 1_000, places=2), max_size=8))
def test_allocate_loses_no_cent(amount: Decimal, due: list[Decimal]) -> None:
    parts, rest = rules.allocate(amount, due)
    assert sum(parts, D(0)) + rest == amount
    assert all(0 <= part <= d for part, d in zip(parts, due, strict=True))
    assert rest == 0 or parts == due
