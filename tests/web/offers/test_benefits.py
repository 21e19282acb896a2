"""What promotions gave, with its contract and what leaving it gives back; answers that were recorded, judged anew."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from tests.areas.ordering import making as make
from tests.factories import accounts, pricing, staff
from tongke.areas.catalogue import services as catalogue
from tongke.areas.catalogue.models import Offering, Term
from tongke.areas.ordering import queries, services
from tongke.areas.party.models import Customer
from tongke.kernel import clock
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db


def page(customer: UUID, *rest: str, locale: str = "en") -> str:
    """A page of the customer as a clerk of Hangzhou reads it."""
    answer = staff.signed_in_at(3301, "clerk", locale=locale).get("/".join((f"/customers/{customer}", *rest)))
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.fixture
def customer() -> UUID:
    """王芳."""
    staff.tree()
    return make.person()


@pytest.fixture
def product(customer: UUID) -> UUID:
    """A plan of 王芳 under a contract of two years that gives benefits back."""
    at = clock.now()
    with acting(make.TESTER):
        offering = Offering.objects.create(
            code="M59", kind="mobile", name_zh="畅享59", name_en="Plan 59", monthly_fee=60, state="in_design", valid_from=pricing.BEGIN)
        Term.objects.create(offering=offering, code="T24", name_zh="合约", name_en="Contract", months=24, default=True, penalty_kind="give_back", penalty_percent=50)
        Offering.objects.filter(id=offering.id).update(state="launched")
    _line, (made,) = make.line_with(customer, "M59", contract_until=make.TESTER.day(at) + timedelta(days=730))
    return made


def given(customer: UUID, product: UUID | None, *, bound: bool = True) -> UUID:
    """A handset with a contract, given today; returns the promotion."""
    at = clock.now()
    today = make.TESTER.day(at)
    promotion = pricing.promotion(
        f"P-{'BOUND' if bound else 'FREE'}", kind="handset_contract", device_price=Decimal(2999), amount=Decimal(1200), term_months=24, percent=None, months=None,
        name_en="Handset deal", name_zh="购机优惠")
    contract = catalogue.Agreed(starts_on=today, ends_on=today + timedelta(days=730)) if bound else None
    catalogue.hold_promotion(promotion_id=promotion, customer_id=customer, org_id=3301, key="order-1", by=make.TESTER, at=at)
    catalogue.use_promotion(promotion_id=promotion, key="order-1", product_id=product, agreed=contract, by=make.TESTER, at=at)
    return promotion


def test_what_was_given_stands_with_what_leaving_costs(customer: UUID, product: UUID) -> None:
    assert "Nothing was given with a promotion" in page(customer, "benefits")
    given(customer, product)
    at = clock.now()
    with acting(make.clerk("inventory.view")):
        (one,) = queries.benefits_of(customer, by=make.clerk("inventory.view"), at=at)
        assert one.gives_back == queries.facts_of(customer, by=make.clerk(), at=at).held[0].penalty == Decimal("600.00")
    said = page(customer, "benefits")
    for words in ("Handset deal", "¥1,200.00", "Plan 59", "bound by contract", "Ending these products today gives back ¥600.00"):
        assert words in said
    assert "合约期内" in page(customer, "benefits", locale="zh-hans")


def test_what_is_not_bound_and_what_was_taken_back_costs_nothing(customer: UUID, product: UUID) -> None:
    given(customer, None, bound=False)
    promotion = given(customer, product)
    catalogue.release_promotion(promotion_id=promotion, key="order-1", by=make.TESTER, at=clock.now())
    said = page(customer, "benefits")
    assert "not bound" in said
    assert "taken back" in said
    assert "gives back ¥" not in said


def test_nobody_reads_what_a_customer_elsewhere_was_given(customer: UUID) -> None:
    given(customer, None)
    assert staff.signed_in_at(3302, "clerk", username="zhaolei").get(f"/customers/{customer}/benefits").status_code == 404


def recorded(customer: UUID) -> UUID:
    """An answer as a shop asked for it."""
    draft = services.QualificationDraft(customer_id=customer, items=(services.Asked(code="M99"),), wanted=queries.Wanted(channel="hall"))
    return services.record_qualification(draft=draft, by=make.clerk(), at=clock.now())


def test_a_recorded_answer_is_judged_anew_and_names_what_changed(customer: UUID) -> None:
    assert "No answer was recorded" in page(customer, "recorded")
    make.on_sale("M99")
    make.rule("R-OWE", "arrears")
    said = recorded(customer)
    listed = page(customer, "recorded")
    assert f"/customers/{customer}/recorded/{said}" in listed
    assert "Plan M99" in listed
    assert "Nothing changed since that it follows from." in page(customer, "recorded", str(said))
    with acting(make.TESTER):
        account = accounts.account(Customer.objects.get(id=customer))
    accounts.bill(account, month=3, amount="10.00")
    again = page(customer, "recorded", str(said))
    for words in ("Something else is said today", "the debts", "May not be ordered", "CAT-68"):
        assert words in again
    assert "the catalogue or its rules" not in again
    assert "今天的判定结果已不同" in page(customer, "recorded", str(said), locale="zh-hans")


def test_a_reason_that_is_gone_and_an_offer_that_is_gone_are_said(customer: UUID) -> None:
    make.on_sale("M99")
    make.rule("R-SEG", "segment", **make.about("M99"), parameters={"one_of": ["business"]})
    said = recorded(customer)
    with acting(make.TESTER):
        Customer.objects.filter(id=customer).update(segment="business")
    again = page(customer, "recorded", str(said))
    assert "the customer segment" in again
    assert "no longer" in again
    with acting(make.TESTER):
        Offering.objects.filter(code="M99").update(state="retired")
    assert "CAT-77" in page(customer, "recorded", str(said)), "no longer sold"


def test_an_answer_is_found_under_its_own_customer_only(customer: UUID) -> None:
    make.on_sale("M99")
    said, other = recorded(customer), make.person("李雷")
    assert staff.signed_in_at(3301, "clerk").get(f"/customers/{other}/recorded/{said}").status_code == 404
