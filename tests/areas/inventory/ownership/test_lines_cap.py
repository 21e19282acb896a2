"""A transfer is a registration anew: the cap of lines under one document binds it, in the whole operator and with orders in flight (T15)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import translation

from tests.factories import accounts as make
from tests.factories import staff as places
from tests.factories.accounts import NOON, TESTER
from tongke.areas.catalogue import services as catalogue
from tongke.areas.catalogue.services import RuleDraft
from tongke.areas.inventory import services as inventory
from tongke.areas.inventory.services.ownership import check_transfer, transfer_subscriber
from tongke.areas.party.models import Customer
from tongke.kernel.actor import system_actor
from tongke.kernel.errors import RulesBroken

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=3)


def capped(most: int, *, kind: str = "mobile", at: datetime = NOON) -> None:
    """Put a cap in force by two persons."""
    rule_id = catalogue.draft_rule(
        draft=RuleDraft(code="R-CAP", kind="real_name", name_zh="证件号码数", name_en="Lines per document", subject_kind="kind", subject_code=kind,
                        parameters={"lines_most": most, "line_kinds": [kind]}), by=TESTER, at=at)
    catalogue.put_rule_in_force(rule_id=rule_id, by=system_actor("second"), at=at)


def people() -> tuple[Customer, Customer]:
    """A giver and a receiver with two lines of his own."""
    places.tree()
    giver, receiver = make.bare_customer(name="王芳"), make.bare_customer(name="张伟")
    for _n in range(2):
        make.line(receiver, make.account(receiver))
    return giver, receiver


def test_no_line_more_than_the_cap_changes_hands() -> None:
    """With two of two the third is refused with the figures; where three are allowed it goes."""
    giver, receiver = people()
    line = make.line(giver, make.account(giver))
    capped(2)
    with translation.override("en"), pytest.raises(RulesBroken, match="INV-32 2 lines run or are on order under the new owner's identity document; 2 are allowed"):
        transfer_subscriber(subscriber_id=line, to_customer_id=receiver.id, account_id=make.account(receiver), reason="family", evidence="both cards", by=TESTER, at=LATER)
    capped(3, at=NOON + timedelta(days=1))
    transfer_subscriber(subscriber_id=line, to_customer_id=receiver.id, account_id=make.account(receiver), reason="family", evidence="both cards", by=TESTER, at=LATER)


def test_another_kind_of_line_is_not_counted() -> None:
    """The cap of mobile lines says nothing of broadband, and the page shows the rule among the others."""
    giver, receiver = people()
    capped(2)
    line = make.line(giver, make.account(giver), kind="broadband", number="hz0001")
    check = check_transfer(subscriber_id=line, to_customer_id=receiver.id, by=TESTER, at=LATER)
    assert [c.broken for c in check.checks if c.rule.code == "INV-32"] == [None]


def test_lines_on_order_count_and_ended_ones_do_not() -> None:
    """What is being activated has its place already."""
    giver, receiver = people()
    line = make.line(giver, make.account(giver))
    capped(3)
    third = inventory.install_line(customer_id=receiver.id, kind="mobile", service_number="13800009999", account_id=make.account(receiver), by=TESTER, at=NOON)
    assert [b.code for b in check_transfer(subscriber_id=line, to_customer_id=receiver.id, by=TESTER, at=LATER).broken] == ["INV-32"]
    inventory.end_line(subscriber_id=third, reason="left", by=TESTER, at=NOON)
    assert check_transfer(subscriber_id=line, to_customer_id=receiver.id, by=TESTER, at=LATER).broken == []
