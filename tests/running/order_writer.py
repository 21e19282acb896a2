"""An order desk that reserves a port and a card, uses or releases them, as fast as it goes, through the verbs.

Run as ``python -m tests.running.order_writer NAME BOX PLACE MODEL``; prints ``<service> <port>`` for each use that was
confirmed. It is killed in the middle; a lost database is asked again with the same key.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import django

django.setup()

from django.db import connection  # noqa: E402 - only after Django is set up

from tongke.areas.resource import services  # noqa: E402
from tongke.config.faults import is_lost_connection  # noqa: E402
from tongke.kernel.actor import system_actor  # noqa: E402
from tongke.kernel.clock import now  # noqa: E402
from tongke.kernel.errors import Refused  # noqa: E402

BY = system_actor("order_desk")
HELD_MINUTES = 60  # none lapses by itself while the database is away, however slow the machine


def patiently(act: Callable[[], Any]) -> Any:
    """Do an act again until the database answers; a refusal is an answer."""
    while True:
        try:
            return act()
        except Refused as refusal:
            return refusal
        except Exception as fault:
            if not is_lost_connection(fault):
                raise
            connection.close()
            time.sleep(0.05)  # the database is away: nothing to wait for but time


def order(name: str, number: int, box: UUID, place: UUID, model: str) -> None:
    """One order: reserve, then use, release, or forget it."""
    ref = f"{name}-{number}"
    port = patiently(lambda: services.reserve_port(order_ref=ref, equipment_id=box, minutes=HELD_MINUTES, by=BY, at=now()))
    card = patiently(lambda: services.reserve_item(order_ref=ref, model_code=model, stock_place_id=place, minutes=HELD_MINUTES, by=BY, at=now()))
    if isinstance(port, Refused) or isinstance(card, Refused) or number % 5 == 4:
        patiently(lambda: services.release_order(order_ref=ref, by=BY, at=now()))
    elif number % 5 != 3:  # every fifth order is forgotten: the sweeper must find it
        said = [
            patiently(lambda held=held: services.confirm_reservation(reservation_id=held.id, token=held.token, service_ref=ref, by=BY, at=now()))
            for held in (port, card)
        ]
        if any(isinstance(answer, Refused) for answer in said):
            return  # not confirmed: nothing to tell
        sys.stdout.write(f"{ref} {port.port_ids[0]} {card.item_ids[0]}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    for count in range(1_000_000):
        order(sys.argv[1], count, UUID(sys.argv[2]), UUID(sys.argv[3]), sys.argv[4])
