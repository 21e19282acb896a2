"""The query of a subscription, in the words of list filters."""

from __future__ import annotations

from typing import Any

import pytest

from tongke.tmf.hub.conditions import read_query
from tongke.tmf.hub.errors import EventUnknown
from tongke.tmf.kit.errors import UnfitQuery

KNOWN = frozenset({"CustomerCreateEvent", "CustomerStateChangeEvent", "CustomerDeleteEvent"})
EVENT: dict[str, Any] = {
    "eventType": "CustomerCreateEvent", "priority": "normal",
    "event": {"customer": {
        "id": "1", "name": "王芳", "status": "active", "open": True, "validFor": {"startDateTime": "2026-03-01T08:00:00.000Z"},
        "creditProfile": [{"creditScore": 700}, {"creditScore": 550}], "contactMedium": [{"characteristic": {"phoneNumber": "+8613857100001"}}],
    }},
}


@pytest.mark.parametrize(("query", "wants"), [
    ("", True), ("eventType=CustomerCreateEvent", True), ("eventType=CustomerCreateEvent,CustomerDeleteEvent", True), ("eventType=customerCreateEvent", True),
    ("eventType = CustomerCreateEvent", True), ("?eventType=CustomerCreateEvent", True), ("eventType=CustomerDeleteEvent", False),
    ("eventType=CustomerCreateEvent&eventType=CustomerDeleteEvent", True), ("type=CustomerDeleteEvent", False),
])
def test_types(query: str, wants: bool) -> None:  # noqa: FBT001 - a column of the table
    assert read_query(query, KNOWN).wants("CustomerCreateEvent") is wants


@pytest.mark.parametrize(("query", "fits"), [
    ("event.customer.status=active", True), ("event.customer.status=active,left", True), ("event.customer.status=left", False),
    ("event.customer.status.ne=left", True), ("event.customer.status!=active", False), ("event.customer.open=true", True), ("event.customer.open=false", False),
    ("event.customer.creditProfile.creditScore.gt=600", True), ("event.customer.creditProfile.creditScore>700", False), ("event.customer.creditProfile.creditScore>=700", True),
    ("event.customer.creditProfile.creditScore=550.0", True), ("event.customer.creditProfile.creditScore.lt=550", False),
    ("event.customer.validFor.startDateTime.gte=2026-03-01", True), ("event.customer.validFor.startDateTime=2026-03-01T16:00:00%2B08:00", True),
    ("event.customer.validFor.startDateTime.lt=2026-03-01", False), ("event.customer.name=%E7%8E%8B%E8%8A%B3", True), ('event.customer.name="王芳"', True),
    ("event.customer.name.regex=^王", True), ("event.customer.name.regex=^李", False), ("event.customer.contactMedium.characteristic.phoneNumber=%2B8613857100001", True),
    ("event.customer.nothing=x", False), ("event.customer.nothing.ne=x", True), ("priority=normal&event.customer.status=active", True),
    ("priority=normal&event.customer.status=left", False),
])
def test_conditions(query: str, fits: bool) -> None:  # noqa: FBT001 - a column of the table
    assert read_query(query, KNOWN).fits(EVENT) is fits


@pytest.mark.parametrize("query", [
    "eventType.ne=CustomerCreateEvent", "status=active", "customer.status=active", "event.customer.name.regex=(", "fields=eventId", "sort=eventTime", "x", "=1",
    "event..status=1", f"event.customer.name.regex={'a' * 300}", "event.customer.name=%ff",
])
def test_queries_that_are_refused(query: str) -> None:
    with pytest.raises(UnfitQuery):
        read_query(query, KNOWN)


def test_hub_06_an_event_of_another_api() -> None:
    with pytest.raises(EventUnknown):
        read_query("eventType=PaymentCreateEvent", KNOWN)


def test_a_pattern_that_would_never_end_elsewhere() -> None:
    """The time of a pattern grows with the text, not without bounds: one that goes back and forth would not end before the world."""
    wanted = read_query("event.customer.name.regex=^(a%2B)%2B$", KNOWN)
    assert not wanted.fits({"event": {"customer": {"name": "a" * 5_000 + "!"}}})
