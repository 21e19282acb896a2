"""Dead letters: events that could not be delivered, to be sent again or dropped by a person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.verb import verb
from tongke.tmf.hub.again import rendered_again
from tongke.tmf.hub.fan_out import LOCK_NUMBERS

# A letter that is sent again joins the end of the line under a new number: what was delivered since stays delivered.
AGAIN = """
WITH again AS (DELETE FROM tmf_delivery WHERE {which} AND dead_at IS NOT NULL RETURNING id, org_id, subscription_id, notice_id)
INSERT INTO tmf_delivery (org_id, subscription_id, notice_id, created_at) SELECT org_id, subscription_id, notice_id, %s FROM again ORDER BY id
"""
HURRY = "UPDATE tmf_course SET due_at = least(due_at, %s) WHERE subscription_id = ANY (SELECT subscription_id FROM tmf_delivery WHERE created_at = %s)"


def _again(which: str, value: int | UUID, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(LOCK_NUMBERS)
        cursor.execute(AGAIN.format(which=which), [value, at])
        count: int = cursor.rowcount
        cursor.execute(HURRY, [at, at])
    return count


@verb("integration.replay")
def replay(*, delivery_id: int, by: Actor, at: datetime) -> None:
    """Send one dead letter again, at the end of its line. Raises ``NotFound``."""
    del by
    if not _again("id = %s", delivery_id, at):
        raise NotFound


@verb("integration.replay")
def replay_all(*, subscription_id: UUID, by: Actor, at: datetime) -> int:
    """Send every dead letter of a subscription again, in their order; return how many."""
    del by
    return _again("subscription_id = %s", subscription_id, at)


@verb("integration.replay")
def drop(*, delivery_id: int, by: Actor, at: datetime) -> None:
    """Give up one dead letter for good. Raises ``NotFound``."""
    del by, at
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM tmf_delivery WHERE id = %s AND dead_at IS NOT NULL", [delivery_id])
        if not cursor.rowcount:
            raise NotFound


def letter_body(*, notice_id: int, by: Actor) -> bytes | None:
    """Return a dead letter's event as the actor may see it himself; ``None`` where he may not. Needs ``integration.view``."""
    by.require("integration.view")
    found = rendered_again([notice_id], by=by).get(notice_id)
    return found[1] if found else None
