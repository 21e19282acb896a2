"""The catalogue's tables as the engine reads them: one trip for each revision, versions pinned, drafts by id."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import accounts
from tests.factories import pricing as make
from tests.factories.pricing import NOON, TESTER, monthly
from tongke.areas.catalogue import queries
from tongke.areas.catalogue.errors import UnknownOffering
from tongke.areas.catalogue.models import Catalogue as Tree
from tongke.areas.catalogue.models import Category, CategoryMember, Offering, Promotion
from tongke.areas.catalogue.queries import Configuration
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db
D = Decimal
HERE = Configuration(areas=(3301, 33, 1))


def test_an_offer_is_read_whole() -> None:
    make.offer(
        "B-300", monthly("80", condition={"speed": [300]}, area_id=33, tiers=((0, 80), (2, 70)), tier_mode="volume"),
        {"code": "data", "kind": "usage", "amount": D("0.290000"), "usage_type": "data_mb", "unit_size": D(10)},
        allowances=[{"usage_type": "data_mb", "amount": D(1024), "rollover_months": 1, "shared": True}],
        terms=[{"code": "t12", "name_zh": "一年", "name_en": "One year", "months": 12, "default": True, "penalty_kind": "fixed", "penalty_amount": D(100)}],
        characteristics={"speed": 300},
    )
    make.price_list("CAMPUS", ("B-300", "monthly", "60"), segment="campus", priority=5)
    found = queries.priced_offering("B-300", at=NOON)
    price, usage = found.prices
    assert (price.amount, price.condition[0].values, [(t.from_quantity, t.amount) for t in price.tiers], price.tier_mode) == (
        D("80.000000"), ("300",), [(D("0.00"), D("80.000000")), (D("2.00"), D("70.000000"))], "volume")
    assert (usage.amount, usage.unit_size, usage.source) == (D("0.290000"), D("10.00"), "B-300 v1: data")
    assert (found.allowances[0].shared, found.terms[0].penalty_amount, found.defaults) == (True, D("100.00"), {"speed": 300})
    assert queries.quote("B-300", configuration=HERE, at=NOON).monthly.total == D("80.00")
    assert queries.quote("B-300", configuration=Configuration(areas=(3301, 33, 1), segment="campus"), at=NOON).monthly.total == D("60.00")


def test_a_bundle_finds_its_parts_and_none_contains_itself() -> None:
    make.offer("TV", monthly("20"))
    make.offer("FAMILY", monthly("50", part_code="TV"), kind="bundle", parts=[
        {"part_code": "TV", "quantity_default": 2, "quantity_max": 3}, {"part_code": "FAMILY", "quantity_default": 1}, {"part_code": "GONE"}])
    found = queries.priced_offering("FAMILY", at=NOON)
    assert [part.part_code for part in found.parts] == ["TV"]
    assert queries.quote("FAMILY", configuration=HERE, at=NOON).monthly.total == D("100.00")


def test_a_version_that_a_customer_keeps_is_priced_as_it_was() -> None:
    old = accounts.offering("M-59", monthly_fee=D(59))
    from tongke.areas.catalogue import services  # noqa: PLC0415 - beside the verb it tries

    services.publish_offering(
        code="M-59", kind="mobile", name_zh="畅享59", name_en="Enjoy 59", monthly_fee=D(69), by=TESTER, at=accounts.NOON + timedelta(days=1))
    later = accounts.NOON + timedelta(days=2)
    assert queries.quote("M-59", configuration=HERE, at=later).monthly.total == D("69.00")
    assert queries.quote(old, configuration=HERE, at=later).monthly.total == D("59.00")
    assert queries.quote("M-59", configuration=HERE, at=accounts.NOON).monthly.total == D("59.00")
    assert queries.priced_offering(old, at=later).version == 1


def test_a_draft_is_priced_by_its_id_only() -> None:
    draft = make.offer("NEW", monthly("10"), launched=False)
    with pytest.raises(UnknownOffering):
        queries.priced_offering("NEW", at=NOON)
    assert queries.quote(draft, configuration=HERE, at=NOON).monthly.total == D("10.00")
    with pytest.raises(UnknownOffering):
        queries.priced_offering(uuid4(), at=NOON)
    assert "NEW" not in queries.priced_offerings(at=NOON)


def test_the_catalogue_is_read_once_for_each_revision() -> None:
    make.offer("A", monthly("10"))
    queries.quote_many(configuration=HERE, at=NOON)
    with CaptureQueriesContext(connection ) as asked:
        assert queries.quote_many(["A"], configuration=HERE, at=NOON)["A"].monthly.total == D("10.00")
        known = queries.catalogue_revision()
        queries.price_book(known=known, at=NOON)
    assert [q["sql"] for q in asked.captured_queries] == ["SELECT number, xmin::text FROM catalogue_revision"] * 2
    make.offer("B", monthly("11"))
    assert set(queries.quote_many(["A", "B"], configuration=HERE, at=NOON)) == {"A", "B"}


def test_a_change_that_is_undone_leaves_nothing_behind() -> None:
    from django.db import transaction  # noqa: PLC0415 - beside the block it undoes

    make.offer("A", monthly("10"))
    with transaction.atomic():
        make.offer("GHOST", monthly("1"))
        assert "GHOST" in queries.priced_offerings(at=NOON)
        transaction.set_rollback(True)
    make.offer("B", monthly("11"))
    assert set(queries.priced_offerings(["A", "B", "GHOST"], at=NOON)) == {"A", "B"}


def test_a_price_list_begins_and_ends_on_its_own() -> None:
    make.offer("A", monthly("10"))
    make.price_list("WEEK", ("A", "monthly", "5"), valid_from=NOON, valid_until=NOON + timedelta(days=7))
    amounts = [queries.quote("A", configuration=HERE, at=NOON + timedelta(days=d)).monthly.total for d in (-1, 0, 6, 7)]
    assert amounts == [D("10.00"), D("5.00"), D("5.00"), D("10.00")]


def test_running_promotions_with_their_categories_below() -> None:
    with acting(TESTER):
        tree = Tree.objects.create(code="MAIN", name_zh="总", name_en="Main", valid_from=make.BEGIN, changed_at=make.BEGIN)
        top = Category.objects.create(catalogue=tree, code="MOBILE", name_zh="移动", name_en="Mobile", valid_from=make.BEGIN, changed_at=make.BEGIN)
        low = Category.objects.create(
            catalogue=tree, parent=top, code="5G", name_zh="5G", name_en="5G", valid_from=make.BEGIN, changed_at=make.BEGIN)
        CategoryMember.objects.create(category=low, offering_code="M-59")
    make.promotion("IN", category_codes=["MOBILE"], priority=1)
    make.promotion("EMPTY", category_codes=["NOTHING"])
    make.promotion("ALL", priority=2)
    make.promotion("DRAFT", state="in_design")
    make.promotion("OVER", valid_until=NOON)
    assert [p.code for p in queries.promotions_running("M-59", at=NOON)] == ["ALL", "IN"]
    assert [p.code for p in queries.promotions_running("OTHER", at=NOON)] == ["ALL"]
    with acting(TESTER):
        assert Promotion.objects.count() == 5


@pytest.mark.parametrize(("category", "percents"), [("basic_telecom", [11, 10, 9]), ("value_added_telecom", [6, 6, 6]), ("goods", [17, 16, 13])])
def test_the_seeded_rates_of_tax(category: str, percents: list[int]) -> None:
    rates = [t for t in queries.price_book(at=NOON).taxes if t.category == category]
    found = []
    for day in ("2018-04-30 15:59+00:00", "2019-03-31 15:59+00:00", "2019-03-31 16:00+00:00"):
        at = datetime.fromisoformat(day)
        found += [t.percent for t in rates if t.valid and t.valid.covers(at)]
    assert found == [D(p) for p in percents]


def test_an_offer_of_nothing_but_a_fee_has_a_monthly_price() -> None:
    with acting(TESTER):
        Offering.objects.create(code="OLD", kind="fixed", name_zh="老", name_en="Old", monthly_fee=D("21.00"), valid_from=make.BEGIN)
    (row,) = queries.quote("OLD", configuration=HERE, at=NOON).lines
    assert (row.total, row.tax_percent, row.traces[0].source) == (D("21.00"), D("9.00"), "OLD v1: monthly_fee")
