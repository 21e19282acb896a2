"""What months of usage cost under a plan: allowances, rollover, tiers, begun units."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.areas.catalogue.pricing.offers import monthly, offer, quoted
from tongke.areas.catalogue.rules.pricing.offer import Allowance, Price, Tier
from tongke.areas.catalogue.rules.pricing.usage import cost_of_months, usage_plan

D = Decimal
GB = Price("data", "usage", D(5), usage_type="data_mb", unit_size=D(1024), tax_category="value_added_telecom")
CALL = Price("call", "usage", D("0.15"), usage_type="voice_minute", tax_category="basic_telecom")


def costs(*used: int, rollover: int = 0, allowance: int = 2048, price: Price = GB) -> list[str]:
    plan = usage_plan(quoted(offer(monthly("59"), price, allowances=(Allowance("data_mb", D(allowance), rollover),))))
    return [str(m.total) for m in cost_of_months(plan, [{"data_mb": D(u)} for u in used])]


@pytest.mark.parametrize(("used", "rollover", "total"), [
    ([0], 0, ["59.00"]), ([2048], 0, ["59.00"]), ([2049], 0, ["64.00"]), ([2048 + 1025], 0, ["69.00"]),
    ([0, 4096], 1, ["59.00", "59.00"]), ([0, 4097], 1, ["59.00", "64.00"]), ([0, 0, 4097], 1, ["59.00", "59.00", "64.00"]),
    ([0, 0, 6144], 2, ["59.00", "59.00", "59.00"]), ([1024, 3072, 2048], 1, ["59.00", "59.00", "59.00"]), ([0, 2048, 4096], 1, ["59.00"] * 3),
])
def test_allowance_rollover_and_begun_units(used: list[int], rollover: int, total: list[str]) -> None:
    assert costs(*used, rollover=rollover) == total


def test_overage_in_tiers() -> None:
    tiered = Price("data", "usage", D(0), usage_type="data_mb", unit_size=D(1024), tiers=(Tier(D(0), D(5)), Tier(D(2), D(3))), tax_category="value_added_telecom")
    assert costs(2048 + 3 * 1024, price=tiered) == ["72.00"]


def test_usage_that_is_priced_without_tax_costs_the_tax_too() -> None:
    net = replace(GB, amount=D("10"), tax_category="value_added_telecom", tax_included=False)
    assert costs(3072, price=net) == ["69.60"], "59 and one unit of 10 with 6 % on top"
    tiers = replace(net, tiers=(Tier(D(0), D("10")), Tier(D(1), D("5"))))
    assert costs(4096, price=tiers) == ["74.90"], "10 and 5, each with 6 % on top"


def test_each_month_tells_how_it_was_covered() -> None:
    plan = usage_plan(quoted(offer(monthly("59"), GB, CALL, allowances=(Allowance("data_mb", D(2048), 1),))))
    _first, second = cost_of_months(plan, [{"data_mb": D(1000)}, {"data_mb": D(4000), "voice_minute": D(10), "sms": D(3)}])
    data, calls, messages = second.lines
    assert (data.rolled_over, data.included, data.beyond, data.cost) == (D(1048), D(2048), D(904), D("5.00"))
    assert [t.code for t in data.traces] == ["CAT-135", "CAT-134", "CAT-136"]
    assert (calls.cost, messages.beyond, second.unpriced) == (D("1.50"), D(3), ("sms",))
    assert (second.fee, second.overage, second.total) == (D("59.00"), D("6.50"), D("65.50"))


def test_what_lines_share_is_counted_once_for_all_of_them() -> None:
    plan = usage_plan(quoted(offer(monthly("59"), GB, allowances=(Allowance("data_mb", D(5000), shared=True), Allowance("data_mb", D(1000))))))
    one = plan.for_one_of(3)
    assert (plan.shared, plan.allowance["data_mb"], one.allowance["data_mb"]) == (("data_mb",), D(6000), D(1666 + 1000))
    assert [m.total for p in (plan, one) for m in cost_of_months(p, [{"data_mb": D(2667)}])] == [D("59.00"), D("64.00")]
    assert plan.for_one_of(1) is plan


def test_a_plan_carries_what_it_includes_or_has_a_rate_for() -> None:
    plan = usage_plan(quoted(offer(monthly("59"), CALL, allowances=(Allowance("data_mb", D(5000)), Allowance("sms", D(0))))))
    assert [plan.carries(kind) for kind in ("data_mb", "voice_minute", "sms")] == [True, True, False]


@given(used=st.lists(st.integers(0, 9000), min_size=1, max_size=12), allowance=st.integers(0, 5000), rollover=st.integers(0, 3))
def test_more_rollover_never_costs_more_and_nothing_is_covered_twice(used: list[int], allowance: int, rollover: int) -> None:
    def months(lives: int) -> list[Decimal]:
        plan = usage_plan(quoted(offer(monthly("59"), GB, allowances=(Allowance("data_mb", D(allowance), lives),))))
        found = cost_of_months(plan, [{"data_mb": D(u)} for u in used])
        for month, wanted in zip(found, used, strict=True):
            for row in month.lines:
                assert row.rolled_over + row.included + row.beyond == wanted
        covered = sum((row.rolled_over + row.included for m in found for row in m.lines), D(0))
        assert covered <= allowance * len(used)
        return [m.total for m in found]

    assert sum(months(rollover + 1)) <= sum(months(rollover))
