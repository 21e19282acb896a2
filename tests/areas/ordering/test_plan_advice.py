"""What every plan would have cost on the line's own usage: by the rules' answer, with the penalty, month by month."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.factories import accounts, pricing
from tests.factories import staff as people
from tests.factories.accounts import NOON, TESTER
from tests.factories.pricing import monthly
from tongke.areas.catalogue import services as catalogue
from tongke.areas.inventory import services as inventory
from tongke.areas.inventory.models import Product, UsageMonth
from tongke.areas.ordering import queries
from tongke.areas.ordering.queries.simulation import Buyer
from tongke.areas.party.models import Customer
from tongke.kernel.actor import Actor, NotPermitted, acting
from tongke.kernel.errors import NotFound

pytestmark = pytest.mark.django_db
D = Decimal
GB = 1024 * 1024 * 1024
OVER = {"code": "data", "kind": "usage", "amount": D("5"), "usage_type": "data_mb", "unit_size": D(1024)}
CALLS = {"code": "calls", "kind": "usage", "amount": D("0.15"), "usage_type": "voice_minute", "tax_category": "basic_telecom"}


def plan(code: str, fee: str, gigabytes: int, *, rollover: int = 0, **more: Any) -> UUID:
    return pricing.offer(
        code, monthly(fee), dict(OVER), dict(CALLS), monthly_fee=D(fee),
        allowances=[{"usage_type": "data_mb", "amount": D(gigabytes * 1024), "rollover_months": rollover}, {"usage_type": "voice_minute", "amount": D(100)}], **more)


@pytest.fixture
def line() -> UUID:
    """A line on a plan of 59 yuan with 5 GB, which used 10, 2 and 8 GB in three months."""
    people.tree()
    plan("M-59", "59", 5, terms=[{
        "code": "t24", "name_zh": "两年", "name_en": "Two years", "months": 24, "default": True, "penalty_kind": "fixed", "penalty_amount": D(60)}])
    plan("M-79", "79", 12)
    plan("M-69", "69", 7, rollover=1)
    plan("M-29", "29", 0)
    pricing.offer("DRAFT", monthly("1"), launched=False)
    pricing.offer("TV", monthly("1"), kind="tv")
    customer = accounts.bare_customer()
    line_id = accounts.line(customer, accounts.account(customer))
    inventory.install_product(customer_id=customer.id, subscriber_id=line_id, offering_code="M-59", contract_until=date(2027, 6, 1), by=TESTER, at=NOON)
    with acting(TESTER):
        Product.objects.filter(subscriber_id=line_id).update(started_on=date(2025, 6, 1))
        for month, used in ((12, 10), (1, 2), (2, 8)):
            UsageMonth.objects.create(
                month_at=datetime(2025 if month == 12 else 2026, month, 1, tzinfo=UTC), subscriber_id=line_id, org_id=3301, data_bytes=used * GB,
                voice_seconds=60 * 120 - 30, charged=D("80.00"))
    return line_id


def advice(line_id: UUID, **more: Any) -> queries.Advice:
    with acting(TESTER):
        return queries.plan_advice(line_id, by=TESTER, at=NOON, **more)


def test_every_plan_is_priced_on_the_lines_own_months(line: UUID) -> None:
    found = advice(line)
    assert found.present is not None
    # 59 a month; 5 GB and 3 GB beyond at 5 yuan each; 20 minutes beyond at 0.15.
    assert (found.present.code, found.present.total) == ("M-59", D("177.00") + D("40.00") + D("9.00"))
    assert [(p.code, p.total) for p in found.plans] == [
        ("M-29", D("87.00") + D(100) + D("9.00")), ("M-69", D("207.00") + D(15) + D("9.00")), ("M-79", D("237.00") + D("9.00"))]
    cheapest = found.plans[0]
    assert (cheapest.saving, cheapest.average, cheapest.penalty, cheapest.pays_off_months) == (D("30.00"), D("65.33"), D("60.00"), 6)
    assert [m.total for m in found.plans[1].months] == [D("87.00"), D("72.00"), D("72.00")]
    assert (found.plans[1].pays_off_months, found.penalties[0].trace.code, found.penalties[0].months_left) == (None, "CAT-125", 15)
    assert [m.voice_seconds for m in found.used] == [7170] * 3
    assert found.usage[0]["voice_minute"] == D(120)


def test_the_reasons_are_told_in_both_languages(line: UUID) -> None:
    found = advice(line)
    cheapest = found.plans[0]
    assert found.present is not None
    with translation.override("en"):
        assert [w.message for w in found.present.why] == ["3 of 3 months went beyond what is included, for ¥49.00 in all"]
        assert [w.message for w in cheapest.why] == [
            "¥10.00 less a month than the present plan", "3 of 3 months went beyond what is included, for ¥109.00 in all",
            "leaving the present contract costs ¥60.00 once"]
    with translation.override("zh-hans"):
        assert cheapest.why[0].message != "¥10.00 less a month than the present plan"


def test_only_months_asked_for_count_and_gaps_are_empty_months(line: UUID) -> None:
    with acting(TESTER):
        UsageMonth.objects.filter(month_at=datetime(2026, 1, 1, tzinfo=UTC)).delete()
        UsageMonth.objects.create(month_at=datetime(2026, 3, 1, tzinfo=UTC), subscriber_id=line, org_id=3301, data_bytes=99 * GB)
    assert [u["data_mb"] for u in advice(line).usage] == [D(10240), D(0), D(8192)]
    assert [u["data_mb"] for u in advice(line, months=1).usage] == [D(8192)]


def test_a_month_counts_once_it_is_over_where_usage_is_counted(line: UUID) -> None:
    with acting(TESTER):
        after = [
            len(queries.plan_advice(line, by=TESTER, at=datetime(2026, 2, 28, 17, 0, tzinfo=UTC) + timedelta(hours=hours)).usage) for hours in (0, 7)]
    assert after == [2, 3], "at 01:00 in Shanghai the month is not whole yet, at 08:00 it is"


def test_a_line_without_usage_or_plan_is_compared_by_fee(line: UUID) -> None:
    with acting(TESTER):
        UsageMonth.objects.all().delete()
        Product.objects.filter(subscriber_id=line).update(state="terminated")
    found = advice(line)
    assert found.present is None
    assert [(p.code, p.total, p.fee) for p in found.plans][:2] == [("M-29", D("0.00"), D("29.00")), ("M-59", D("0.00"), D("59.00"))]
    with translation.override("en"):
        assert found.plans[0].why[0].message == "no month of usage is known: compared by the monthly fee"


def test_what_the_rules_refuse_is_told_apart(line: UUID) -> None:
    from tongke.areas.catalogue.models import EligibilityRule  # noqa: PLC0415 - beside the one row it makes

    with acting(TESTER):
        EligibilityRule.objects.create(
            code="NO-29", name_zh="无", name_en="No", subject_kind="offering", subject_code="M-29", kind="segment", parameters={"one_of": ["key_account"]},
            effect="refuse", state="launched", valid_from=pricing.BEGIN, created_at=pricing.BEGIN, changed_at=pricing.BEGIN)
    found = advice(line)
    assert [p.code for p in found.plans] == ["M-69", "M-79"]
    assert list(found.refused) == ["M-29"]


def test_a_plan_that_does_not_carry_calls_is_no_advice_for_a_telephone(line: UUID) -> None:
    pricing.offer("CARD-9", monthly("9"), dict(OVER), monthly_fee=D(9), allowances=[{"usage_type": "data_mb", "amount": D(99 * 1024)}])
    found = advice(line)
    assert [p.code for p in found.plans] == ["M-29", "M-69", "M-79"]
    with translation.override("en"):
        assert {code: why.message for code, why in found.unfit.items()} == {"CARD-9": "the line uses calls, which this plan does not carry"}
    with acting(TESTER):
        UsageMonth.objects.update(voice_seconds=0)
    assert list(advice(line).unfit) == ["CARD-9"], "the present plan makes the line a telephone, called or not"
    with acting(TESTER):
        Product.objects.filter(subscriber_id=line).update(state="terminated")
    assert advice(line).plans[0].code == "CARD-9", "a line that was only ever used for data"


def test_use_that_no_plan_of_the_line_ever_carried_is_told_and_ranks_last(line: UUID) -> None:
    plan("M-09", "9", 0)
    pricing.offer("M-99", monthly("99"), dict(OVER), dict(CALLS), {"code": "sms", "kind": "usage", "amount": D("0.1"), "usage_type": "sms"}, monthly_fee=D(99),
                  allowances=[{"usage_type": "data_mb", "amount": D(99 * 1024)}, {"usage_type": "voice_minute", "amount": D(500)}])
    with acting(TESTER):
        UsageMonth.objects.update(sms_count=10)
    found = advice(line)
    assert [(p.code, p.unpriced) for p in found.plans] == [("M-99", ())] + [(code, ("sms",)) for code in ("M-09", "M-29", "M-69", "M-79")]
    with translation.override("en"):
        assert found.plans[1].why[-2].message == "for text messages beyond what is included the plan has no rate: it is not in the figures"


def test_what_the_customers_lines_share_is_counted_once(line: UUID) -> None:
    pricing.offer("POOL", monthly("49"), dict(OVER), dict(CALLS), monthly_fee=D(49), allowances=[
        {"usage_type": "data_mb", "amount": D(12 * 1024), "shared": True}, {"usage_type": "voice_minute", "amount": D(100)}])
    alone = next(p for p in advice(line).plans if p.code == "POOL")
    assert (alone.total, [w.values for w in alone.why if "share" in w.says]) == (D("147.00") + D("9.00"), [])
    with acting(TESTER):
        customer = Customer.objects.get()
    for _two in range(2):
        other = accounts.line(customer, accounts.account(customer))
        inventory.install_product(customer_id=customer.id, subscriber_id=other, offering_code="POOL", by=TESTER, at=NOON)
    found = next(p for p in advice(line).plans if p.code == "POOL")
    # 4 GB of 12 for each of three lines: 6, 0 and 4 GB beyond at 5 yuan each.
    assert found.total == D("147.00") + D("50.00") + D("9.00")
    with translation.override("en"):
        assert "data: 3 lines of the customer share what is included, an equal part is counted for this one" in [w.message for w in found.why]


def test_promotions_that_may_be_taken_now_stand_beside_with_how_long_they_last(line: UUID) -> None:
    pricing.promotion("HALF", offering_codes=["M-79"], months=2)
    pricing.promotion("WEB", channels=["web"], offering_codes=["M-69"])
    pricing.promotion("NEW", new_customers_only=True, offering_codes=["M-29"])
    found = {p.code: p for p in advice(line, channel="hall").plans}
    half = found["M-79"].promoted
    assert half is not None
    assert (half.codes, half.fee, half.less, half.months, half.saved) == (("HALF",), D("39.50"), D("39.50"), 2, D("79.00"))
    assert (found["M-79"].total, found["M-69"].promoted, found["M-29"].promoted) == (D("237.00") + D("9.00"), None, None)
    with translation.override("en"):
        assert found["M-79"].why[-1].message == (
            "with a promotion that may be taken now, ¥39.50 instead of ¥79.00 a month for the first 2 months: Spring")


def test_a_promotion_that_is_used_up_is_not_counted(line: UUID) -> None:
    promotion_id = pricing.promotion("HALF", offering_codes=["M-79"], quota_total=1, quota_per_customer=1)
    assert [p.promoted and p.promoted.codes for p in advice(line).plans if p.code == "M-79"] == [("HALF",)]
    catalogue.hold_promotion(promotion_id=promotion_id, key="o1", customer_id=uuid4(), org_id=3301, by=TESTER, at=NOON)
    assert [p.promoted for p in advice(line).plans if p.code == "M-79"] == [None]


def test_who_may_and_whose_line(line: UUID) -> None:
    with pytest.raises(NotPermitted):
        queries.plan_advice(line, by=Actor(name="x", scope=None), at=NOON)
    other = Actor(name="zhaolei", scope=(3302,), permissions=frozenset({"ordering.price", "ordering.qualify", "inventory.view"}))
    with pytest.raises(NotFound), acting(other):
        queries.plan_advice(line, by=other, at=NOON)


def test_few_trips_to_the_database(line: UUID) -> None:
    advice(line)
    with acting(TESTER), CaptureQueriesContext(connection) as asked:
        queries.plan_advice(line, by=TESTER, at=NOON)
    assert len(asked) <= 6


def test_the_price_of_anything_for_a_customer_as_plain_data(line: UUID) -> None:
    pricing.promotion("HALF", offering_codes=["M-79"])
    pricing.promotion("WEB", channels=["web"], priority=-1)
    with acting(TESTER):
        customer = Customer.objects.get()
        with translation.override("en"):
            found = queries.simulate_price("M-79", buyer=Buyer(customer_id=customer.id, channel="hall"), by=TESTER, at=NOON)
        none = queries.simulate_price("M-79", buyer=Buyer(org_id=3301), promotions=[], by=TESTER, at=NOON)
    assert [(p["code"], p["applied"], [b["code"] for b in p["against"]]) for p in found["promotions"]] == [("HALF", True, []), ("WEB", False, ["CAT-153"])]
    assert (found["months"][1], found["months"][3], none["months"][1]) == (D("39.50"), D("79.00"), D("79.00"))
    row = next(r for r in found["lines"] if r["kind"] == "recurring")
    assert [r["code"] for r in row["rules"]] == ["CAT-100", "CAT-111", "CAT-117"]
    assert row["rules"][0]["says"] == "The offer's own price"
    assert row["reductions"][0]["name"] == "Spring"
