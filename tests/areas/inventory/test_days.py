"""Days are those of the place where the actor works: at one in the night in China the day has begun, in UTC it has not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.factories import accounts as make
from tests.factories.accounts import TESTER
from tongke.areas.account import services as accounts
from tongke.areas.account.models import BillingAccount
from tongke.areas.account.services import bulk as accounts_in_bulk
from tongke.areas.inventory import services as inventory
from tongke.areas.inventory.models import Product, Subscriber
from tongke.areas.inventory.services.ownership import check_transfer
from tongke.kernel.actor import acting
from tongke.kernel.ids import uuid7

FIRST_OF_APRIL = date(2026, 4, 1)
# 2026-04-01 01:00 in Shanghai, 2026-03-31 17:00 in UTC.
NIGHT = datetime(2026, 3, 31, 17, tzinfo=UTC)


@pytest.mark.parametrize(("zone", "day"), [("Asia/Shanghai", FIRST_OF_APRIL), ("UTC", date(2026, 3, 31)), ("America/New_York", date(2026, 3, 31))])
def test_the_day_is_that_of_the_actors_place(zone: str, day: date) -> None:
    assert replace(TESTER, zone=zone).day(NIGHT) == day


@pytest.mark.django_db
def test_what_begins_and_ends_in_the_night_does_so_on_the_day_that_has_begun() -> None:
    make.offering()
    customer = make.bare_customer()
    account_id = accounts.open_account(customer_id=customer.id, by=TESTER, at=NIGHT)
    line_id = inventory.install_line(customer_id=customer.id, kind="mobile", service_number="13800000001", account_id=account_id, by=TESTER, at=NIGHT)
    kept, ended = (inventory.install_product(
        customer_id=customer.id, subscriber_id=line_id, offering_code="M-59", by=TESTER, at=NIGHT) for _time in range(2))
    inventory.end_product(product_id=ended, reason="quit", by=TESTER, at=NIGHT)
    inventory.end_line(subscriber_id=line_id, reason="quit", by=TESTER, at=NIGHT)
    accounts.close_account(account_id=account_id, reason="quit", by=TESTER, at=NIGHT)
    with acting(TESTER):
        assert set(Product.objects.filter(id__in=[kept, ended]).values_list("started_on", "ended_on")) == {(FIRST_OF_APRIL, FIRST_OF_APRIL)}
        assert Subscriber.objects.values_list("activated_on", "ended_on").get(id=line_id) == (FIRST_OF_APRIL, FIRST_OF_APRIL)
        assert BillingAccount.objects.values_list("opened_on", "closed_on").get(id=account_id) == (FIRST_OF_APRIL, FIRST_OF_APRIL)


@pytest.mark.django_db
def test_a_contract_that_ended_at_midnight_does_not_stand_in_the_way_of_a_transfer() -> None:
    make.offering()
    giver, receiver = make.bare_customer(), make.bare_customer(name="张伟")
    line_id = make.line(giver, make.account(giver))
    inventory.install_product(
        customer_id=giver.id, subscriber_id=line_id, offering_code="M-59", contract_until=FIRST_OF_APRIL, by=TESTER, at=make.NOON)
    check = check_transfer(subscriber_id=line_id, to_customer_id=receiver.id, account_id=make.account(receiver), by=TESTER, at=NIGHT)
    assert check.contracts == ()
    assert check.broken == []


@pytest.mark.django_db
def test_what_is_loaded_in_the_night_without_a_day_began_on_the_day_that_has_begun() -> None:
    customer = make.bare_customer()
    loaded = {
        "id": uuid7(), "org_id": 3301, "customer": customer.id, "account_no": "A-NIGHT", "name": "", "payment_method": "", "state": "active", "payment_kind": "postpaid", "cycle_day": 1,
        "currency": "CNY", "paperless": True, "balance": Decimal(0)}
    with acting(TESTER):
        accounts_in_bulk.load_accounts(fresh=[loaded], changed=[], by=TESTER, at=NIGHT)
        assert BillingAccount.objects.get(account_no="A-NIGHT").opened_on == FIRST_OF_APRIL
