"""The simulated time: whole months up to the month of ``until``, and the days of that month itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from tongke.simulator.draw import Ints

DAY = 86_400
UNTIL = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
"""Where simulated time ends unless told otherwise: a fixed instant, so that the same call gives the same rows on any day."""


def day_number(day: date) -> int:
    """Return days since 1970."""
    return (day - date(1970, 1, 1)).days


@dataclass(frozen=True, slots=True)
class Span:
    """What is simulated: the seed, how many customers, and ``months`` whole months before that of ``until``."""

    seed: int
    customers: int
    months: int
    until: datetime = UNTIL

    @property
    def starts(self) -> Ints:
        """First day of each whole month and of the month of ``until``, as days since 1970 (months + 1 of them)."""
        last = self.until.year * 12 + self.until.month - 1
        return np.array([day_number(date(m // 12, m % 12 + 1, 1)) for m in range(last - self.months, last + 1)], dtype=np.int64)

    def calendar_month(self, month: int) -> int:
        """Return which month of the year the ``month``-th whole month is: 0 for January to 11 for December."""
        return (self.until.month - 1 - self.months + month) % 12

    @property
    def until_second(self) -> int:
        """The end of simulated time in seconds since 1970."""
        return int(self.until.timestamp())

    @property
    def until_day(self) -> int:
        """The last simulated day, in days since 1970."""
        return self.until_second // DAY

    @property
    def months_until(self) -> date:
        """The first day of the month of ``until``."""
        return date(self.until.year, self.until.month, 1)


def by_day(days: Ints, random: np.random.Generator) -> Ints:
    """Return seconds since 1970 on each day within business hours of the operator's zone (8 to 21 o'clock, UTC+8)."""
    return days * DAY + random.integers(0, 13 * 3600, len(days))
