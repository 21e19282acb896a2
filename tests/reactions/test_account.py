"""Points that payments earn, end to end: verb, outbox, reaction."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.factories import accounts as make
from tests.factories.accounts import NOON, TESTER
from tests.reactions.test_party import react_to_everything
from tongke.areas.account import queries, services
from tongke.areas.account.models import Payment, PointsLot
from tongke.areas.party.models import Customer
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db


def rate(points_per_yuan: str) -> None:
    services.set_points_policy(
        life_months=36, owed_max=Decimal(0), yuan_per_point=Decimal("0.01"), points_per_yuan=Decimal(points_per_yuan), reason="first campaign",
        by=TESTER, at=NOON)


def points(customer: Customer) -> tuple[int, int]:
    """What there is to redeem, and what was redeemed of points that were earned in error."""
    react_to_everything()
    with acting(TESTER):
        state = queries.points_of_customer(customer.id, by=TESTER, at=NOON)
        return state.usable, state.missing


def test_payments_earn_nothing_until_a_figure_says_so() -> None:
    customer = make.bare_customer()
    make.payment(make.account(customer), "59.00")
    assert points(customer) == (0, 0)


def test_a_payment_earns_whole_points_and_takes_them_back_when_it_is_reversed() -> None:
    customer = make.bare_customer()
    rate("0.5")
    make.payment(make.account(customer), "59.99")
    assert points(customer) == (29, 0)
    assert points(customer) == (29, 0), "a reaction that runs again books nothing"
    services.redeem_points(customer_id=customer.id, points=9, key="o", by=TESTER, at=NOON)
    with acting(TESTER):
        payment = Payment.objects.get()
        assert PointsLot.objects.get().reference == payment.payment_no
    services.reverse_payment(payment_id=payment.id, reason="cheque bounced", by=TESTER, at=NOON)
    assert points(customer) == (0, 9)
    services.give_back_points(customer_id=customer.id, key="o", by=TESTER, at=NOON)
    assert points(customer) == (0, 0)


def test_a_payment_that_was_reversed_before_its_points_came_earns_none() -> None:
    customer = make.bare_customer()
    rate("1")
    make.payment(make.account(customer), "10.00")
    with acting(TESTER):
        payment_id = Payment.objects.get().id
    services.reverse_payment(payment_id=payment_id, reason="typed wrongly", by=TESTER, at=NOON)
    assert points(customer) == (0, 0)


def test_who_has_left_pays_and_earns_nothing() -> None:
    customer = make.bare_customer()
    account_id = make.account(customer)
    rate("1")
    with acting(TESTER):
        Customer.objects.filter(id=customer.id).update(state="left")
    make.payment(account_id, "10.00")
    assert points(customer) == (0, 0)
