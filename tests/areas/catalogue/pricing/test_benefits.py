"""Promotions and discounts on a quote: effects, stacking, order, objections (E10, E11, E14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.areas.catalogue.pricing.offers import NOON, codes, line, monthly, offer, promotion, quoted
from tongke.areas.catalogue.rules.pricing import giving
from tongke.areas.catalogue.rules.pricing.asked import Configuration
from tongke.areas.catalogue.rules.pricing.benefits import Benefit, Discount, combined, objections, why_impossible
from tongke.areas.catalogue.rules.pricing.offer import Price, Term
from tongke.areas.catalogue.rules.pricing.quoting import Quote
from tongke.kernel.period import Period

D = Decimal
PLAN = offer(monthly("100", proration="full"), Price("sim", "one_off", D(10), tax_category="goods"))


def with_(*promotions: Any, **more: Any) -> Quote:
    return quoted(PLAN, promotions=promotions, **more)


@pytest.mark.parametrize(("made", "months", "now", "rule"), [
    (promotion("P", "percent_off", percent=D(30), months=2), ("70.00", "70.00", "100.00"), "10.00", "CAT-160"),
    (promotion("P", "percent_off", percent=D(30)), ("70.00", "70.00", "70.00"), "10.00", "CAT-160"),
    (promotion("P", "amount_off", amount=D(30), months=1), ("70.00", "100.00", "100.00"), "10.00", "CAT-161"),
    (promotion("P", "amount_off", amount=D(300), months=1), ("0.00", "100.00", "100.00"), "10.00", "CAT-161"),
    (promotion("P", "months_free", months=2), ("0.00", "0.00", "100.00"), "10.00", "CAT-162"),
    (promotion("P", "prestore_return", prestore=D(100), return_months=3), ("66.67", "66.67", "66.66"), "110.00", "CAT-163"),
    (promotion("P", "prestore_return", prestore=D(100), amount=D(20), return_months=2), ("40.00", "40.00", "100.00"), "110.00", "CAT-163"),
    (promotion("P", "handset_contract", device_price=D(3000), amount=D(1000), months=24, floor=D(128)), ("110.84", "128.00", "128.00"), "2010.00", "CAT-164"),
    (promotion("P", "gift_points", points=500), ("100.00",) * 3, "10.00", ""),
    (promotion("P", "percent_off", percent=D(100), charge_kinds=("one_off",)), ("100.00",) * 3, "0.00", "CAT-160"),
    (promotion("P", "amount_off", amount=D(5), charge_codes=("other",)), ("100.00",) * 3, "10.00", ""),
])
def test_what_each_kind_gives(made: Any, months: tuple[str, ...], now: str, rule: str) -> None:
    found = with_(made)
    assert found.months(3) == tuple(D(m) for m in months)
    assert found.now.total == D(now)
    followed = {r.trace.code for row in found.lines for r in row.reductions} | {c for row in found.lines for c in codes(row)}
    assert followed & {f"CAT-{n}" for n in range(160, 166)} == ({rule} if rule else set())
    assert found.promotions == ("P",)


def test_points_are_a_gift_beside_the_price() -> None:
    assert [(g.kind, g.amount) for g in with_(promotion("P", "gift_points", points=500)).gifts] == [("points", D(500))]


HALF = promotion("HALF", "percent_off", percent=D(50), group="fee", priority=1)
TEN = promotion("TEN", "amount_off", amount=D(10), group="fee", priority=9)
MORE = promotion("MORE", "percent_off", percent=D(10), priority=5)
ALONE = promotion("ALONE", "months_free", months=9, stackable=False, priority=7)


@pytest.mark.parametrize(("tried", "choose", "taken", "amount"), [
    ([HALF, TEN], "best", ("HALF",), "50.00"), ([HALF, TEN], "priority", ("TEN",), "90.00"),
    ([HALF, TEN, MORE], "best", ("MORE", "HALF"), "45.00"), ([HALF, TEN, MORE], "priority", ("TEN", "MORE"), "81.00"),
    ([TEN, ALONE], "best", ("ALONE",), "0.00"), ([HALF, MORE, ALONE], "best", ("ALONE",), "0.00"), ([TEN, ALONE], "priority", ("TEN",), "90.00"),
    ([MORE, ALONE], "priority", ("ALONE",), "0.00"),
])
def test_which_combination_is_taken(tried: list[Any], choose: str, taken: tuple[str, ...], amount: str) -> None:
    for order in permutations(tried):
        found = with_(*order, choose=choose)
        assert (found.promotions, found.bill(1)) == (taken, D(amount))


def test_the_contract_is_the_horizon_of_what_is_best() -> None:
    short, long = promotion("SHORT", "months_free", months=3, group="g"), promotion("LONG", "percent_off", percent=D(20), group="g")
    for months, taken in ((12, "SHORT"), (24, "LONG")):
        found = quoted(replace(PLAN, terms=(Term("t", months, default=True),)), promotions=[short, long])
        assert found.promotions == (taken,)


def test_the_best_combination_is_judged_in_the_order_in_which_it_is_applied() -> None:
    """59 % off and then 41 yuan would leave nothing; but the 41 yuan come off first, for their promotion goes before."""
    first, more, much = (
        promotion("FIRST", "amount_off", amount=D(41), priority=5), promotion("MORE", "percent_off", percent=D(59), priority=4),
        promotion("MUCH", "amount_off", amount=D(76), priority=3))
    assert with_(first, more).bill(2) == D("24.19")
    found = with_(first, more, much)
    assert found.bill(2) == 0
    assert "MUCH" in found.promotions


def test_of_many_promotions_those_that_save_least_are_not_looked_at() -> None:
    few = [promotion(f"P{n:02}", "percent_off", percent=D(1), priority=n + 1) for n in range(12)]
    assert "MUCH" in with_(*few, promotion("MUCH", "amount_off", amount=D(80))).promotions


def test_of_two_that_save_the_same_the_one_with_points_is_given() -> None:
    points = promotion("POINTS", "gift_points", points=500)
    assert set(with_(HALF, points).promotions) == {"HALF", "POINTS"}


@settings(max_examples=40)
@given(
    percents=st.lists(st.integers(1, 60), min_size=1, max_size=12), groups=st.lists(st.sampled_from(["", "a", "b"]), min_size=12, max_size=12),
    amounts=st.lists(st.integers(0, 80), min_size=12, max_size=12),
)
def test_no_other_pair_of_allowed_promotions_saves_more(percents: list[int], groups: list[str], amounts: list[int]) -> None:
    tried = [
        promotion(f"P{n}", "amount_off", amount=D(amounts[n]), group=groups[n], priority=n) if amounts[n] > 40
        else promotion(f"P{n}", "percent_off", percent=D(p), group=groups[n], priority=n) for n, p in enumerate(percents)
    ]
    found = with_(*tried)
    assert found.months(2)[1] >= 0
    by_code = {p.code: p for p in tried}
    held = [by_code[code].stacking_group for code in found.promotions if by_code[code].stacking_group]
    assert len(held) == len(set(held))
    assert all(with_(one).bill(2) >= found.bill(2) for one in tried)


@pytest.mark.parametrize(("change", "code"), [
    ({"valid": Period(NOON + timedelta(1))}, "CAT-150"), ({"offerings": ("OTHER",)}, "CAT-151"), ({"segments": ("campus",)}, "CAT-152"),
    ({"channels": ("web",)}, "CAT-153"), ({"customers": "new"}, "CAT-154"), ({"areas": (32,)}, "CAT-155"), ({"levels": ("gold",)}, "CAT-156"),
])
def test_what_stands_against_a_promotion(change: dict[str, Any], code: str) -> None:
    asked = Configuration(segment="public", areas=(3301, 33, 1), channel="hall", new_customer=False)
    made = replace(HALF, **change)
    found = objections(made, PLAN, asked, at=NOON)
    assert [b.code for b in found] == [code]
    assert found[0].message
    assert with_(made, configuration=asked).promotions == ()


def test_all_that_stands_against_a_promotion_is_told_at_once() -> None:
    made = replace(HALF, offerings=("X",), segments=("x",), levels=("x",), channels=("x",), customers="existing", areas=(9,), valid=Period(NOON + timedelta(1)))
    assert [b.code for b in objections(made, PLAN, Configuration(), at=NOON)] == [
        "CAT-150", "CAT-151", "CAT-152", "CAT-156", "CAT-153", "CAT-154", "CAT-155"]


@pytest.mark.parametrize(("discount", "months"), [
    (Discount("monthly", percent=D(20)), ("80.00", "80.00")), (Discount("monthly", amount=D(15), months=1), ("85.00", "100.00")),
    (Discount("other", percent=D(20)), ("100.00", "100.00")), (Discount("", kind="recurring", amount=D(500)), ("0.00", "0.00")),
])
def test_discounts_come_off_one_price(discount: Discount, months: tuple[str, ...]) -> None:
    assert with_(discounts=[discount]).months(2) == tuple(D(m) for m in months)


def test_discounts_come_after_promotions() -> None:
    found = with_(HALF, discounts=[Discount("monthly", percent=D(10), given_by="chenqiang")])
    row = line(found, "monthly")
    assert [(r.trace.code, r.amount, r.trace.source) for r in row.reductions] == [("CAT-160", D("50.00"), "HALF v1"), ("CAT-166", D("5.00"), "chenqiang")]
    assert row.net == D("45.00")


@pytest.mark.parametrize(("first", "months", "later"), [
    (promotion("P", "months_free", months=3), ("0.00", "0.00", "0.00", "90.00", "90.00"), "90.00"),
    (promotion("P", "percent_off", percent=D(50), months=3), ("45.00", "45.00", "45.00", "90.00", "90.00"), "90.00"),
    (promotion("P", "amount_off", amount=D(95), months=2), ("4.50", "4.50", "90.00", "90.00", "90.00"), "90.00"),
])
def test_what_lasts_longer_comes_off_the_whole_charge_once_what_came_before_has_ended(first: Any, months: tuple[str, ...], later: str) -> None:
    found = with_(first, discounts=[Discount("monthly", percent=D(10))])
    assert found.months(5) == tuple(D(m) for m in months)
    assert found.monthly.total == D(later)
    (last,) = [r for r in line(found, "monthly").reductions if r.since > 1]
    assert (last.amount, last.months, last.trace.code) == (D("10.00"), None, "CAT-166")


def test_the_best_combination_counts_what_lasts_after_the_free_months() -> None:
    found = with_(promotion("FREE", "months_free", months=3), promotion("TENTH", "percent_off", percent=D(10), priority=-1))
    assert found.promotions == ("FREE", "TENTH")
    assert found.bill(4) == D("90.00")


def _off(left: Decimal, kind: str, figure: Decimal) -> Decimal:
    """What one benefit takes off what is left of one charge, reckoned anew."""
    taken = left if kind == "months_free" else (left * figure / 100).quantize(D("0.01")) if kind == "percent_off" else figure
    return min(taken, left)


def _figure(kind: str, figure: Decimal) -> dict[str, Any]:
    """What a benefit of this kind says beside its months."""
    return {"percent_off": {"percent": figure}, "amount_off": {"amount": figure}}.get(kind, {})


KINDS = st.sampled_from(["percent_off", "amount_off", "months_free"])
FIGURES = st.tuples(KINDS, st.integers(1, 60).map(D), st.integers(0, 6))


@given(fees=st.lists(st.integers(1, 200).map(D), min_size=1, max_size=3), taken=st.lists(FIGURES, max_size=4), by_hand=st.lists(FIGURES, max_size=2))
def test_every_month_is_what_runs_in_it_taken_off_one_after_the_other(
    fees: list[Decimal], taken: list[tuple[str, Decimal, int]], by_hand: list[tuple[str, Decimal, int]],
) -> None:
    drafts = [
        giving.Draft(monthly(str(fee), code=f"fee{n}"), "", D(1), fee.quantize(D("0.01")), ()) for n, fee in enumerate(fees)]
    promotions = [
        promotion(f"P{n}", kind, months=max(months, 1) if kind == "months_free" else months, **_figure(kind, figure)) for n, (kind, figure, months) in enumerate(taken)]
    discounts = [Discount("", months=months, **(_figure(kind, figure) or {"percent": figure})) for kind, figure, months in by_hand]
    after = giving.discounted(giving.apply(drafts, promotions)[0], discounts)
    running = [(kind, figure, max(months, 1) if kind == "months_free" else months) for kind, figure, months in taken]
    running += [("amount_off" if kind == "amount_off" else "percent_off", figure, months) for kind, figure, months in by_hand]
    for month in (*range(1, 9), None):
        left = list(fees)
        for kind, figure, months in running:
            if months and (month is None or month > months):
                continue
            rest = figure
            for place, amount in enumerate(left):
                less = _off(amount, kind, rest if kind == "amount_off" else figure)
                left[place], rest = amount - less, rest - less
        assert [draft.left(month) for draft in after] == left


@pytest.mark.parametrize(("benefit", "why"), [
    (Benefit("percent_off", percent=D(10)), ""), (Benefit("percent_off"), "percent must be above zero"),
    (Benefit("percent_off", percent=D(101)), "percent is above 100"), (Benefit("bribe"), "bribe is no kind of benefit"),
    (Benefit("prestore_return", prestore=D(100)), "return_months must be above zero"),
    (Benefit("handset_contract", device_price=D(10), amount=D(11), months=12), "amount is above device_price"),
    (Benefit("handset_contract", device_price=D(10), months=12, prestore=D(9)), "return_months must be above zero where prestore is"),
    (Benefit("amount_off", amount=D("0.001")), "amounts have at most two decimals"), (Benefit("gift_points", points=1), ""),
])
def test_benefits_make_sense(benefit: Benefit, why: str) -> None:
    assert why_impossible(benefit) == why


def test_nothing_to_combine_is_nothing() -> None:
    assert combined([], lambda _chosen: D(0)) == ()
