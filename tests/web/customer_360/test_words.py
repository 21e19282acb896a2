"""Every event that can stand on a customer's timeline has words of its own."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from tongke import areas
from tongke.kernel.outbox import all_events
from tongke.web.customer_360.words import EVENTS

# Announced without a customer, or shown on the timeline by a row of their own.
ELSEWHERE = {"contact_centre.contact_recorded"}
# Rooms that announce nothing of a single customer, and none that is of a number, a port or an offer alone.
OF_NO_CUSTOMER = {"catalogue", "resource", "staff"}


def test_every_event_has_words() -> None:
    rooms = {room.name for room in iter_modules(areas.__path__)} - OF_NO_CUSTOMER
    for room in rooms:
        import_module(f"tongke.areas.{room}.events")
    named = {wire.rpartition(".v")[0] for wire in all_events() if wire.split(".")[0] in rooms}
    assert {name.split(".")[0] for name in named} == rooms
    assert named - ELSEWHERE - set(EVENTS) == set()
