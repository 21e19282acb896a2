"""Printed numbers: unique, ascending, gaps allowed after a rollback, one statement each."""

from __future__ import annotations

from datetime import date

from django.db import connection

# One statement: the row's lock makes the increment and the read one act.
NEXT = """
INSERT INTO kernel_number_series (series, period, last) VALUES (%s, %s, %s)
ON CONFLICT (series, period) DO UPDATE SET last = kernel_number_series.last + excluded.last RETURNING last
"""


def take_numbers(series: str, *, count: int, on: date, digits: int = 8) -> list[str]:
    """Take ``count`` numbers of ``series`` for the year of ``on``, e.g. ``CU2600000042``.

    Under many writers the series row is a meeting point: its lock is held until the caller commits.
    Hot single creates take theirs from ``sequence_number`` instead.
    """
    period = f"{on:%y}"
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [series, period, count])
        (last,) = cursor.fetchone()
    return [f"{series}{period}{n:0{digits}d}" for n in range(last - count + 1, last + 1)]


def sequence_number(series: str, *, on: date, digits: int = 8) -> str:
    """Take the next number from the database sequence ``number_<series>``: never waits, may leave gaps."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [f"number_{series.lower()}"])
        (last,) = cursor.fetchone()
    return f"{series}{on:%y}{last:0{digits}d}"


def sequence_numbers(series: str, *, count: int, on: date, digits: int = 8) -> list[str]:
    """Take ``count`` numbers from the database sequence ``number_<series>`` in one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [f"number_{series.lower()}", count])
        return [f"{series}{on:%y}{last:0{digits}d}" for (last,) in cursor.fetchall()]
