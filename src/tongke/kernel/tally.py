"""Running counts (``schema.tallied``): folding their additions together, so that reading them stays short."""

from __future__ import annotations

from django.db import connection

FUNCTIONS = "SELECT proname FROM pg_proc WHERE proname LIKE '%\\_tally\\_fold' AND pronamespace = 'public'::regnamespace ORDER BY 1"

TALLIES = """
SELECT left(c.relname, -6), string_agg(a.attname, ', ' ORDER BY a.attnum) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relname LIKE '%\\_tally' AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND a.attname <> 'n'
GROUP BY c.relname ORDER BY 1
"""


def fold_tallies() -> int:
    """Fold every tally of the house; returns how many counts there are then. Who comes second leaves it to the first."""
    rows = 0
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        for (name,) in cursor.fetchall():
            cursor.execute(f"SELECT {name}()")
            rows += cursor.fetchone()[0]
    return rows


def recounting() -> list[str]:
    """Return the statements that count every tally anew, for loads that go by without triggers; the owner's to run.

    What others write meanwhile waits for the count, so that nothing is counted twice or missed.
    """
    out = []
    with connection.cursor() as cursor:
        cursor.execute(TALLIES)
        for table, columns in cursor.fetchall():
            out.append(
                f"LOCK TABLE {table} IN SHARE MODE; LOCK TABLE {table}_tally IN ACCESS EXCLUSIVE MODE; DELETE FROM {table}_tally;"
                f" INSERT INTO {table}_tally ({columns}, n) SELECT {columns}, count(*) FROM {table} GROUP BY {columns}"
            )
    return out
