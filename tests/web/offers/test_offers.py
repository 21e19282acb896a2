"""What a customer may order, on the page: by outcome with every reason, priced, logged, within scope, in both languages."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.areas.ordering import making as make
from tests.factories import pricing, staff
from tongke.areas.party.models import Customer
from tongke.areas.staff.models import Look
from tongke.kernel import clock
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ground() -> None:
    """Two plans with a price, an add-on that requires one of them, and an add-on that asks for the customer's word."""
    staff.tree()
    pricing.offer("M59", pricing.monthly("59.00"), name_zh="畅享59", name_en="Plan 59")
    pricing.offer("M99", pricing.monthly("99.00"), name_zh="畅享99", name_en="Plan 99")
    pricing.offer("ADD5", pricing.monthly("5.00"), kind="value_added", name_zh="加装5", name_en="Add-on 5")


@pytest.fixture
def customer() -> UUID:
    """王芳 of Hangzhou."""
    return make.person()


def needs_m59() -> None:
    """Let ADD5 require M59."""
    make.rule("R-ADD", "requires", at=clock.now(), **make.about("ADD5"), parameters={"offerings": ["M59"]})


def clerk(org_id: int = 3301, *roles: str, locale: str = "en") -> Client:
    """A clerk of a local network."""
    return staff.signed_in_at(org_id, *(roles or ("clerk",)), locale=locale)


def test_offers_stand_by_outcome_with_every_reason(customer: UUID) -> None:
    """The eligible come first with their fee; the refused tell why, by which rule, and what would mend it. The look is in the log."""
    needs_m59()
    answer = clerk().get(f"/customers/{customer}/offers")
    page = answer.content.decode()
    assert answer.status_code == 200, page
    first, refused = page.index("May be ordered now"), page.index("Not now: what stands against it")
    assert first < page.index("Plan 59") < refused < page.index("Add-on 5")
    assert "¥59.00" in page
    assert "Plan 59 is neither held nor ordered along" in page
    assert "Add Plan 59 first" in page
    assert "R-ADD v1" in page
    assert answer["Cache-Control"] == "no-store"
    with acting(make.TESTER):
        assert Look.objects.filter(customer_id=customer, kind="view").exists()


def test_chinese(customer: UUID) -> None:
    """The same page in Chinese."""
    page = clerk(locale="zh-hans").get(f"/customers/{customer}/offers").content.decode()
    assert "现在可以办理" in page
    assert "畅享59" in page


def test_narrowed_by_kind_and_line(customer: UUID) -> None:
    """Only the kind asked for stays; judged on a line that holds the plan the add-on may be ordered."""
    needs_m59()
    line, _products = make.line_with(customer, "M59", number="13857100001")
    client = clerk()
    whole = client.get(f"/customers/{customer}/offers").content.decode()
    assert str(line) in whole
    assert "13857100001" not in whole.replace(" ", "")
    answer = client.post(f"/customers/{customer}/offers", {"kind": "value_added", "channel": "hall", "line": str(line)}, headers={"HX-Request": "true", "HX-Target": "offers"})
    part = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in part
    assert "Add-on 5" in part
    assert "Plan 99" not in part
    assert "neither held nor ordered along" not in part


def test_an_unknown_address_is_said_beside_the_field(customer: UUID) -> None:
    """Nothing is judged at a place that is not known."""
    page = clerk().post(f"/customers/{customer}/offers", {"address": "火星路1号", "channel": "hall"}).content.decode()
    assert "No such address is known" in page


def test_leaving_a_contract_costs_a_penalty_that_the_customer_agrees_to(customer: UUID) -> None:
    """Instead of a plan under contract another one may be ordered on condition; the penalty is named."""
    make.on_sale_with_term("M77", fee=77, months=24, percent=30)
    make.rule("R-CONTRACT", "contract", at=clock.now(), subject_kind="all", effect="agree", parameters={})
    line, _products = make.line_with(customer, "M77", number="13857100002", contract_until=clock.now().date() + timedelta(days=365))
    page = clerk().post(f"/customers/{customer}/offers", {"channel": "hall", "line": str(line), "instead": "on", "kind": "mobile"}).content.decode()
    assert "if the customer agrees" in page
    assert "Penalty" in page


def test_a_price_line_by_line_with_its_rules(customer: UUID) -> None:
    """The part names each charge, its tax and the rules behind it, and leads to a discount."""
    answer = clerk().get(f"/customers/{customer}/offers/price/M59?channel=hall")
    part = answer.content.decode()
    assert answer.status_code == 200
    assert "¥59.00" in part
    assert "CAT-100" in part
    assert f"/customers/{customer}/discounts/new?offering=M59" in part
    refused = clerk().get(f"/customers/{customer}/offers/price/NONE")
    assert "NONE" in refused.content.decode()


def test_plans_are_drawn_for_an_own_line_only(customer: UUID) -> None:
    """One bar a plan; another customer's line is not found."""
    line, _products = make.line_with(customer, "M59", number="13857100003")
    answer = clerk().get(f"/customers/{customer}/offers/lines/{line}")
    part = answer.content.decode()
    assert answer.status_code == 200
    assert part.count("tk-plan-bar") == 2
    assert "Plan 99" in part
    other = make.person("李雷")
    assert clerk().get(f"/customers/{other}/offers/lines/{line}").status_code == 404


def test_the_panel_of_the_whole_view(customer: UUID) -> None:
    """The customer's view fetches the panel; it counts by outcome and leads on."""
    client = clerk()
    assert f"/customers/{customer}/offers/panel" in client.get(f"/customers/{customer}").content.decode()
    part = client.get(f"/customers/{customer}/offers/panel").content.decode()
    assert "Plan 59" in part
    assert f"/customers/{customer}/points" in part


def test_permissions_and_scope(customer: UUID) -> None:
    """Who may not judge is refused; out of scope there is no such customer."""
    analyst = clerk(3301, "analyst")
    assert analyst.get(f"/customers/{customer}/offers").status_code == 403
    assert "offers/panel" not in analyst.get(f"/customers/{customer}").content.decode()
    nanjing = clerk(3201)
    for path in ("offers", "offers/panel", "offers/price/M59", "points", "discounts"):
        assert nanjing.get(f"/customers/{customer}/{path}").status_code == 404, path
    assert clerk().get(f"/customers/{uuid4()}/offers").status_code == 404
    assert Client().get(f"/customers/{customer}/offers").status_code == 302


def test_names_are_masked_for_whom_they_are_masked(customer: UUID) -> None:
    """A role without clear sight of names reads the masked one."""
    staff.role("judge_only", "party.view", "ordering.qualify")
    page = clerk(3301, "judge_only").get(f"/customers/{customer}/offers").content.decode()
    assert "王芳" not in page
    assert "王*" in page
    assert "¥59.00" not in page
    assert "Your post does not price offers" in page
    with acting(make.TESTER):
        assert Customer.objects.get(id=customer).credit_limit >= Decimal(0)
