"""Billing periods of an account: from its cycle day to the next, in days of the account's own time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@dataclass(frozen=True, slots=True)
class BillingPeriod:
    """The days from ``start`` until ``end`` (excluded)."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days it has, whatever the clocks do in it."""
        return (self.end - self.start).days


def local_day(instant: datetime, zone: str) -> date:
    """Return the day that it is at ``instant`` where the account lives."""
    return instant.astimezone(_zone(zone)).date()


def first_instant(day: date, zone: str) -> datetime:
    """Return the day's first instant in the zone; where the clocks skip midnight, the first that exists."""
    midnight = datetime.combine(day, time(), tzinfo=_zone(zone))
    return midnight.astimezone(_zone("UTC"))


def months_after(day: date, months: int) -> date:
    """Return the same day ``months`` later; a day the month does not have becomes its last one."""
    first = date(day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - first).days))


def period_of(day: date, cycle_day: int, *, months: int = 1) -> BillingPeriod:
    """Return the billing period in which ``day`` lies; ``months`` long, counted from the cycle day at or before it.

    ``cycle_day`` is 1 to 28, so every month has it.
    """
    start = day.replace(day=cycle_day) if day.day >= cycle_day else months_after(day.replace(day=1), -1).replace(day=cycle_day)
    return BillingPeriod(start, months_after(start, months))


def months_between(start: date, end: date) -> int:
    """Return how many months are begun from ``start`` until ``end``: a begun month counts whole, an empty stretch none."""
    if end <= start:
        return 0
    whole = (end.year - start.year) * 12 + end.month - start.month
    while months_after(start, whole) >= end and whole > 0:
        whole -= 1
    return whole + 1


def months_gone(start: date, day: date) -> int:
    """Return how many whole months went by from ``start`` until ``day``; none where it lies before."""
    whole = (day.year - start.year) * 12 + day.month - start.month
    if months_after(start, whole) > day:
        whole -= 1
    return max(whole, 0)
