"""Reads one customer as finished JSON text, leaving the trace of the look in the same round trip.

The functions in the database are put together from the panels of all rooms (docs/adr/0011-hot-reads.md).
"""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound

PERMISSION = "party.view"
CORE = "tongke_customer_core(%(wanted)s)"
WHOLE = "tongke_customer_360(%(wanted)s, %(permissions)s)"
# OFFSET 0 keeps the reading one act: the trace is left only where something was read.
READ = """
SELECT v.found, CASE WHEN v.found IS NOT NULL THEN tongke_look(%(kind)s, %(wanted)s, %(staff)s, %(org)s, %(purpose)s) END
FROM (SELECT {what} AS found OFFSET 0) v
"""
SERVICE = "service"


def customer_document(what: str, *, kind: str, wanted: UUID, purpose: str, by: Actor) -> str:
    """Return ``CORE`` or ``WHOLE`` of a customer; ``kind`` is that of the look. Raises ``NotPermitted`` and ``NotFound``."""
    by.require(PERMISSION)
    with connection.cursor() as cursor:
        cursor.execute(READ.format(what=what), {
            "wanted": wanted, "permissions": sorted(by.permissions), "kind": kind, "staff": by.staff_id, "org": by.base_org_id,
            "purpose": purpose or SERVICE,
        })
        found = cursor.fetchone()[0]
    if found is None:
        raise NotFound
    return str(found)


def survivor_of(wanted: UUID) -> UUID:
    """Return the customer that a merged one went into, else the customer itself; raises ``NotFound``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tongke_customer_survivor(%s)", [wanted])
        found: UUID | None = cursor.fetchone()[0]
    if found is None:
        raise NotFound
    return found
