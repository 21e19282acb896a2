"""Numbers in the background: what ran out is freed every minute, pools are gauged every quarter of an hour."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tongke.areas.resource import services
from tongke.kernel.actor import system_actor
from tongke.kernel.clock import now

STEPS_MAX = 100


@app.periodic(cron="*/1 * * * *")
@app.task(name="tongke.sweep_numbers", queueing_lock="tongke.sweep_numbers")
def sweep_numbers(timestamp: int) -> None:
    """Free numbers whose hold or cooling is over, step by step, each in a transaction of its own."""
    del timestamp
    for _step in range(STEPS_MAX):
        if not services.sweep_numbers(by=system_actor("number_sweep"), at=now()).more:
            return


@app.periodic(cron="7-59/15 * * * *")
@app.task(name="tongke.gauge_pools", queueing_lock="tongke.gauge_pools")
def gauge_pools(timestamp: int) -> None:
    """Note the take-up of every pool and tell the number desk of those that run dry."""
    del timestamp
    services.gauge_pools(by=system_actor("number_gauge"), at=now())
