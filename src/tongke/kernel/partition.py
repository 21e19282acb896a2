"""Monthly partitions for tables that grow without end."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.db import connection


def month_start(day: date) -> date:
    """Return the first day of the month of ``day``."""
    return day.replace(day=1)


def next_month(first: date) -> date:
    """Return the first day of the month after the one that starts on ``first``."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def ensure_months(table: str, start: date, end: date) -> None:
    """Create the partitions of ``table`` for every month from ``start`` to ``end``, both included.

    Runs as the table's owner; a row outside every month goes to the default partition, so that
    nothing is lost where this was forgotten.
    """
    first = month_start(start)
    with connection.cursor() as cursor:
        while first <= end:
            cursor.execute("SELECT tongke_ensure_month(%s, %s)", [table, datetime(first.year, first.month, 1, tzinfo=UTC)])
            first = next_month(first)
