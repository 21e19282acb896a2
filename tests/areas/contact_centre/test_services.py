"""The contact centre room's verb on the real database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import accounts as make
from tests.factories.accounts import NOON, TESTER
from tongke.areas.contact_centre import queries, services
from tongke.areas.contact_centre.models import Interaction
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import Invalid, NotFound, RulesBroken

pytestmark = pytest.mark.django_db
WORDS = {"channel": "hotline", "direction": "inbound", "kind": "complaint"}


def test_contacts_stand_newest_first() -> None:
    customer = make.bare_customer()
    for hours, subject in ((3, "first"), (1, "last"), (2, "middle")):
        services.record_interaction(
            customer_id=customer.id, subject=subject, occurred_at=NOON - timedelta(hours=hours), by=TESTER, at=NOON, **WORDS)
    with acting(TESTER):
        assert [i.subject for i in queries.interactions_of_customer(customer.id, by=TESTER)] == ["last", "middle", "first"]
        assert len(queries.interactions_of_customer(customer.id, before=NOON - timedelta(hours=2), by=TESTER)) == 1


def test_broken_rules_are_listed_together() -> None:
    with pytest.raises(RulesBroken) as refusal:
        services.record_interaction(
            customer_id=make.bare_customer().id, subject=" ", occurred_at=NOON + timedelta(days=1), by=TESTER, at=NOON, **WORDS)
    assert [b.code for b in refusal.value.broken] == ["CC-01", "CC-02"]


@pytest.mark.parametrize(("name", "value"), [("channel", "phone"), ("direction", "in"), ("kind", "inquiry"), ("state", "over")])
def test_a_word_that_nobody_knows_is_refused(name: str, value: str) -> None:
    """Whoever reads contacts later (the timeline, TMF683, the figures) knows no other words than these."""
    with pytest.raises(Invalid) as refusal:
        services.record_interaction(customer_id=make.bare_customer().id, subject="x", by=TESTER, at=NOON, **(WORDS | {name: value}))
    assert refusal.value.field == name
    with acting(TESTER):
        assert not Interaction.objects.exists()


def test_customer_of_another_network_is_not_found() -> None:
    agent = Actor(name="zhoujie", scope=(3301,), permissions=frozenset({"contact_centre.record"}))
    with pytest.raises(NotFound):
        services.record_interaction(customer_id=make.bare_customer(org_id=3302).id, subject="x", by=agent, at=NOON, **WORDS)
