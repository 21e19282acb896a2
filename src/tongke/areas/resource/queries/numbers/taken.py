"""Which numbers are no longer to be had for a line that says it uses them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

TAKEN = "SELECT number, line FROM resource_numbers_taken(%s::text[])"


def numbers_taken(numbers: Sequence[str]) -> dict[str, UUID]:
    """Return which of some numbers (E.164 with ``+``) of our blocks are not free, with the line that has each.

    The line is ``UUID(int=0)`` where none has it: the number is kept back, on hold, cooling, with another operator, or
    belongs to an organisation out of the present actor's sight. Nothing else of it is told.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, [list(numbers)])
        return dict(cursor.fetchall())
