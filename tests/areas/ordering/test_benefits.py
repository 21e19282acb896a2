"""What a customer was given under a contract comes back in part when it is left early."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection

from tests.areas.ordering import making as make
from tests.factories import pricing, staff
from tongke.areas.catalogue import services as catalogue
from tongke.areas.catalogue.models import BenefitGiven, Offering, Term
from tongke.areas.contact_centre.services import merge_customers, move_customer
from tongke.areas.ordering import queries
from tongke.areas.party.models import Customer
from tongke.areas.party.services.merging import separate_parties
from tongke.kernel.actor import Actor, acting

pytestmark = pytest.mark.django_db
SIGNED, ENDS = date(2026, 6, 1), date(2028, 6, 1)
CONTRACT = catalogue.Agreed(starts_on=SIGNED, ends_on=ENDS, monthly=Decimal(60))


@pytest.fixture(autouse=True)
def _tree() -> None:
    staff.tree()


def on_sale(code: str, *, kind: str = "give_back", percent: int = 100) -> None:
    """An offering whose contract gives benefits back."""
    with acting(make.TESTER):
        offering = Offering.objects.create(
            code=code, kind="mobile", name_zh=f"套餐{code}", name_en=f"Plan {code}", monthly_fee=60, state="in_design", valid_from=pricing.BEGIN)
        Term.objects.create(offering=offering, code="T24", name_zh="合约", name_en="Contract", months=24, default=True, penalty_kind=kind, penalty_percent=percent)
        Offering.objects.filter(id=offering.id).update(state="launched")


def given(customer: UUID, product: UUID | None, agreed: catalogue.Agreed | None = CONTRACT, *, key: str = "order-1", **benefit: object) -> UUID:
    """A share of a promotion, used for a product."""
    promotion = pricing.promotion(f"P-{key.upper()}", **{
        "kind": "handset_contract", "device_price": Decimal(2999), "amount": Decimal(1200), "term_months": 24, "percent": None, "months": None, **benefit})
    catalogue.hold_promotion(promotion_id=promotion, customer_id=customer, org_id=3301, key=key, by=make.TESTER, at=make.NOON)
    catalogue.use_promotion(promotion_id=promotion, key=key, product_id=product, agreed=agreed, by=make.TESTER, at=make.NOON)
    return promotion


def penalty(customer: UUID, *, at: datetime = make.NOON, by: Actor | None = None) -> Decimal:
    """What ending the customer's only product costs."""
    return queries.facts_of(customer, by=by or make.clerk(), at=at).held[0].penalty


def test_the_penalty_gives_back_the_months_that_are_left_of_every_benefit() -> None:
    on_sale("M59")
    customer = make.person()
    _line, (product,) = make.line_with(customer, "M59", contract_until=ENDS)
    assert penalty(customer) == Decimal(0), "nothing was given yet"
    given(customer, product)
    assert penalty(customer) == Decimal(1200)
    half = make.NOON + timedelta(days=365)
    assert penalty(customer, at=half) == Decimal(600)
    # A gift on top of a prestore, for a year only, is given back by the months of its own contract.
    given(customer, product, catalogue.Agreed(starts_on=SIGNED, ends_on=date(2027, 6, 1)), key="order-2", kind="prestore_return",
          prestore_amount=Decimal(240), amount=Decimal(60), return_months=12)
    assert penalty(customer) == Decimal(1260)
    assert penalty(customer, at=half) == Decimal(600)
    assert penalty(customer, at=make.NOON + timedelta(days=800)) == Decimal(0)


def test_a_share_that_was_taken_back_gives_nothing() -> None:
    on_sale("M59", percent=50)
    customer = make.person()
    _line, (product,) = make.line_with(customer, "M59", contract_until=ENDS)
    promotion = given(customer, product)
    assert penalty(customer) == Decimal(600)
    catalogue.release_promotion(promotion_id=promotion, key="order-1", by=make.TESTER, at=make.NOON)
    assert penalty(customer) == Decimal(0)
    catalogue.hold_promotion(promotion_id=promotion, customer_id=customer, org_id=3301, key="order-1", by=make.TESTER, at=make.NOON)
    assert penalty(customer) == Decimal(0)
    again = catalogue.Agreed(starts_on=SIGNED, ends_on=ENDS, worth=Decimal(800))
    for _time in range(2):
        catalogue.use_promotion(promotion_id=promotion, key="order-1", product_id=product, agreed=again, by=make.TESTER, at=make.NOON)
    assert penalty(customer) == Decimal(400)


@pytest.mark.parametrize(("benefit", "agreed", "amount", "points"), [
    ({"kind": "percent_off", "percent": Decimal(50), "months": 6, "device_price": None, "amount": None}, CONTRACT, Decimal(180), 0),
    ({"kind": "percent_off", "percent": Decimal(50), "months": None, "device_price": None, "amount": None}, CONTRACT, Decimal(720), 0),
    ({"kind": "amount_off", "amount": Decimal(100), "months": 3, "device_price": None}, CONTRACT, Decimal(180), 0),
    ({"kind": "months_free", "months": 30, "device_price": None, "amount": None}, CONTRACT, Decimal(1440), 0),
    ({"kind": "months_free", "months": 3, "device_price": None, "amount": None}, None, Decimal(0), 0),
    ({"kind": "gift_points", "points": 500, "device_price": None, "amount": None}, CONTRACT, Decimal(0), 500),
    ({}, None, Decimal(1200), 0),
])
def test_what_each_kind_of_promotion_comes_to(benefit: dict[str, object], agreed: catalogue.Agreed | None, amount: Decimal, points: int) -> None:
    customer = make.person()
    given(customer, None, agreed, **benefit)
    with acting(make.TESTER):
        kept = BenefitGiven.objects.get()
    assert (kept.amount, kept.points, kept.customer_id, kept.contract_until) == (amount, points, customer, agreed.ends_on if agreed else None)


def rows() -> list[str]:
    """Every benefit as the database has it."""
    with acting(make.TESTER), connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(b)::text FROM catalogue_benefit_given b ORDER BY id")
        return [text for (text,) in cursor.fetchall()]


def test_benefits_go_along_when_customers_are_merged_separated_and_moved() -> None:
    on_sale("M59")
    survivor, absorbed = make.person(), make.person("王芳芳")
    _line, (product,) = make.line_with(absorbed, "M59", contract_until=ENDS)
    given(absorbed, product)
    before = rows()
    with acting(make.TESTER):
        parties = dict(Customer.objects.filter(id__in=[survivor, absorbed]).values_list("id", "party_id"))
    merged = merge_customers(survivor_id=parties[survivor], absorbed_id=parties[absorbed], reason="同一人", by=make.TESTER, at=make.NOON)
    with acting(make.TESTER):
        assert BenefitGiven.objects.get().customer_id == survivor
    assert penalty(survivor) == Decimal(1200)
    separate_parties(merge_id=merged, reason="不是同一人", by=make.TESTER, at=make.NOON + timedelta(days=1))
    assert rows() == before
    move_customer(customer_id=absorbed, to_org=3302, reason="迁居", by=make.TESTER, at=make.NOON + timedelta(days=1))
    with acting(make.TESTER):
        assert BenefitGiven.objects.get().org_id == 3302
    with acting(make.clerk()):
        assert not BenefitGiven.objects.exists()


def test_the_comparison_of_plans_counts_what_is_given_back() -> None:
    on_sale("M59")
    customer = make.person()
    line, (product,) = make.line_with(customer, "M59", contract_until=ENDS)
    given(customer, product)
    with acting(make.TESTER):
        advice = queries.plan_advice(line, by=make.TESTER, at=make.NOON)
    assert [found.amount for found in advice.penalties] == [Decimal(1200)]
