"""A subscription that stops by itself, and the people who are told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_noop

from tongke.areas.staff import services as staff
from tongke.kernel.actor import system_actor

STOP = """
UPDATE tmf_subscription SET state = %s, reason = %s, changed_at = %s WHERE id = %s AND state = 'active' RETURNING org_id, owner
"""
SAYS = {
    "suspended": gettext_noop("Events for {owner} are no longer delivered: {reason}"),
    "ended": gettext_noop("{owner} takes no more events: the address answered that it is gone"),
}


def stop_subscription(ident: UUID, *, state: str, reason: str, at: datetime) -> None:
    """Stop an active subscription, ``suspended`` or ``ended``, and tell those who may set it going again."""
    with connection.cursor() as cursor:
        cursor.execute(STOP, [state, reason, at, ident])
        row = cursor.fetchone()
        if row is None:
            return
        org, owner = row
        cursor.execute("SELECT tongke_hub_watchers(%s, %s)", [org, at])
        watchers = [found for (found,) in cursor.fetchall()]
    staff.notify(
        staff_ids=watchers, says=SAYS[state], values={"owner": owner, "reason": reason}, link=f"/admin/subscriptions/{ident}",
        by=system_actor("hub"), at=at,
    )
