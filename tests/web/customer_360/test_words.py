"""Every event that can stand on a customer's timeline has words of its own."""

from __future__ import annotations

from tongke.kernel.outbox import all_events
from tongke.web.customer_360.words import EVENTS

# Announced without a customer, or shown on the timeline by a row of their own.
ELSEWHERE = {"contact_centre.contact_recorded", "catalogue.offering_published"}


def test_every_event_has_words() -> None:
    named = {wire.rsplit(".v", 1)[0] for wire in all_events() if wire.split(".")[0] in {"party", "account", "inventory"}}
    assert named - ELSEWHERE <= set(EVENTS)
