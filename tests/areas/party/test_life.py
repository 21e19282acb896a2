"""A customer's life by chance: whatever the order of verbs, at every instant the record holds together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.factories.party import NOON, TESTER, clerk, customer
from tongke.areas.party import queries, services
from tongke.areas.party.models import BlacklistEntry, Consent, ContactMedium
from tongke.areas.party.rules.consents import may_contact
from tongke.areas.party.services import BlacklistDraft, ConsentDraft, MediumDraft
from tongke.kernel.actor import acting
from tongke.kernel.errors import Refused

purposes, channels = st.sampled_from(["marketing", "service", "survey"]), st.sampled_from(["any", "sms", "call"])
phones = st.sampled_from(["13857100001", "13857100002", "13857100003"])


class CustomerLife(RuleBasedStateMachine):
    """Consents, phones and blacklist entries of one customer, against a model in a few dictionaries."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.at: datetime = NOON
        self.by, self.judge = clerk(), clerk("sunli")
        self.answers: dict[tuple[str, str], str] = {}
        self.phones: dict[str, Any] = {}
        self.listed: dict[str, Any] = {}

    @initialize()
    def begin(self) -> None:
        """A customer without phones and answers."""
        self.made = customer(media=(), consents=(), by=self.by)

    def teardown(self) -> None:
        """Nothing of one life is left for the next."""
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def tick(self) -> datetime:
        """A minute later."""
        self.at += timedelta(minutes=1)
        return self.at

    @rule(purpose=purposes, channel=channels, state=st.sampled_from(["granted", "denied"]))
    def answer(self, purpose: str, channel: str, state: str) -> None:
        """The customer answers."""
        services.record_consent(self.made.customer_id, ConsentDraft(purpose=purpose, channel=channel, state=state, source="call"), by=self.by, at=self.tick())
        self.answers[purpose, channel] = state

    @rule(purpose=purposes, channel=channels)
    def withdraw(self, purpose: str, channel: str) -> None:
        """The customer takes an answer back; only what was granted can be."""
        try:
            services.withdraw_consent(self.made.customer_id, purpose=purpose, channel=channel, by=self.by, at=self.tick())
        except Refused as refusal:
            assert "PTY-42" in refusal.message  # noqa: PT017 - both ways are asserted
            assert self.answers.get((purpose, channel)) != "granted"
        else:
            assert self.answers[purpose, channel] == "granted"
            self.answers[purpose, channel] = "withdrawn"

    @rule(phone=phones, preferred=st.booleans())
    def take_phone(self, phone: str, preferred: bool) -> None:  # noqa: FBT001 - a drawn value
        """A phone becomes the customer's, unless it is already."""
        try:
            key = services.add_medium(self.made.customer_id, MediumDraft(kind="mobile", given=phone, preferred=preferred), by=self.by, at=self.tick())
        except Refused:
            assert phone in self.phones
        else:
            assert phone not in self.phones
            self.phones[phone] = key

    @rule(phone=phones)
    def leave_phone(self, phone: str) -> None:
        """A phone is given back."""
        if phone in self.phones:
            services.end_medium(self.made.customer_id, self.phones.pop(phone), by=self.by, at=self.tick())

    @rule(phone=phones, effect=st.sampled_from(["refuse", "no_marketing"]))
    def enter(self, phone: str, effect: str) -> None:
        """A number is entered, unless it stands there for the same cause."""
        if phone not in self.listed:
            entry = services.enter_blacklist(BlacklistDraft(match="phone", value=phone, cause="fraud", effect=effect), by=self.by, at=self.tick())
            self.listed[phone] = (entry, effect)

    @rule(phone=phones)
    def lift(self, phone: str) -> None:
        """Another person lifts it."""
        if phone in self.listed:
            services.lift_entry(self.listed.pop(phone)[0], reason="mistake", by=self.judge, at=self.tick())

    @invariant()
    def holds_together(self) -> None:
        """One answer, one holder's period and one preference at a time; the questions answer as the model says."""
        if not hasattr(self, "made"):
            return
        with acting(TESTER):
            held = {(c.purpose, c.channel): c.state for c in Consent.objects.filter(party_id=self.made.party_id, valid_until=None)}
            media = list(ContactMedium.objects.filter(party_id=self.made.party_id))
            assert BlacklistEntry.objects.filter(state="active").count() == len(self.listed)
        assert held == self.answers
        assert {m.given for m in media if m.valid_until is None} == set(self.phones)
        assert sum(m.preferred for m in media) <= 1
        assert all(m.valid_until is None or m.valid_until >= m.valid_from for m in media)
        effects = [effect for phone, (_entry, effect) in self.listed.items() if phone in self.phones]
        assert (queries.consult_blacklist(party_id=self.made.party_id, by=self.by, at=self.at).effect is not None) is bool(effects)
        for purpose, channel in (("marketing", "sms"), ("service", "call")):
            expected = may_contact(purpose=purpose, channel=channel, answers=[(p, c, s) for (p, c), s in held.items()], blacklist_effects=effects)
            assert services.may_contact(self.made.party_id, purpose=purpose, channel=channel, by=self.by, at=self.at) is expected


@pytest.mark.usefixtures("orgs")
def test_a_life_by_chance_holds_together() -> None:
    """Many lives of up to fifteen acts each."""
    run_state_machine_as_test(CustomerLife, settings=settings(
        max_examples=15, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)))
