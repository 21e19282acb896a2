"""Accounts closed, put in force again, and taken away while nothing hangs on them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import accounts as make
from tests.factories.accounts import NOON, TESTER
from tongke.areas.account import queries, services
from tongke.areas.account.models import BillingAccount
from tongke.areas.party.models import Customer
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound, RulesBroken
from tongke.kernel.machine import IllegalMove

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


def test_a_closed_account_is_put_in_force_again() -> None:
    account = make.account(make.bare_customer())
    services.close_account(account_id=account, reason="r", by=TESTER, at=NOON)
    services.reopen_account(account_id=account, reason="r", by=TESTER, at=LATER)
    with acting(TESTER):
        row = BillingAccount.objects.get(id=account)
    assert (row.state, row.closed_on, row.changed_at) == ("active", None, LATER)
    with pytest.raises(IllegalMove):
        services.reopen_account(account_id=account, reason="r", by=TESTER, at=LATER)


def test_only_a_customer_in_force_gets_his_account_back() -> None:
    customer = make.bare_customer()
    account = make.account(customer)
    services.close_account(account_id=account, reason="r", by=TESTER, at=NOON)
    with acting(TESTER):
        Customer.objects.filter(id=customer.id).update(state="left")
    with pytest.raises(RulesBroken) as refusal:
        services.reopen_account(account_id=account, reason="r", by=TESTER, at=LATER)
    assert [b.code for b in refusal.value.broken] == ["ACC-08"]


def test_an_account_with_a_bill_or_a_line_stays() -> None:
    customer = make.bare_customer()
    billed, paying, unused = make.account(customer), make.account(customer), make.account(customer)
    make.bill(billed, month=1)
    make.line(customer, paying)
    for used in (billed, paying):
        with pytest.raises(RulesBroken) as refusal:
            services.remove_account(account_id=used, by=TESTER, at=LATER)
        assert [b.code for b in refusal.value.broken] == ["ACC-09"]
    services.remove_account(account_id=unused, by=TESTER, at=LATER)
    with acting(TESTER):
        assert {a.id for a in queries.accounts_of_customer(customer.id, by=TESTER)} == {billed, paying}


def test_who_is_elsewhere_finds_nothing_to_reopen_or_remove() -> None:
    account = make.account(make.bare_customer(org_id=3302))
    clerk = Actor(name="limin", scope=(3301,), permissions=frozenset({"account.open"}))
    with pytest.raises(NotFound):
        services.remove_account(account_id=account, by=clerk, at=LATER)
    with pytest.raises(NotFound):
        services.reopen_account(account_id=account, reason="r", by=clerk, at=LATER)
