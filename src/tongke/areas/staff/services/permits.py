"""Permits of machine clients: how many requests each may make, counted without a write per request.

Each process takes permits from the database in leases of a tenth of a second's worth and spends them in memory. So a
client's limit holds over all processes and machines, a busy client costs ten small writes a second, and a client that is
told to wait costs none. Permits of a lease that nobody spends lapse: that much may a client get less, never more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from threading import Lock
from uuid import UUID

from django.db import connection

LEASE = "SELECT granted, wait_seconds FROM tongke_permits_take(%s, %s)"
LAPSES_AFTER = timedelta(seconds=10)
# How long a process believes that a client has no limit.
UNLIMITED_FOR = timedelta(seconds=10)
Place = tuple[str, UUID]


@dataclass(slots=True)
class _Purse:
    """What this process holds of a client's permits: ``left`` until ``lapses_at``, or nothing before ``closed_until``."""

    guard: Lock = field(default_factory=Lock)
    left: int = 0
    unlimited: bool = False
    taken_at: datetime | None = None
    closed_until: datetime | None = None

    def fresh(self, at: datetime) -> bool:
        """Tell whether what was taken may still be spent at ``at``."""
        return self.taken_at is not None and self.taken_at <= at < self.taken_at + (UNLIMITED_FOR if self.unlimited else LAPSES_AFTER)


_purses: dict[Place, _Purse] = {}
_guard = Lock()


def _purse(client_id: UUID) -> _Purse:
    place = (str(connection.settings_dict["NAME"]), client_id)
    found = _purses.get(place)
    if found is None:
        with _guard:
            found = _purses.setdefault(place, _Purse())
    return found


def _lease(client_id: UUID, at: datetime) -> tuple[int | None, float]:
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as raw:
        raw.execute(LEASE, (client_id, at))
        granted, wait = raw.fetchone()
    return granted, wait or 0.0


def admit(client_id: UUID, *, at: datetime) -> int | None:
    """Spend one permit of the client: ``None`` where the request may go on, else the seconds to wait (at least 1).

    Call it once for a request, whether it is answered before Django's handler or by it. Raises Django's database
    errors where a lease is due and the database does not answer.
    """
    purse = _purse(client_id)
    with purse.guard:
        if purse.closed_until is not None:
            left = (purse.closed_until - at).total_seconds()
            # A clock that was set back must not close the door for ever: nobody waits longer than a minute for one permit.
            if 0 < left <= 60:
                return ceil(left)
            purse.closed_until = None
        if not purse.fresh(at) or (purse.left == 0 and not purse.unlimited):
            granted, wait = _lease(client_id, at)
            purse.unlimited, purse.left, purse.taken_at = granted is None, granted or 0, at
            if granted == 0:
                purse.closed_until = at + timedelta(seconds=wait)
                return max(ceil(wait), 1)
        if not purse.unlimited:
            purse.left -= 1
        return None
