"""The timeline: what happened with a customer, newest first, grouped by the organisation's days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from tongke.kernel import clock
from tongke.web.kit import formatting

# The sign of each channel of contact and of the commonest kinds of events.
SIGNS = {
    "call": "phone", "call_in": "phone-incoming", "call_out": "phone-outgoing", "sms": "message", "wechat": "brand-wechat", "hall": "building-store",
    "visit": "map-pin", "web": "world", "app": "device-mobile", "email": "mail", "complaint": "mood-empty", "order": "clipboard-list", "bill": "receipt",
    "payment": "cash", "change": "edit", "note": "note", "merge": "git-merge", "look": "eye",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One happening. ``sign`` is an icon's name (``SIGNS`` has those of the channels); ``tone`` colours it."""

    at: datetime
    title: Any
    text: Any = ""
    who: Any = ""
    sign: str = "circle"
    tone: str = "neutral"
    address: str = ""
    marks: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Day:
    """The happenings of one day, newest first."""

    label: str
    items: list[Item]

    def __getitem__(self, key: str) -> Any:
        """Let templates write ``day["items"]``: ``day.items`` looks like a mapping's method there."""
        return getattr(self, key)


def day_label(day: date) -> str:
    """Return today, yesterday or the day in full."""
    today = formatting.local(clock.now()).date()
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return formatting.long_day(day)


def by_day(items: Iterable[Item]) -> list[Day]:
    """Group ``items`` (newest first) by the organisation's days."""
    return [Day(day_label(day), list(group)) for day, group in groupby(items, key=lambda item: formatting.local(item.at).date())]
