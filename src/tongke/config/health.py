"""What /healthz tells: is the database there, are its tables current, does a worker live, does the outbox flow.

Numbers and words only, nothing of any person. 503 where this node cannot serve (database, migrations);
a silent worker, outbox or hub is told as ``degraded`` with 200, for pages still work.
"""

from __future__ import annotations

import time
from typing import Any

from django.db import ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor

from tongke.config.faults import is_lost_connection
from tongke.kernel.actor import acting, system_actor
from tongke.tmf.hub.pulse import pulse

WORKER_SILENT_SECONDS_MAX = 60
OUTBOX_LAG_SECONDS_MAX = 120
_known: dict[str, Any] = {}

STATE = """
SELECT (SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers),
       (SELECT count(*) FROM kernel_reaction_run WHERE state = 'waiting'),
       (SELECT count(*) FROM kernel_reaction_run WHERE state = 'failed'),
       (SELECT extract(epoch FROM now() - min(created_at)) FROM kernel_reaction_run WHERE state = 'waiting')
"""


def pending_migrations() -> int:
    """Return how many migrations this program knows that the database has not seen."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _migrations() -> dict[str, Any]:
    # Once current, the tables stay so for this program: only what is behind is looked at again.
    if not _known.get("current"):
        _known["pending"] = pending_migrations()
        _known["current"] = _known["pending"] == 0
    return {"ok": bool(_known["current"]), "pending": int(_known["pending"])}


def _rounded(seconds: Any) -> float | None:
    return None if seconds is None else round(float(seconds), 1)


def examine() -> dict[str, Any]:
    """Return the state of this installation as plain JSON values; never raises over a lost database."""
    began = time.monotonic()
    try:
        with acting(system_actor("health")), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            milliseconds = round((time.monotonic() - began) * 1000, 1)
            found: dict[str, Any] = {"database": {"ok": True, "milliseconds": milliseconds}, "migrations": _migrations()}
            if found["migrations"]["ok"]:
                cursor.execute(STATE)
                found |= _flow(*cursor.fetchone()) | {"hub": _hub()}
    except ProgrammingError:  # an empty database: not even the function that every connection begins with
        connection.close()
        return {"status": "down", "database": {"ok": True}, "migrations": {"ok": False, "pending": None}}
    except Exception as fault:
        if not is_lost_connection(fault):
            raise
        connection.close()
        return {"status": "down", "database": {"ok": False}}
    if not found["migrations"]["ok"]:
        return {"status": "down"} | found
    return {"status": "ok" if all(part["ok"] for part in found.values()) else "degraded"} | found


def _flow(heartbeat: Any, waiting: int, failed: int, oldest: Any) -> dict[str, Any]:
    alive = heartbeat is not None and heartbeat <= WORKER_SILENT_SECONDS_MAX
    flows = oldest is None or oldest <= OUTBOX_LAG_SECONDS_MAX
    return {
        "worker": {"ok": alive, "heartbeat_age_seconds": _rounded(heartbeat)},
        "outbox": {"ok": flows and failed == 0, "waiting": waiting, "failed": failed, "oldest_waiting_seconds": _rounded(oldest)},
    }


def _hub() -> dict[str, Any]:
    """Tell how events to other systems fare. A subscription that stopped is its receiver's fault and no illness of this node."""
    found = pulse()
    return {
        "ok": found.lives and found.flows, "waiting": found.waiting, "oldest_waiting_seconds": _rounded(found.oldest_seconds), "set_aside": found.set_aside,
        "suspended": found.suspended, "fan_outs": found.fan_outs, "deliverers": found.deliverers,
    }
