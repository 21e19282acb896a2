"""Which content of the catalogue is in force: what is made from it is kept under this and made anew when it moves."""

from __future__ import annotations

from django.db import connection

Revision = tuple[int, str]


def catalogue_revision() -> Revision:
    """Return the number of the catalogue's revision and the transaction that made it.

    The number alone would not do: a transaction that is undone leaves its number to the next one, with other content.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, xmin::text FROM catalogue_revision")
        number, made_by = cursor.fetchone()
    return int(number), str(made_by)
