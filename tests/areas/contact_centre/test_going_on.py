"""Contacts that go on: taken up, corrected, completed; and what stays as it was said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.factories import accounts as make
from tests.factories.accounts import NOON, TESTER
from tongke.areas.contact_centre import services
from tongke.areas.contact_centre.models import Interaction
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound, RulesBroken
from tongke.kernel.machine import IllegalMove

pytestmark = pytest.mark.django_db


def recorded(**more: Any) -> UUID:
    """A contact in the hall."""
    facts = {"channel": "hall", "direction": "inbound", "kind": "enquiry", "subject": "s", "state": "open", **more}
    return services.record_interaction(customer_id=make.bare_customer().id, **facts, by=TESTER, at=NOON)


def row(ident: UUID) -> Interaction:
    with acting(TESTER):
        return Interaction.objects.get(id=ident)


def test_a_contact_goes_on_until_it_is_completed() -> None:
    ident = recorded()
    services.begin_interaction(interaction_id=ident, by=TESTER, at=NOON + timedelta(minutes=1))
    services.correct_interaction(interaction_id=ident, changes={"body": "b", "ended_at": NOON + timedelta(minutes=5)}, by=TESTER, at=NOON)
    services.complete_interaction(interaction_id=ident, by=TESTER, at=NOON + timedelta(minutes=5))
    found = row(ident)
    assert (found.state, found.body, found.duration_seconds, found.state_at) == ("completed", "b", 300, NOON + timedelta(minutes=5))
    with pytest.raises(IllegalMove):
        services.begin_interaction(interaction_id=ident, by=TESTER, at=NOON)
    with pytest.raises(RulesBroken) as refusal:
        services.correct_interaction(interaction_id=ident, changes={"body": "other"}, by=TESTER, at=NOON)
    assert [b.code for b in refusal.value.broken] == ["CC-05"]
    with pytest.raises(RulesBroken) as refusal:
        services.remove_interaction(interaction_id=ident, by=TESTER, at=NOON)
    assert [b.code for b in refusal.value.broken] == ["CC-04"]


def test_it_cannot_end_before_it_began() -> None:
    with pytest.raises(RulesBroken) as refusal:
        recorded(ended_at=NOON - timedelta(seconds=1))
    assert [b.code for b in refusal.value.broken] == ["CC-03"]


def test_what_nobody_took_up_is_taken_away_by_its_own_network_only() -> None:
    ident = recorded()
    clerk = Actor(name="zhaolei", scope=(3302,), permissions=frozenset({"contact_centre.record"}))
    with pytest.raises(NotFound):
        services.remove_interaction(interaction_id=ident, by=clerk, at=NOON)
    services.remove_interaction(interaction_id=ident, by=TESTER, at=NOON)
    with acting(TESTER):
        assert not Interaction.objects.filter(id=ident).exists()
