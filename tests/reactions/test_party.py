"""What the party room does about other rooms' facts, end to end: verb, outbox, reaction."""

from __future__ import annotations

import pytest

from tests.factories import accounts as make
from tests.factories.accounts import NOON, TESTER
from tongke.areas.party.models import BlacklistEntry
from tongke.kernel import outbox
from tongke.kernel.actor import acting
from tongke.kernel.models import ReactionRun

pytestmark = pytest.mark.django_db


def react_to_everything() -> None:
    with acting(TESTER):
        runs = list(ReactionRun.objects.exclude(state="done").order_by("id"))
    for run in runs:
        outbox.run_reaction(event_id=run.event_id, reaction=run.reaction)


def test_debt_entry_ends_with_the_payment_that_settles_the_debt_and_not_before() -> None:
    customer = make.bare_customer(name="刘洋")
    account_id = make.account(customer)
    make.bill(account_id, month=1)
    with acting(TESTER):
        entry = BlacklistEntry.objects.create(
            org_id=3301, match="party", match_key=str(customer.party_id), match_shown="刘*", party_id=customer.party_id, cause="debt",
            effect="refuse", debt_account_id=account_id, valid_from=NOON, entered_by="sunli")
    for amount, state in (("20.00", "active"), ("39.00", "lifted")):
        make.payment(account_id, amount)
        react_to_everything()
        with acting(TESTER):
            assert BlacklistEntry.objects.get(id=entry.id).state == state


def test_late_reaction_looks_at_what_is_owed_now_not_at_what_was_then() -> None:
    """A payment settled all, its reaction waits; a new bill makes a new debt and a new entry: that entry stands."""
    customer = make.bare_customer(name="刘洋")
    account_id = make.account(customer)
    make.bill(account_id, month=1)
    make.payment(account_id, "59.00")
    make.bill(account_id, month=2)
    with acting(TESTER):
        entry = BlacklistEntry.objects.create(
            org_id=3301, match="party", match_key=str(customer.party_id), match_shown="刘*", party_id=customer.party_id, cause="debt",
            effect="refuse", debt_account_id=account_id, valid_from=NOON, entered_by="sunli")
    react_to_everything()
    with acting(TESTER):
        assert BlacklistEntry.objects.get(id=entry.id).state == "active"
