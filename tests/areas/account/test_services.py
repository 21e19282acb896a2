"""The account room's verbs on the real database."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import accounts as make
from tests.factories.accounts import NOON, TESTER
from tongke.areas.account import services
from tongke.areas.account.errors import BillExists, PaymentExists
from tongke.areas.account.models import Bill, BillingAccount, Payment
from tongke.kernel.actor import Actor, NotPermitted, acting
from tongke.kernel.errors import Conflict, NotFound, RulesBroken
from tongke.kernel.machine import IllegalMove
from tongke.kernel.models import AuditRow, OutboxEvent

pytestmark = pytest.mark.django_db
D = Decimal


def held(account_id: object) -> BillingAccount:
    with acting(TESTER):
        return BillingAccount.objects.get(id=account_id)


def test_open_account_announces_and_is_audited() -> None:
    customer = make.bare_customer()
    account_id = make.account(customer, name="王芳家庭账户")
    with acting(TESTER):
        event = OutboxEvent.objects.get(subject_id=account_id)
        assert (event.name, event.customer_id) == ("account.account_opened.v1", customer.id)
        row = AuditRow.objects.get(row_id=str(account_id))
        assert (row.op, row.after["name"], row.actor) == ("I", "王芳家庭账户", "system:test")


def test_open_account_lists_every_broken_rule() -> None:
    customer = make.bare_customer(state="left")
    with pytest.raises(RulesBroken) as refusal:
        make.account(customer, cycle_day=31)
    assert [b.code for b in refusal.value.broken] == ["ACC-08", "ACC-01"]


def test_open_account_of_another_network_is_not_found() -> None:
    customer = make.bare_customer(org_id=3302)
    clerk = Actor(name="limin", scope=(3301,), permissions=frozenset({"account.open"}))
    with pytest.raises(NotFound):
        services.open_account(customer_id=customer.id, by=clerk, at=NOON)


def test_open_account_needs_the_permission() -> None:
    with pytest.raises(NotPermitted) as refusal:
        services.open_account(customer_id=uuid4(), by=Actor(name="x", scope=None), at=NOON)
    assert refusal.value.values == {"permission": "account.open"}


def test_change_account_refuses_a_stale_change() -> None:
    account_id = make.account(make.bare_customer())
    services.change_account(account_id=account_id, changes={"cycle_day": 5}, read_at=NOON, by=TESTER, at=NOON + timedelta(minutes=1))
    with pytest.raises(Conflict):
        services.change_account(account_id=account_id, changes={"cycle_day": 7}, read_at=NOON, by=TESTER, at=NOON + timedelta(minutes=2))
    assert held(account_id).cycle_day == 5


def test_payment_settles_oldest_bill_first_and_holds_the_rest() -> None:
    account_id = make.account(make.bare_customer())
    first, second = make.bill(account_id, month=1), make.bill(account_id, month=2)
    make.payment(account_id, "100.00")
    with acting(TESTER):
        assert [(b.id, b.paid, b.state) for b in Bill.objects.order_by("period_from")] == [
            (first, D("59.00"), "settled"), (second, D("41.00"), "partiallyPaid"),
        ]
    make.payment(account_id, "50.00")
    account = held(account_id)
    assert (account.owed, account.balance) == (D("0.00"), D("32.00"))


def test_held_money_pays_the_next_bill() -> None:
    account_id = make.account(make.bare_customer())
    make.payment(account_id, "20.00")
    make.bill(account_id, month=1)
    assert (held(account_id).owed, held(account_id).balance) == (D("39.00"), D("0.00"))


def test_same_payment_twice_counts_once_and_another_under_its_number_is_refused() -> None:
    account_id = make.account(make.bare_customer())
    assert make.payment(account_id, "20.00", payment_no="Y1") == make.payment(account_id, "20.00", payment_no="Y1")
    with pytest.raises(PaymentExists):
        make.payment(account_id, "30.00", payment_no="Y1")
    assert held(account_id).balance == D("20.00")


def test_reversal_opens_the_bills_again() -> None:
    account_id = make.account(make.bare_customer())
    make.bill(account_id, month=1)
    payment_id = make.payment(account_id, "80.00")
    services.reverse_payment(payment_id=payment_id, reason="bounced", by=TESTER, at=NOON)
    assert (held(account_id).owed, held(account_id).balance) == (D("59.00"), D("0.00"))
    with pytest.raises(IllegalMove):
        services.reverse_payment(payment_id=payment_id, reason="again", by=TESTER, at=NOON)


def test_bill_sent_again_changes_nothing_and_another_for_the_period_is_refused() -> None:
    account_id = make.account(make.bare_customer())
    bill_id = make.bill(account_id, month=1)
    with acting(TESTER):
        bill = Bill.objects.get(id=bill_id)
    again = {"account_id": account_id, "period_from": bill.period_from, "period_until": bill.period_until,
             "issued_on": bill.issued_on, "due_on": bill.due_on, "by": TESTER, "at": NOON}
    lines = [services.BillLine(charge_type="recurring", name="x", amount=D("59.00"))]
    assert services.record_bill(bill_no=bill.bill_no, total=D("59.00"), lines=lines, **again) == bill_id
    with pytest.raises(BillExists):
        services.record_bill(bill_no="OTHER", total=D("59.00"), lines=lines, **again)
    assert held(account_id).owed == D("59.00")


def test_bill_whose_items_miss_the_total_is_refused() -> None:
    account_id = make.account(make.bare_customer())
    with acting(TESTER), pytest.raises(RulesBroken) as refusal:
        services.record_bill(
            account_id=account_id, bill_no="B", period_from=NOON.date(), period_until=NOON.date(), issued_on=NOON.date(),
            due_on=NOON.date(), total=D(10), lines=[services.BillLine(charge_type="x", name="x", amount=D(9))], by=TESTER, at=NOON,
        )
    assert [b.code for b in refusal.value.broken] == ["ACC-05", "ACC-04"]


def test_only_an_even_account_closes() -> None:
    account_id = make.account(make.bare_customer())
    make.bill(account_id, month=1)
    with pytest.raises(RulesBroken) as refusal:
        services.close_account(account_id=account_id, reason="moved", by=TESTER, at=NOON)
    assert [b.code for b in refusal.value.broken] == ["ACC-02"]
    make.payment(account_id, "59.00")
    services.close_account(account_id=account_id, reason="moved", by=TESTER, at=NOON)
    assert (held(account_id).state, held(account_id).closed_on) == ("closed", NOON.date())


@given(steps=st.lists(st.tuples(st.sampled_from(["bill", "pay", "reverse"]), st.integers(1, 20_000)), max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_owed_is_always_what_the_bills_leave_open(steps: list[tuple[str, int]]) -> None:
    """Whatever comes in whatever order: owed equals the open bills, and no cent appears or is lost."""
    account_id = make.account(make.bare_customer())
    months, paid_in, billed = iter(range(1, 12)), D(0), D(0)
    for step, cents in steps:
        amount = D(cents) / 100
        if step == "bill" and (month := next(months, None)):
            make.bill(account_id, month=month, amount=str(amount))
            billed += amount
        elif step == "pay":
            make.payment(account_id, str(amount))
            paid_in += amount
        elif step == "reverse":
            with acting(TESTER):
                payment = Payment.objects.filter(account_id=account_id, state="done").order_by("id").first()
            if payment:
                services.reverse_payment(payment_id=payment.id, reason="r", by=TESTER, at=NOON)
                paid_in -= payment.amount
    with acting(TESTER):
        open_amount = sum((b.total - b.paid for b in Bill.objects.filter(account_id=account_id)), D(0))
    account = held(account_id)
    assert account.owed == open_amount
    assert account.balance - account.owed == paid_in - billed
