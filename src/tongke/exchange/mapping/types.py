"""From text to typed values. Each function returns the value or raises ``Untaken`` with what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

ZONE = ZoneInfo("Asia/Shanghai")
_NUMBER = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d{1,2})?|[+-]?\.\d+")
TRUE = frozenset(("true", "yes", "y", "1", "t", "on", "是", "有"))
FALSE = frozenset(("false", "no", "n", "0", "f", "off", "否", "无"))
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00(?:\.0+)?)?)?")
AMOUNT_MAX = Decimal(10) ** 16


class Untaken(ValueError):
    """A text that is not what its field asks for; ``args[0]`` says what was expected."""


def as_integer(text: str) -> int:
    """Return a whole number; ``3.0`` is one too."""
    number = as_decimal(text)
    if number != number.to_integral_value() or abs(number) >= 2**63:
        raise Untaken(_("a whole number is expected"))
    return int(number)


def as_decimal(text: str) -> Decimal:
    """Return a number, thousands separated by commas or not; ``NaN`` and ``Infinity`` are none."""
    if _NUMBER.fullmatch(text) is None:
        raise Untaken(_("a number is expected"))
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise Untaken(_("a number is expected")) from None
    if abs(number) >= AMOUNT_MAX:
        raise Untaken(_("the number is too large"))
    return number


@lru_cache(maxsize=20_000)
def as_date(text: str, given: str = "") -> date:
    """Return a day: year first (``-``, ``/``, ``.`` or 年月日 between), or as the format ``given`` says."""
    try:
        if given:
            return datetime.strptime(text, given).date()  # noqa: DTZ007 - zone set below, a day has none
        if match := _DAY.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        return date.fromisoformat(text[:10]) if len(text) <= 10 else datetime.fromisoformat(text).date()
    except ValueError:
        raise Untaken(_("a date is expected, year-month-day")) from None


def as_datetime(text: str, given: str = "") -> datetime:
    """Return an instant; without a zone it is Chinese time."""
    try:
        found = datetime.strptime(text, given) if given else datetime.fromisoformat(text.replace("/", "-"))  # noqa: DTZ007 - zone set below, a day has none
    except ValueError:
        try:
            day = as_date(text)
        except Untaken:
            raise Untaken(_("a date and time is expected, year-month-day hour:minute")) from None
        found = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - zone set below
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZONE)
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise Untaken(_("a date and time is expected, year-month-day hour:minute")) from None


def as_boolean(text: str) -> bool:
    """Return a truth value: yes, no, 1, 0, 是, 否 and their like."""
    key = text.casefold()
    if key in TRUE:
        return True
    if key in FALSE:
        return False
    raise Untaken(_("yes or no is expected"))


def as_text(text: str) -> str:
    """Return the text itself."""
    return text


CONVERT: dict[str, Callable[[str], Any]] = {
    "text": as_text, "integer": as_integer, "decimal": as_decimal, "date": as_date, "datetime": as_datetime, "boolean": as_boolean,
    "reference": as_text,
}
