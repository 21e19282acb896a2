"""A clerk who sells the numbers of a pool as fast as it goes and says what was confirmed.

Run as ``python -m tests.areas.resource.numbers.seller NAME POOL``: holds a number, confirms, suspends or gives up some, and
prints a line for each answer it was given. Ends when the pool is empty; is killed in the middle by its test.
"""

from __future__ import annotations

import random
import sys
from uuid import UUID

import django

django.setup()

from tests.areas.resource.numbers.planted import actor  # noqa: E402 - only after Django is set up
from tongke.areas.resource import services  # noqa: E402
from tongke.areas.resource.errors import NoNumberLeft  # noqa: E402
from tongke.kernel.clock import now  # noqa: E402
from tongke.kernel.ids import uuid7  # noqa: E402


def say(*words: object) -> None:
    """Print a line at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main(name: str, pool: str) -> None:
    """Sell until nothing is left."""
    draw, by, count = random.Random(name), actor(name), 0
    while True:
        count += 1
        try:
            # A clerk's quota counts what was never confirmed, too: another one comes to the counter.
            hold = services.hold_number(pool_id=UUID(pool), order_ref=f"{name}-{count}", by=actor(f"{name}-{count // 10}"), at=now())
        except NoNumberLeft:
            return
        say("held", hold.number, hold.token)
        if draw.random() < 0.3:
            continue
        line = uuid7()
        services.confirm_hold(token=hold.token, assigned_to=line, by=by, at=now())
        say("assigned", hold.number, line)
        if draw.random() < 0.3:
            services.release_number(number=hold.number, by=by, at=now())
            say("cooling", hold.number, line)


if __name__ == "__main__":
    main(*sys.argv[1:])
