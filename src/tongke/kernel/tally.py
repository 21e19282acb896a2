"""Running counts (``schema.tallied``): folding their additions together, so that reading them stays short."""

from __future__ import annotations

from django.db import connection

FUNCTIONS = "SELECT proname FROM pg_proc WHERE proname LIKE '%\\_tally\\_fold' AND pronamespace = 'public'::regnamespace ORDER BY 1"


def fold_tallies() -> int:
    """Fold every tally of the house; returns how many counts there are then. Who comes second leaves it to the first."""
    rows = 0
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        for (name,) in cursor.fetchall():
            cursor.execute(f"SELECT {name}()")
            rows += cursor.fetchone()[0]
    return rows
