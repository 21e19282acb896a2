"""The hub's processes: ``python -m tongke.tmf.hub fan-out`` lays events before subscriptions, ``deliver`` posts them.

Any number of either may run: of the first one works and the others wait, of the second each holds lines of its own.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
import time

import django

from tongke.tmf.hub.pulse import NAMES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongke.config.settings")
# By its connection's name /healthz knows which process lives.
os.environ["PGAPPNAME"] = NAMES.get("".join(sys.argv[1:2]), "tongke hub")
django.setup()

from django.db import Error, connection  # noqa: E402 - only after Django is set up

from tongke.tmf.hub.cleaning import clean  # noqa: E402 - only after Django is set up
from tongke.tmf.hub.delivering import Deliverer  # noqa: E402 - only after Django is set up
from tongke.tmf.hub.fan_out import fan_out  # noqa: E402 - only after Django is set up
from tongke.tmf.hub.policy import present_policy  # noqa: E402 - only after Django is set up

log = logging.getLogger("tongke.hub")
POLL_SECONDS = 0.2
CLEAN_SECONDS, CLEAN_SECONDS_BUSY = 5.0, 60.0
LOST_SECONDS_MAX = 5.0


def run_fan_out(stopping: threading.Event) -> None:
    """Lay events before subscriptions as they come, and clear away what is delivered, until ``stopping`` is set."""
    wait, cleaned = POLL_SECONDS, 0.0
    while not stopping.is_set():
        try:
            looked_at = fan_out()
            # Clearing away is work for quiet moments; now and then it is done under load as well.
            if time.monotonic() - cleaned > (CLEAN_SECONDS_BUSY if looked_at else CLEAN_SECONDS):
                clean(policy=present_policy())
                cleaned = time.monotonic()
            wait = 0.0 if looked_at else POLL_SECONDS
        except Error as fault:
            log.warning("the database does not answer the hub: %s", type(fault).__name__)
            connection.close()
            wait = min(max(wait, POLL_SECONDS) * 2, LOST_SECONDS_MAX)
        if wait:
            stopping.wait(wait)
    connection.close()


async def run_deliver() -> None:
    """Deliver until the process is asked to end."""
    deliverer = Deliverer(policy=present_policy())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, deliverer.stopping.set)
    await deliverer.run()


def main(words: list[str]) -> int:
    """Run one of the two until SIGTERM."""
    if words == ["deliver"]:
        asyncio.run(run_deliver())
        return 0
    if words != ["fan-out"]:
        sys.stderr.write("python -m tongke.tmf.hub fan-out | deliver\n")
        return 2
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    run_fan_out(stopping)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
