"""A clerk who records payments as fast as it goes, through the verb, and repeats what was not confirmed.

Run as ``python -m tests.running.burst_writer NAME``; prints one line for each confirmed payment number
and ends with SIGTERM. A lost database is asked again for the same payment: its number makes it repeatable.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from types import FrameType
from typing import TypeVar
from uuid import UUID

import django

django.setup()

from django.db import connection  # noqa: E402 - only after Django is set up

from tongke.areas.account import services as accounts  # noqa: E402
from tongke.areas.party import services as parties  # noqa: E402
from tongke.config.faults import is_lost_connection  # noqa: E402
from tongke.kernel.actor import system_actor  # noqa: E402
from tongke.kernel.clock import now  # noqa: E402

NETWORK = 3301
Answer = TypeVar("Answer")


def account_of(name: str) -> UUID:
    """Record a customer of the writer's own and open an account for it."""
    by, at = system_actor("burst"), now()
    draft = parties.CustomerDraft(name="赵" + "子丑寅卯"[int(name)], org_id=NETWORK)
    customer = parties.create_customer(draft, idempotency_key=f"burst-{name}", by=by, at=at)
    return accounts.open_account(customer_id=customer.customer_id, by=by, at=at)


def until_confirmed(step: Callable[[], Answer]) -> Answer:
    """Ask for ``step`` until the database confirms it; every step is repeatable."""
    while True:
        try:
            return step()
        except Exception as fault:
            if not is_lost_connection(fault):
                raise
            connection.close()
            time.sleep(0.05)  # the database is away: nothing to wait for but time


def main(name: str) -> None:
    """Record payments until told to end."""
    ended: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        ended.append(number)

    signal.signal(signal.SIGTERM, end)
    # A writer may come up only when the others are already in the middle of a fault.
    account_id, number = until_confirmed(lambda: account_of(name)), 0
    while not ended:
        payment_no = f"B{name}-{number}"
        until_confirmed(partial(
            accounts.record_payment, account_id=account_id, payment_no=payment_no, amount=Decimal(1), method="cash", channel="hall", paid_at=now(),
            by=system_actor("burst"), at=now(),
        ))
        sys.stdout.write(f"{payment_no}\n")
        sys.stdout.flush()
        number += 1


if __name__ == "__main__":
    main(sys.argv[1])
