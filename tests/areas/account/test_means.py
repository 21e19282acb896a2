"""Payment methods: what is kept of their numbers, and what moves, merges and separations do to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from tests.factories import accounts as make
from tests.factories import staff
from tests.factories.accounts import NOON, TESTER
from tongke.areas.account import rules, services
from tongke.areas.account.models import PaymentMeans
from tongke.areas.contact_centre.services import merge_customers, move_customer
from tongke.areas.party.models import Customer
from tongke.areas.party.services.merging import separate_parties
from tongke.kernel.actor import acting


@pytest.mark.parametrize(("digits", "good"), [
    ("6222021234567894", True), ("6222021234567890", False), ("4111111111111111", True), ("411111111111", False), ("", False), ("abcdefghijklmn", False),
    ("4" * 20, False), ("４１１１１１１１１１１１１１１１", False),
])
def test_a_card_number_has_its_check_digit(digits: str, *, good: bool) -> None:
    assert rules.is_card_number(number="", digits=digits) is good


@pytest.mark.parametrize(("digits", "good"), [("1202021234567890123", True), ("DE89370400440532013000", True), ("12345", False), ("1" * 35, False), ("1202;DROP", False)])
def test_an_account_number_is_digits_or_letters(digits: str, *, good: bool) -> None:
    assert rules.is_bank_account_number(number="", digits=digits) is good


def means(customer: Customer, number: str, **more: Any) -> UUID:
    draft = services.MeansDraft(kind="bankAccountDebit", name="代扣", number=number, **more)
    return services.record_payment_means(draft, customer_id=customer.id, by=TESTER, at=NOON)


def rows() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(m)::text FROM account_payment_means m ORDER BY id")
        return [text for (text,) in cursor.fetchall()]


@pytest.mark.django_db
def test_a_merge_brings_them_together_and_a_separation_gives_them_back_exactly() -> None:
    survivor, absorbed = make.bare_customer(), make.bare_customer(name="王芳芳")
    mine, same = means(survivor, "1202021234567890123", preferred=True), means(absorbed, "1202021234567890123", preferred=True)
    other = means(absorbed, "6228480402564890018")
    with acting(TESTER):
        before = rows()
    merged = merge_customers(survivor_id=survivor.party_id, absorbed_id=absorbed.party_id, reason="同一人", by=TESTER, at=NOON)
    with acting(TESTER):
        assert set(PaymentMeans.objects.filter(customer_id=survivor.id).values_list("id", flat=True)) == {mine, same, other}
        assert list(PaymentMeans.objects.filter(preferred=True).values_list("id", flat=True)) == [mine]
    separate_parties(merge_id=merged, reason="不是同一人", by=TESTER, at=NOON + timedelta(days=1))
    with acting(TESTER):
        assert rows() == before


@pytest.mark.django_db
def test_they_go_along_to_another_network() -> None:
    staff.tree()
    customer = make.bare_customer()
    mine = means(customer, "1202021234567890123")
    move_customer(customer_id=customer.id, to_org=3302, reason="迁居", by=TESTER, at=NOON)
    with acting(TESTER):
        assert PaymentMeans.objects.get(id=mine).org_id == 3302
