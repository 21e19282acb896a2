"""The database crashes and loses its last commits: numbers are given anew, to other events, and still nothing is passed over."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.tmf.hub.conftest import created, delivering, fan_out_all, rows, subscribed
from tests.tmf.hub.receivers import OK, Received, receiver
from tests.tmf.hub.test_delivery import WAITING, customers, until

# A table has the same number in the databases of all workers.
BLOCKED = """
SELECT pid FROM pg_locks WHERE relation = 'tmf_course'::regclass AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
# The inbox gets its rows back, in another order; everything later never was.
TAKE_BACK = """
INSERT INTO tmf_inbox (event_id, occurred_at) SELECT event_id, occurred_at FROM tmf_notice ORDER BY id DESC;
DELETE FROM tmf_delivery; DELETE FROM tmf_notice; UPDATE tmf_course SET position = 0;
"""
RESTART = "SELECT setval('tmf_notice_number', %s), setval(pg_get_serial_sequence('tmf_delivery', 'id'), %s)"


@pytest.mark.django_db(transaction=True)
def test_what_a_crash_takes_back_is_delivered_anew(owner_connection: psycopg.Connection[Any]) -> None:
    with receiver() as there:
        one = subscribed(there.url)
        wanted = created(30)
        fan_out_all()
        ((notice, delivery),) = rows("SELECT (SELECT min(id) FROM tmf_notice), (SELECT min(id) FROM tmf_delivery)")
        crashed: list[int] = []

        def crash(number: int, _found: Received) -> bytes:
            if number == 20 and not crashed:
                with owner_connection.transaction():
                    owner_connection.execute("LOCK TABLE tmf_course IN ACCESS EXCLUSIVE MODE")
                    until(lambda: owner_connection.execute(BLOCKED).fetchall(), "the deliverer asks")
                    owner_connection.execute(TAKE_BACK)
                    owner_connection.execute(RESTART, [max(1, notice - 1), max(1, delivery - 1)])
                    crashed.extend(pid for (pid,) in owner_connection.execute(BLOCKED).fetchall())
                    for pid in crashed:
                        owner_connection.execute("SELECT pg_terminate_backend(%s)", [pid])
            return OK

        there.manner = crash
        with delivering():
            until(lambda: crashed, "the crash")
            fan_out_all()
            there.wait_for(lambda: customers(there.received)[-30:] == wanted[::-1], "all events anew")
            until(lambda: rows(WAITING, one.id) == [(0,)], "all marked")
