"""What belongs to one person's pages: notifications and saved filters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.areas.staff.models import Notification, SavedFilter
from tongke.areas.staff.sessions import person_id
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.verb import verb

CHANNEL = "tongke_notification"
NAME_LENGTH_MAX = 60


def notify(*, staff_ids: Iterable[UUID], says: str, values: dict[str, Any], link: str, by: Actor, at: datetime) -> None:
    """Put a line into the trays of these people, inside the caller's transaction.

    ``says`` is an English sentence of the catalogue with placeholders (``gettext_noop``), filled with ``values`` in
    the reader's language; it must hold no personal data of customers. The live stream is told at commit.
    """
    del by
    found = sorted(set(staff_ids))
    Notification.objects.bulk_create(
        Notification(staff_id=staff_id, text={"says": says, "values": values}, link=link, at=at) for staff_id in found
    )
    with connection.cursor() as cursor:
        for staff_id in found:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(staff_id)])


@verb("staff.own")
def mark_notifications_read(*, notification_ids: Iterable[UUID] | None = None, by: Actor, at: datetime) -> int:
    """Mark the actor's notifications as read, all or only these; return how many were unread."""
    mine = Notification.objects.filter(staff_id=person_id(by), read_at__isnull=True)
    return (mine if notification_ids is None else mine.filter(id__in=list(notification_ids))).update(read_at=at)


@verb("staff.own")
def save_filter(*, page: str, name: str, query: str, by: Actor, at: datetime) -> SavedFilter:
    """Keep a list page's filter under a name; the same name again replaces it."""
    kept, _made = SavedFilter.objects.update_or_create(
        staff_id=person_id(by), page=page, name=name.strip()[:NAME_LENGTH_MAX], defaults={"query": query, "created_at": at},
    )
    return kept


@verb("staff.own")
def forget_filter(*, filter_id: UUID, by: Actor, at: datetime) -> None:
    """Forget one of the actor's saved filters; raises ``NotFound``."""
    del at
    gone, _rows = SavedFilter.objects.filter(id=filter_id, staff_id=person_id(by)).delete()
    if not gone:
        raise NotFound
