"""How values are written for people: dates in the organisation's zone, money, numbers, phones, names.

Each function is a Jinja filter of the same name. ``None`` and empty text are written as an en dash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from tongke.kernel import clock
from tongke.kernel.actor import current_actor
from tongke.kernel.money import MINOR_DIGITS, Money

NOTHING = "–"
SYMBOLS = {"CNY": "¥", "USD": "US$", "EUR": "€", "HKD": "HK$", "JPY": "JP¥"}
_UNITS = ((1024**3, "GB"), (1024**2, "MB"), (1024, "kB"))


@lru_cache(maxsize=32)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone() -> ZoneInfo:
    """Return the time zone of the organisation of whoever looks."""
    return _zone(current_actor().zone)


def local(moment: datetime) -> datetime:
    """Return ``moment`` in the organisation's zone; a moment without a zone counts as UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone())


def _chinese() -> bool:
    return (get_language() or "zh-hans").startswith("zh")


def day(value: date | datetime | None) -> str:
    """Write a day: 2026-03-09."""
    if value is None:
        return NOTHING
    return (local(value) if isinstance(value, datetime) else value).strftime("%Y-%m-%d")


def long_day(value: date | datetime | None) -> str:
    """Write a day in full: 2026年3月9日 星期一, or Monday 9 March 2026."""
    if value is None:
        return NOTHING
    known = local(value).date() if isinstance(value, datetime) else value
    if _chinese():
        return f"{known.year}年{known.month}月{known.day}日 星期{'一二三四五六日'[known.weekday()]}"
    return f"{known:%A} {known.day} {known:%B %Y}"


def moment(value: datetime | None) -> str:
    """Write an instant to the minute: 2026-03-09 14:05."""
    return NOTHING if value is None else local(value).strftime("%Y-%m-%d %H:%M")


def clock_time(value: datetime | None) -> str:
    """Write the time of day only: 14:05."""
    return NOTHING if value is None else local(value).strftime("%H:%M")


def _ago_words(passed: timedelta, value: datetime) -> str:
    seconds = int(passed.total_seconds())
    if seconds < 0:
        return moment(value)
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", seconds // 60) % {"n": seconds // 60}
    if seconds < 86400:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", seconds // 3600) % {"n": seconds // 3600}
    if seconds < 7 * 86400:
        return ngettext("%(n)d day ago", "%(n)d days ago", seconds // 86400) % {"n": seconds // 86400}
    return day(value)


def ago(value: datetime | None) -> Markup:
    """Write how long ago an instant was, with the exact one as the element's title."""
    if value is None:
        return escape(NOTHING)
    words = _ago_words(clock.now() - value, value)
    return Markup('<time datetime="%s" title="%s">%s</time>') % (value.isoformat(), moment(value), words)


def number(value: float | Decimal | None, digits: int = 0) -> str:
    """Write a number with thousands marks: 12,345.6."""
    return NOTHING if value is None else f"{value:,.{digits}f}"


def bounded(count: int, bound: int = 1000) -> str:
    """Write a count that was cut at ``bound``: ``1,000+`` where there are more."""
    return f"{bound:,}+" if count > bound else f"{count:,}"


def percent(value: float | Decimal | None, digits: int = 1) -> str:
    """Write a share (0..1) as a percentage: 0.125 gives 12.5%."""
    return NOTHING if value is None else f"{value * 100:,.{digits}f}%"


def money(value: Money | Decimal | float | None, currency: str = "CNY") -> str:
    """Write an amount with its currency's sign: ¥1,234.50; a negative one with a true minus."""
    if value is None:
        return NOTHING
    amount, code = (value.amount, value.currency) if isinstance(value, Money) else (Decimal(value), currency)
    text = f"{abs(amount):,.{MINOR_DIGITS.get(code, 2)}f}"
    return f"{'−' if amount < 0 else ''}{SYMBOLS.get(code, code + ' ')}{text}"


def phone(value: str | None) -> str:
    """Write a number in groups: +8613857100001 gives 138 5710 0001; a masked one is grouped alike."""
    if not value:
        return NOTHING
    text = value.removeprefix("+86")
    if len(text) == 11 and text[0] == "1":
        return f"{text[:3]} {text[3:7]} {text[7:]}"
    if text != value and len(text) in {10, 11}:
        cut = 2 if text[0] in "12" else 3  # 10 and 2x are the two-digit area codes
        return f"0{text[:cut]} {text[cut:cut + 4]} {text[cut + 4:]}"
    return value


def name(person: Any) -> str:
    """Write the name of an organisation or colleague in the reader's language (``name_zh``/``name_en``)."""
    first, second = ("name_zh", "name_en") if _chinese() else ("name_en", "name_zh")
    return str(getattr(person, first, "") or getattr(person, second, "") or NOTHING)


def listed(words: Iterable[str]) -> str:
    """Write several words in a row, with the comma of the reader's language."""
    return ("、" if _chinese() else ", ").join(words)


def file_size(value: int | None) -> str:
    """Write a number of bytes: 1.4 MB."""
    if value is None:
        return NOTHING
    for unit, sign in _UNITS:
        if value >= unit:
            return f"{value / unit:,.1f} {sign}"
    return f"{value} B"


def duration(seconds: float | None) -> str:
    """Write a number of seconds: 1:02:05 or 2:05."""
    if seconds is None:
        return NOTHING
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def or_dash(value: Any) -> Any:
    """Write an en dash for nothing."""
    return NOTHING if value is None or value == "" else value


FILTERS: dict[str, Callable[..., Any]] = {
    "day": day, "long_day": long_day, "moment": moment, "clock_time": clock_time, "ago": ago, "number": number, "bounded": bounded,
    "percent": percent, "money": money, "phone": phone, "name_of": name, "file_size": file_size, "duration": duration, "or_dash": or_dash,
}
