"""Quotes: which price holds, what is due when, the rule behind each line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.areas.catalogue.pricing.offers import NOON, TAXES, codes, line, monthly, offer, quoted
from tongke.areas.catalogue.rules.pricing.asked import Configuration, NumberGrade, PartChoice
from tongke.areas.catalogue.rules.pricing.choosing import ambiguous_prices
from tongke.areas.catalogue.rules.pricing.codes import tiers_rise_from_zero
from tongke.areas.catalogue.rules.pricing.compiled import PriceBook
from tongke.areas.catalogue.rules.pricing.offer import Allowance, Listed, Part, Price, Term, Tier, asked_of
from tongke.areas.catalogue.rules.pricing.proration import POLICIES
from tongke.kernel.period import Period

D = Decimal
HERE = (3301, 33, 1)


def price_for(*prices: Price, **buyer: Any) -> tuple[Decimal, str]:
    found = quoted(offer(*prices, **buyer.pop("offer", {})), Configuration(**{"areas": HERE, **buyer}))
    (row,) = found.lines
    return row.net, row.traces[0].code


@pytest.mark.parametrize(("rows", "buyer", "amount", "rule"), [
    ([monthly("59")], {}, "59.00", "CAT-100"),
    ([monthly("59"), monthly("49", segment="campus")], {"segment": "campus"}, "49.00", "CAT-101"),
    ([monthly("59"), monthly("49", segment="campus")], {"segment": "public"}, "59.00", "CAT-100"),
    ([monthly("59"), monthly("55", area_id=33), monthly("50", area_id=3301)], {}, "50.00", "CAT-101"),
    ([monthly("59"), monthly("55", area_id=33), monthly("50", area_id=3302)], {}, "55.00", "CAT-101"),
    ([monthly("55", area_id=33), monthly("49", segment="campus")], {"segment": "campus"}, "55.00", "CAT-101"),
    ([monthly("49", segment="campus"), monthly("48", channel="web")], {"segment": "campus", "channel": "web"}, "49.00", "CAT-101"),
    ([monthly("50", area_id=3301), monthly("99", condition=asked_of({"speed": 500}))], {"characteristics": {"speed": "500"}}, "99.00", "CAT-101"),
])
def test_the_most_exact_price_holds(rows: list[Price], buyer: dict[str, Any], amount: str, rule: str) -> None:
    assert price_for(*rows, **buyer) == (D(amount), rule)
    assert price_for(*reversed(rows), **buyer) == (D(amount), rule)


def test_no_row_for_the_buyer_is_no_line() -> None:
    assert quoted(offer(monthly("49", segment="campus"))).lines == ()


@pytest.mark.parametrize(("condition", "chosen", "holds"), [
    ({"speed": [300, 500]}, {"speed": 300}, True), ({"speed": [300, 500]}, {"speed": 100}, False), ({"speed": 300}, {}, False),
    ({"speed": {"least": 300}}, {"speed": 1000}, True), ({"speed": {"least": 300, "most": 500}}, {"speed": 501}, False),
    ({"speed": {"least": 300}}, {"speed": "fast"}, False), ({"ip": True}, {"ip": True}, True), ({"ip": "true"}, {"ip": True}, True),
    ({"a": 1, "b": 2}, {"a": 1}, False),
])
def test_prices_may_depend_on_what_was_chosen(condition: dict[str, object], chosen: dict[str, object], *, holds: bool) -> None:
    found = quoted(offer(monthly("99", condition=asked_of(condition))), Configuration(characteristics=chosen))
    assert bool(found.lines) is holds


LISTS = (
    Listed("LOW", 1, "monthly", amount=D(50)), Listed("HIGH", 9, "monthly", segment="campus", percent=D(80)),
    Listed("OLD", 99, "monthly", amount=D(1), valid=Period(datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))),
    Listed("TWIN", 9, "monthly", area_id=3301, segment="vip", amount=D(40)), Listed("SAME", 9, "monthly", segment="vip", amount=D(41)),
)


@pytest.mark.parametrize(("segment", "amount", "source"), [("", "50.00", "LOW"), ("campus", "47.20", "HIGH"), ("vip", "40.00", "TWIN")])
def test_the_price_list_of_the_highest_priority_replaces_the_price(segment: str, amount: str, source: str) -> None:
    found = quoted(offer(monthly("59"), listed=LISTS), Configuration(areas=HERE, segment=segment))
    row = line(found, "monthly")
    assert (row.net, codes(row)[1], row.traces[1].source) == (D(amount), "CAT-102", source)


TIERS = (Tier(D(0), D(5)), Tier(D(10), D(4)), Tier(D(20), D("3.5")))


@pytest.mark.parametrize(("mode", "quantity", "amount"), [
    ("slab", 1, "5.00"), ("slab", 10, "50.00"), ("slab", 11, "54.00"), ("slab", 25, "107.50"),
    ("volume", 10, "50.00"), ("volume", 11, "44.00"), ("volume", 20, "80.00"), ("volume", 21, "73.50"),
])
def test_tiers(mode: str, quantity: int, amount: str) -> None:
    seats = monthly("0", "seats", tiers=TIERS, tier_mode=mode)
    row = line(quoted(offer(seats), Configuration(quantities={"seats": D(quantity)})), "seats")
    assert (row.net, codes(row)[1]) == (D(amount), "CAT-105" if mode == "slab" else "CAT-106")


BROADBAND = offer(monthly("80"), Price("install", "one_off", D(100), tax_category="basic_telecom"), code="B-300")
TV = offer(monthly("20"), code="TV")
MOBILE = offer(monthly("59"), code="M-59", allowances=(Allowance("data_mb", D(10240)),))
BUNDLE = offer(
    monthly("10", "care"), monthly("50", "monthly", part_code="B-300", source="bundle B-300"),
    Price("monthly", "recurring", D(0), part_code="M-59", percent_of_part=D(90), source="bundle M-59"),
    Price("install", "one_off", D(0), part_code="B-300", source="bundle install", tax_category="basic_telecom"),
    monthly("5", "box", part_code="TV", source="bundle box"),
    code="FAMILY", parts=(
        Part("B-300", BROADBAND, least=1, usual=1), Part("M-59", MOBILE, least=1, most=3, usual=1),
        Part("TV", TV, "extra", 0, 1), Part("TV2", TV, "extra", 0, 1),
    ),
)


def test_a_bundle_prices_its_parts() -> None:
    found = quoted(BUNDLE)
    assert [(row.part_code, row.code, row.net) for row in found.lines] == [
        ("B-300", "install", D("0.00")), ("", "care", D("10.00")), ("B-300", "monthly", D("50.00")), ("M-59", "monthly", D("53.10"))]
    assert [codes(row)[1] for row in found.lines[2:]] == ["CAT-103", "CAT-104"]
    assert (found.monthly.total, found.broken) == (D("113.10"), ())


def test_parts_are_taken_as_chosen() -> None:
    asked = Configuration(parts={"B-300": PartChoice(1), "M-59": PartChoice(2), "TV": PartChoice(1)})
    found = quoted(BUNDLE, asked)
    assert {(row.part_code, row.code): row.net for row in found.lines if row.part_code in ("M-59", "TV")} == {
        ("M-59", "monthly"): D("106.20"), ("TV", "monthly"): D("20.00"), ("TV", "box"): D("5.00")}
    assert [a.amount for a in found.allowances] == [D(20480)]


def test_everything_that_stands_against_a_choice_is_told_at_once() -> None:
    asked = Configuration(term_code="NOPE", parts={"M-59": PartChoice(4), "TV": PartChoice(1), "TV2": PartChoice(1), "X": PartChoice(1)})
    found = quoted(BUNDLE, asked)
    assert [b.code for b in found.broken] == ["CAT-120", "CAT-121", "CAT-138", "CAT-122"]
    assert all(b.message and b.advice for b in found.broken)


def test_what_is_due_when() -> None:
    full = offer(
        monthly("59"), Price("sim", "one_off", D(10), tax_category="goods"), Price("deposit", "deposit", D(200), tax_category="none"),
        Price("data", "usage", D(5), usage_type="data_mb", unit_size=D(1024), tax_category="value_added_telecom"),
        monthly("120", "insurance", period="year"), monthly("0.5", "storage", period="day"),
        terms=(Term("t12", 12, default=True, prestore_amount=D(100), return_months=3),), allowances=(Allowance("data_mb", D(31)),),
    )
    grade = NumberGrade("AAA", prestore=D(500), floor=D(0))
    found = quoted(full, Configuration(grade=grade))
    assert found.now.total == D("810.00")
    assert found.at_end.total == D("-200.00")
    assert [row.kind for row in found.lines] == ["one_off", "deposit", "prestore", "prestore", "recurring", "recurring", "recurring", "usage"]
    # 12 of March's 31 days; a year at once; half a yuan a day; a third of the prestore comes back.
    assert found.first_bill.total == D("22.84") + D(120) + D("6.00") - D("33.33")
    assert found.monthly.total == D("59.00") + D("15.00")
    assert found.months(5) == (D("115.51"), D("40.67"), D("40.66"), D("74.00"), D("74.00"))
    assert found.bill(13) == D("194.00")
    assert found.shown_monthly == D("84.00")
    assert [codes(line(found, c))[-1] for c in ("term:t12", "grade:AAA", "deposit")] == ["CAT-137", "CAT-108", "CAT-110"]
    assert [a.amount for a in found.first_allowances] == [D(12)]


@pytest.mark.parametrize(("floor", "missing"), [("98.00", "39.00"), ("59.00", None), ("0.00", None)])
def test_the_least_spending_is_filled_up(floor: str, missing: str | None) -> None:
    found = quoted(offer(monthly("59"), terms=(Term("t", 12, default=True, floor_amount=D(floor)),)))
    rows = [row for row in found.lines if row.code == "floor"]
    assert [row.net for row in rows] == ([D(missing)] if missing else [])
    assert all(codes(row)[0] == "CAT-109" for row in rows)


@pytest.mark.parametrize(("zone", "starts_on"), [("Asia/Shanghai", date(2026, 4, 1)), ("America/New_York", date(2026, 3, 31))])
def test_the_first_day_is_the_accounts(zone: str, starts_on: date) -> None:
    found = quoted(offer(monthly("31")), zone=zone, at=datetime(2026, 3, 31, 16, 30, tzinfo=UTC))
    assert (found.starts_on, found.first_bill.total) == (starts_on, D("31.00") if starts_on.day == 1 else D("1.00"))


def test_two_rows_that_hold_for_the_same_buyer_are_refused_at_publishing() -> None:
    rows = [monthly("59", source="a"), monthly("58", source="b"), monthly("1", area_id=33), monthly("2", area_id=33, segment="x")]
    assert [b.values["second"] for b in ambiguous_prices(rows)] == ["b"]
    speeds = [asked_of({"speed": [300, 500]}), asked_of({"speed": {"least": 500}}), asked_of({"speed": {"most": 200}}), asked_of({"ip": 1})]
    clashes = ambiguous_prices([monthly("1", condition=c, source=str(n)) for n, c in enumerate(speeds)])
    assert [(b.values["first"], b.values["second"]) for b in clashes] == [("0", "1"), ("0", "3"), ("1", "3"), ("2", "3")]
    assert {b.code for b in clashes} == {"CAT-119"}


@pytest.mark.parametrize(("froms", "rises"), [([0, 10, 20], True), ([1, 10], False), ([0, 10, 10], False), ([], False)])
def test_steps_rise_from_zero(froms: list[int], *, rises: bool) -> None:
    assert tiers_rise_from_zero(code="p", steps="", froms=[D(f) for f in froms]) is rises


@given(
    amounts=st.lists(st.decimals("0.00", "999.99", places=2), min_size=1, max_size=5), day=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    policy=st.sampled_from(POLICIES), cycle_day=st.integers(1, 28), included=st.booleans(), category=st.sampled_from(["basic_telecom", "value_added_telecom", "goods", "none"]),
)
def test_totals_are_the_sums_of_their_lines(
    amounts: list[Decimal], day: date, policy: str, cycle_day: int, category: str, *, included: bool,
) -> None:
    rows = [monthly(str(a), f"p{n}", proration=policy, tax_included=included, tax_category=category) for n, a in enumerate(amounts)]
    found = quoted(offer(*rows), on=day, cycle_day=cycle_day)
    assert found.monthly.total == sum(row.total for row in found.lines)
    assert found.monthly.tax == sum(row.tax for row in found.lines)
    assert found.first_bill.total == sum(row.first for row in found.lines) <= found.monthly.total
    for row in found.lines:
        assert row.total - row.tax == (row.total if category == "none" else row.total - row.tax)
        assert row.total == (row.net if included else row.net + row.tax)
        assert 0 <= row.first <= row.total
        assert row.total == row.total.quantize(D("0.01"))


def test_a_price_book_quotes_once_for_each_kind_of_buyer_and_day() -> None:
    book = PriceBook(1, {"M-59": offer(monthly("59"), monthly("49", segment="campus")), "TV": TV}, taxes=TAXES, edges=(NOON,))
    asked = Configuration(areas=HERE)
    first = book.quote_many(["M-59", "TV", "NONE"], asked, at=NOON)
    assert list(first) == ["M-59", "TV"]
    assert book.quote("M-59", asked, at=NOON) is first["M-59"]
    assert book.quote("M-59", Configuration(areas=HERE, segment="campus"), at=NOON).monthly.total == D("49.00")
    assert book.quote("M-59", Configuration(areas=HERE, quantity=2), at=NOON).monthly.total == D("118.00")
    assert book.quote("M-59", asked, on=date(2026, 4, 1), at=NOON).first_bill.total == D("59.00")
    assert book.usage_plan(first["TV"]) is book.usage_plan(first["TV"])


@pytest.mark.parametrize(("buyer", "amount"), [
    ({}, "59.00"), ({"segment": "vip"}, "59.00"), ({"segment": "campus"}, "49.00"), ({"channel": "web"}, "58.00"), ({"areas": (3302, 33, 1)}, "57.00"),
    ({"areas": (3301, 33, 1)}, "56.00"), ({"areas": (3201, 32, 1)}, "59.00"), ({"segment": "staff"}, "1.00"),
])
def test_buyers_are_alike_only_where_no_price_speaks_of_what_they_differ_in(buyer: dict[str, Any], amount: str) -> None:
    made = offer(
        monthly("59"), monthly("49", segment="campus"), monthly("58", channel="web"), monthly("57", area_id=33), monthly("56", area_id=3301),
        listed=(Listed("STAFF", 1, "monthly", segment="staff", amount=D(1)),))
    around = offer(code="BOX", parts=(Part("M-59", made, usual=1),))
    book = PriceBook(1, {"M-59": made, "BOX": around}, taxes=TAXES)
    for others in ({}, {"segment": "campus"}, {"channel": "web"}, {"areas": HERE}):
        book.quote_many(["M-59", "BOX"], Configuration(**others), at=NOON)
    for code in ("M-59", "BOX"):
        assert book.quote(code, Configuration(**buyer), at=NOON).monthly.total == D(amount)
    assert book.quote("M-59", Configuration(level="gold", new_customer=False), at=NOON) is book.quote("M-59", Configuration(), at=NOON)
