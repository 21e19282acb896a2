"""What belongs to one person's pages: notifications and saved filters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import get_language, gettext

from tongke.areas.staff.models import Notification, SavedFilter
from tongke.areas.staff.queries.approvals import INBOX
from tongke.areas.staff.sessions import person_id
from tongke.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class TrayLine:
    """A notification: an English sentence of the catalogue with placeholders, and what fills them."""

    id: UUID
    says: str
    values: dict[str, Any]
    link: str
    at: datetime
    read_at: datetime | None

    @property
    def text(self) -> str:
        """The sentence in the active language."""
        # What has a name of its own in English stands beside it: {who} and who_en.
        english = {key.removesuffix("_en"): value for key, value in self.values.items() if key.endswith("_en") and value}
        return gettext(self.says).format(**self.values | (english if (get_language() or "").startswith("en") else {}))

    @property
    def request_id(self) -> UUID | None:
        """The request for approval that the line is about, if it is about one."""
        folder, _slash, key = self.link.rpartition("/")
        return UUID(key) if folder == INBOX else None

    def about(self, subject: str) -> TrayLine:
        """Return the line with what it is about in other words."""
        return replace(self, values=self.values | {"subject": subject})


def notifications(*, by: Actor, limit: int = 20) -> list[TrayLine]:
    """Return the actor's newest notifications."""
    rows = Notification.objects.filter(staff_id=person_id(by)).order_by("-at")[:limit]
    return [TrayLine(n.id, n.text["says"], n.text["values"], n.link, n.at, n.read_at) for n in rows]


def notifications_unread(*, by: Actor) -> int:
    """Count the actor's unread notifications, up to 100."""
    return Notification.objects.filter(staff_id=person_id(by), read_at__isnull=True)[:100].count()


def saved_filters(*, page: str, by: Actor) -> QuerySet[SavedFilter]:
    """Return the filters that the actor keeps for a list page, by name."""
    return SavedFilter.objects.filter(staff_id=person_id(by), page=page).order_by("name")
