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


def partitioned_tables() -> list[str]:
    """Return the names of all tables that are partitioned by month."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() ORDER BY 1",
        )
        return [name for (name,) in cursor.fetchall()]
