"""Reads the view of one customer as finished JSON text, leaving the trace of the look in the same round trip."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from tongke.areas.party.queries.whole import CORE, PERMISSION, WHOLE, customer_document
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound

__all__ = ["PERMISSION", "customer_core", "customer_of_phone", "customer_whole", "survivor_of", "timeline"]


def customer_core(wanted: UUID, *, purpose: str = "", by: Actor) -> str:
    """Return who a customer is, as JSON text; raises ``NotPermitted`` and ``NotFound``."""
    return customer_document(CORE, kind="get", wanted=wanted, purpose=purpose, by=by)


def customer_whole(wanted: UUID, *, purpose: str = "", by: Actor) -> str:
    """Return the whole view of a customer as JSON text; raises ``NotPermitted`` and ``NotFound``."""
    return customer_document(WHOLE, kind="view", wanted=wanted, purpose=purpose, by=by)


def survivor_of(wanted: UUID) -> UUID:
    """Return the customer that a merged one went into, else the customer itself; raises ``NotFound``."""
    return _one("SELECT tongke_customer_survivor(%s)", wanted)


def customer_of_phone(number: str) -> UUID:
    """Return whose number (E.164) this is now; raises ``NotFound``."""
    return _one("SELECT tongke_customer_of_phone(%s)", number)


def _one(statement: str, value: Any) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute(statement, [value])
        found = cursor.fetchone()[0]
    if found is None:
        raise NotFound
    return found  # type: ignore[no-any-return]  # the driver reads uuid columns as UUID


def timeline(wanted: UUID, *, before: datetime | None, kind: str, limit: int, by: Actor) -> list[dict[str, Any]]:
    """Return lines of the customer's timeline, newest first, those before ``before`` where given."""
    by.require("contact_centre.view")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tongke_customer_timeline(%s, %s, %s, %s)", [wanted, before, kind, limit])
        (text,) = cursor.fetchone()
    found: list[dict[str, Any]] = orjson.loads(text) if text else []
    return found
