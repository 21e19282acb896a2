"""What is given to customers and not taken in time: shares of promotions come back, points lapse."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tongke.areas.account import services as accounts
from tongke.areas.catalogue import services as catalogue
from tongke.kernel.actor import system_actor
from tongke.kernel.clock import now


@app.periodic(cron="*/5 * * * *")
@app.task(name="tongke.reclaim_shares", queueing_lock="tongke.reclaim_shares")
def reclaim_shares(timestamp: int) -> None:
    """Give back shares of promotions that were held and not confirmed in time; a quota that is used up does so by itself."""
    del timestamp
    catalogue.reclaim_expired_shares(by=system_actor("reclaim_shares"), at=now())


@app.periodic(cron="11 17 * * *")
@app.task(name="tongke.expire_points", queueing_lock="tongke.expire_points")
def expire_points(timestamp: int) -> None:
    """Let points lapse whose time is over: in the small hours of China; nobody can redeem them since midnight anyway.

    So many customers at a time, each time for good: broken off, it goes on where it stopped.
    """
    del timestamp
    by = system_actor("expire_points")
    while accounts.expire_points(by=by, at=now()):
        pass
