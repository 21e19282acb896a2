"""Days are those of the place where the actor works: at one in the night in China a day has begun that in UTC has not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.factories.party import TESTER, clerk, draft
from tongke.areas.party import services
from tongke.areas.party.models import Customer, Party
from tongke.areas.party.services import DocumentDraft
from tongke.areas.party.services.bulk_checks import check_customer
from tongke.kernel.actor import acting
from tongke.kernel.errors import RulesBroken

pytestmark = pytest.mark.usefixtures("orgs")

FIRST_OF_APRIL = date(2026, 4, 1)
# 2026-04-01 01:00 in Shanghai, 2026-03-31 17:00 in UTC.
NIGHT = datetime(2026, 3, 31, 17, tzinfo=UTC)


def test_a_customer_of_the_night_begins_is_verified_and_leaves_on_the_day_that_has_begun() -> None:
    shown = DocumentDraft(kind="passport", number="E12345678", expires_on=date(2026, 12, 31), verification="reader")
    made = services.create_customer(draft(documents=(shown,)), by=clerk(), at=NIGHT)
    services.validate_party(made.customer_id, by=TESTER, at=NIGHT)
    services.leave_customer(made.customer_id, reason="quit", by=TESTER, at=NIGHT)
    with acting(TESTER):
        assert Customer.objects.values_list("since_on", "left_on").get(id=made.customer_id) == (FIRST_OF_APRIL, FIRST_OF_APRIL)
        assert Party.objects.values_list("verified_on", flat=True).get(id=made.party_id) == FIRST_OF_APRIL


def test_who_is_a_customer_since_today_is_no_customer_of_tomorrow() -> None:
    today = replace(draft(), since_on=FIRST_OF_APRIL)
    assert services.create_customer(today, by=clerk(), at=NIGHT).customer_id
    assert check_customer({"since_on": FIRST_OF_APRIL, "left_on": None}, {}, at=NIGHT) == []
    with pytest.raises(RulesBroken):
        services.create_customer(replace(today, since_on=FIRST_OF_APRIL + timedelta(days=1)), by=clerk(), at=NIGHT)
    assert check_customer({"since_on": FIRST_OF_APRIL + timedelta(days=1), "left_on": None}, {}, at=NIGHT)
