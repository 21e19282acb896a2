"""The inventory room's verbs on the real database."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from tests.factories import accounts as make
from tests.factories.accounts import NOON, TESTER
from tongke.areas.catalogue.errors import UnknownOffering
from tongke.areas.inventory import queries, services
from tongke.areas.inventory.errors import NumberInUse
from tongke.areas.inventory.models import Payer, Product, Subscriber, SubscriberRole
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound, RulesBroken
from tongke.kernel.machine import IllegalMove
from tongke.kernel.models import StateChange

pytestmark = pytest.mark.django_db


def test_line_has_owner_holder_and_payer() -> None:
    customer = make.bare_customer()
    account_id = make.account(customer)
    line_id = make.line(customer, account_id, number="138 5710 0001")
    with acting(TESTER):
        assert queries.line_brief(line_id, by=TESTER).service_number == "+8613857100001"
        assert {(r.role, r.party_id) for r in queries.roles_of_line(line_id, by=TESTER)} == {
            ("legal_owner", customer.party_id), ("holder", customer.party_id)}
        assert [(p.account_id, p.charge_type) for p in queries.payers_of_line(line_id, by=TESTER)] == [(account_id, "*")]


def test_line_lists_every_reason_at_once() -> None:
    customer = make.bare_customer(party_state="initialized")
    account_id = make.account(customer)
    with pytest.raises(RulesBroken) as refusal:
        services.install_line(customer_id=customer.id, kind="mobile", service_number="", account_id=account_id, by=TESTER, at=NOON)
    assert [b.code for b in refusal.value.broken] == ["INV-02", "INV-03"]


def test_number_is_held_once_until_its_line_ends() -> None:
    first, second = make.bare_customer(), make.bare_customer(name="李四")
    line_id = make.line(first, make.account(first), number="13900000001")
    with pytest.raises(NumberInUse):
        make.line(second, make.account(second), number="139-0000-0001")
    services.end_line(subscriber_id=line_id, reason="quit", by=TESTER, at=NOON + timedelta(days=1))
    make.line(second, make.account(second), number="13900000001")
    with acting(TESTER):
        assert Subscriber.objects.filter(service_number="+8613900000001").count() == 2
        assert not SubscriberRole.objects.filter(subscriber_id=line_id, valid_until__isnull=True).exists()
        assert not Payer.objects.filter(subscriber_id=line_id, valid_until__isnull=True).exists()


def test_products_follow_their_line() -> None:
    customer = make.bare_customer()
    make.offering()
    line_id = make.line(customer, make.account(customer))
    product_id = services.install_product(customer_id=customer.id, offering_code="M-59", subscriber_id=line_id, by=TESTER, at=NOON)
    for verb, state in ((services.suspend_line, "suspended"), (services.resume_line, "active"), (services.end_line, "terminated")):
        verb(subscriber_id=line_id, reason="r", by=TESTER, at=NOON)
        with acting(TESTER):
            assert Product.objects.get(id=product_id).state == state
    with acting(TESTER):
        assert [c.to_state for c in StateChange.objects.filter(subject_id=line_id).order_by("id")] == ["suspended", "active", "terminated"]
    with pytest.raises(IllegalMove):
        services.resume_line(subscriber_id=line_id, reason="r", by=TESTER, at=NOON)


def test_product_keeps_the_version_it_was_sold_in() -> None:
    customer = make.bare_customer()
    make.offering()
    product_id = services.install_product(customer_id=customer.id, offering_code="M-59", by=TESTER, at=NOON)
    make.offering(monthly_fee=Decimal("69.00"))
    with acting(TESTER):
        product = Product.objects.select_related("offering").get(id=product_id)
        assert (product.offering.version, product.monthly_fee) == (1, Decimal("59.00"))


def test_unknown_offering_is_refused() -> None:
    with pytest.raises(UnknownOffering):
        services.install_product(customer_id=make.bare_customer().id, offering_code="NONE", by=TESTER, at=NOON)


def test_payer_before_ends_when_another_is_assigned() -> None:
    customer, company = make.bare_customer(), make.bare_customer(name="浙江蓝海贸易有限公司")
    line_id = make.line(customer, make.account(customer))
    other = make.account(company)
    services.assign_payer(subscriber_id=line_id, account_id=other, limit_amount=Decimal(100), by=TESTER, at=NOON + timedelta(hours=1))
    with acting(TESTER):
        in_force = Payer.objects.filter(subscriber_id=line_id, valid_until__isnull=True)
        assert [(p.account_id, p.limit_amount) for p in in_force] == [(other, Decimal("100.00"))]


def test_lines_of_another_network_are_not_found() -> None:
    customer = make.bare_customer(org_id=3302)
    line_id = make.line(customer, make.account(customer))
    clerk = Actor(name="limin", scope=(3301,), permissions=frozenset({"inventory.view", "inventory.change_state"}))
    with acting(clerk), pytest.raises(NotFound):
        queries.line_brief(line_id, by=clerk)
    with pytest.raises(NotFound):
        services.suspend_line(subscriber_id=line_id, reason="r", by=clerk, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_twenty_clerks_one_number_one_winner() -> None:
    customer = make.bare_customer()
    account_id = make.account(customer)
    won: list[object] = []
    lost: list[object] = []

    def claim() -> None:
        try:
            won.append(make.line(customer, account_id, number="13911112222"))
        except NumberInUse as refusal:
            lost.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=claim) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 19)
