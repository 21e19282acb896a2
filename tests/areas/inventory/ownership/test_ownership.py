"""Transfer of ownership: every reason at once, one legal owner at every instant."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import accounts as make
from tests.factories import matching as parts
from tests.factories.accounts import NOON, TESTER
from tongke.areas.inventory import services as inventory
from tongke.areas.inventory.models import Payer, Product, Subscriber, SubscriberRole
from tongke.areas.inventory.services.ownership import check_transfer, transfer_subscriber
from tongke.areas.party.models import Customer, Party
from tongke.kernel.actor import Actor, NotPermitted, acting
from tongke.kernel.errors import Conflict, NotFound, RulesBroken
from tongke.kernel.models import OutboxEvent

LATER = NOON + timedelta(days=10)


def transfer(line_id: UUID, receiver: Customer, account_id: UUID, *, at: datetime = LATER, **more: Any) -> None:
    more = {"reason": "家庭内过户", "evidence": "双方身份证原件", **more}
    transfer_subscriber(subscriber_id=line_id, to_customer_id=receiver.id, account_id=account_id, by=TESTER, at=at, **more)


def owners_at(line_id: UUID, at: datetime) -> list[UUID]:
    with acting(TESTER):
        return [r.party_id for r in SubscriberRole.objects.filter(subscriber_id=line_id, role="legal_owner")
                if r.valid_from <= at and (r.valid_until is None or at < r.valid_until)]


def offered() -> str:
    make.offering("M-59")
    return "M-59"


def codes(refused: pytest.ExceptionInfo[RulesBroken]) -> list[str]:
    return [b.code for b in refused.value.broken]


@pytest.mark.django_db
def test_line_products_roles_and_payers_change_hands_at_one_instant() -> None:
    giver, receiver = make.bare_customer(name="王芳"), make.bare_customer(name="张伟")
    line_id = make.line(giver, make.account(giver))
    product_id = inventory.install_product(
        customer_id=giver.id, offering_code=offered(), subscriber_id=line_id, by=TESTER, at=NOON,
    )
    theirs = make.account(receiver)
    transfer(line_id, receiver, theirs)
    with acting(TESTER):
        line = Subscriber.objects.get(id=line_id)
        assert (line.customer_id, line.version) == (receiver.id, 2)
        assert Product.objects.get(id=product_id).customer_id == receiver.id
        payers = list(Payer.objects.filter(subscriber_id=line_id).order_by("valid_from"))
        assert [(p.valid_from, p.valid_until) for p in payers] == [(NOON, LATER), (LATER, None)]
        assert payers[1].account_id == theirs
        events = OutboxEvent.objects.filter(subject_id=line_id, occurred_at=LATER)
        assert {(e.name, e.customer_id) for e in events} == {("inventory.line_given.v1", giver.id), ("inventory.line_received.v1", receiver.id)}
    just_before = LATER - timedelta(microseconds=1)
    assert (owners_at(line_id, just_before), owners_at(line_id, LATER)) == ([giver.party_id], [receiver.party_id])


@pytest.mark.django_db
def test_every_reason_against_a_transfer_is_named_at_once() -> None:
    giver, receiver = make.bare_customer(name="刘洋"), make.bare_customer(name="张伟", party_state="initialized")
    account_id = make.account(giver)
    line_id = make.line(giver, account_id)
    inventory.install_product(
        customer_id=giver.id, offering_code=offered(), subscriber_id=line_id,
        contract_until=date(2026, 12, 31), by=TESTER, at=NOON,
    )
    make.bill(account_id, month=1)
    parts.blacklisted(receiver.party_id)
    with acting(TESTER):
        Party.objects.filter(id=giver.party_id).update(state="initialized")
        Customer.objects.filter(id=receiver.id).update(state="suspended")
    inventory.suspend_line(subscriber_id=line_id, reason="x", by=TESTER, at=NOON)
    with pytest.raises(RulesBroken) as refused:
        transfer(line_id, receiver, account_id, evidence=" ")
    assert set(codes(refused)) == {"INV-21", "INV-22", "INV-24", "INV-26", "INV-27", "INV-23", "INV-25", "INV-28", "INV-29"}
    check = check_transfer(subscriber_id=line_id, to_customer_id=receiver.id, by=TESTER, at=LATER)
    (note,) = check.contracts
    assert (note.months_left, note.fees_left) == (10, Decimal("590.00"))
    assert owners_at(line_id, LATER) == [giver.party_id]


@pytest.mark.django_db
@pytest.mark.parametrize(("until", "months"), [
    (date(2026, 4, 12), 1), (date(2026, 4, 13), 2), (date(2027, 3, 12), 12), (date(2026, 3, 13), 1), (date(2026, 8, 12), 5),
])
def test_the_months_of_a_contract_are_those_of_the_calendar_a_begun_one_whole(until: date, months: int) -> None:
    """On 2026-03-12: of a month with 31 days no second one is begun when it is over."""
    giver, receiver = make.bare_customer(), make.bare_customer(name="张伟")
    line_id = make.line(giver, make.account(giver))
    inventory.install_product(customer_id=giver.id, offering_code=offered(), subscriber_id=line_id, contract_until=until, by=TESTER, at=NOON)
    (note,) = check_transfer(subscriber_id=line_id, to_customer_id=receiver.id, by=TESTER, at=LATER).contracts
    assert (note.months_left, note.fees_left) == (months, months * Decimal("59.00"))


@pytest.mark.django_db
def test_a_contract_goes_with_the_line_by_the_receivers_word() -> None:
    giver, receiver = make.bare_customer(), make.bare_customer()
    line_id = make.line(giver, make.account(giver))
    inventory.install_product(
        customer_id=giver.id, offering_code=offered(), subscriber_id=line_id,
        contract_until=date(2026, 12, 31), by=TESTER, at=NOON,
    )
    theirs = make.account(receiver)
    with pytest.raises(RulesBroken) as refused:
        transfer(line_id, receiver, theirs)
    assert codes(refused) == ["INV-26"]
    transfer(line_id, receiver, theirs, take_over_contract=True)
    assert owners_at(line_id, LATER) == [receiver.party_id]


@pytest.mark.django_db
def test_not_to_oneself_not_back_in_time_not_to_another_network_not_stale() -> None:
    giver, far = make.bare_customer(), make.bare_customer(org_id=3302)
    account_id = make.account(giver)
    line_id = make.line(giver, account_id)
    with pytest.raises(RulesBroken) as refused:
        transfer(line_id, giver, account_id, at=NOON)
    assert set(codes(refused)) == {"INV-20", "INV-30"}
    with pytest.raises(RulesBroken) as refused:
        transfer(line_id, far, make.account(far))
    assert codes(refused) == ["INV-31"]
    other = make.bare_customer()
    with pytest.raises(Conflict):
        transfer(line_id, other, make.account(other), version=7)


@pytest.mark.django_db
def test_only_with_the_permission_and_within_sight() -> None:
    giver, receiver = make.bare_customer(), make.bare_customer()
    line_id = make.line(giver, make.account(giver))
    stranger = Actor(name="zhaolei", scope=(3302,), permissions=frozenset({"inventory.transfer", "account.view"}))
    clerk = Actor(name="limin", scope=(3301,), permissions=frozenset({"inventory.view"}))
    for actor, fault in ((stranger, NotFound), (clerk, NotPermitted)):
        with pytest.raises(fault):
            check_transfer(subscriber_id=line_id, to_customer_id=receiver.id, by=actor, at=LATER)
        with pytest.raises(fault):
            transfer_subscriber(
                subscriber_id=line_id, to_customer_id=receiver.id, account_id=line_id, reason="x", evidence="x", by=actor, at=LATER,
            )


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hops=st.lists(st.tuples(st.integers(0, 2), st.integers(-2, 30)), max_size=8))
def test_whatever_is_tried_there_is_exactly_one_legal_owner_at_every_instant(hops: list[tuple[int, int]]) -> None:
    with transaction.atomic():
        customers = [make.bare_customer(name=f"客户{n}") for n in range(3)]
        accounts = [make.account(c) for c in customers]
        line_id = make.line(customers[0], accounts[0])
        done = [NOON]
        for who, days in hops:
            at = done[-1] + timedelta(days=days)
            try:
                transfer(line_id, customers[who], accounts[who], at=at)
            except RulesBroken:
                continue
            done.append(at)
        for instant in done:
            for moment in (instant, instant + timedelta(microseconds=1), instant + timedelta(days=400)):
                assert len(owners_at(line_id, moment)) == 1
            if instant > NOON:
                assert len(owners_at(line_id, instant - timedelta(microseconds=1))) == 1
        with acting(TESTER):
            owner = Customer.objects.get(id=Subscriber.objects.get(id=line_id).customer_id)
        assert owners_at(line_id, done[-1]) == [owner.party_id]
        transaction.set_rollback(True)
