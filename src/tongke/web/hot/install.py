"""Puts the functions of search and of the 360 into the database after every `migrate`.

They are made from the panels and candidates of all rooms, so they belong to no room's migrations. A digest of
their text is kept as a comment on one of them: an unchanged text costs one look-up.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import connections

from tongke.areas.party.queries import lists
from tongke.web.customer_360 import statement as customer_360
from tongke.web.search import statement as search

DIGEST_OF = "tongke_search(jsonb, int, uuid, int, text, jsonb)"


def functions_sql() -> str:
    """Return the definitions of all functions of the web floor."""
    return search.function_sql() + customer_360.function_sql() + lists.functions_sql()


def installed_digest(cursor: Any) -> str:
    """Return the digest of what the database holds, or nothing."""
    cursor.execute("SELECT coalesce(obj_description(to_regprocedure(%s), 'pg_proc'), '')", [DIGEST_OF])
    (found,) = cursor.fetchone()
    return str(found)


def install_functions(*, using: str = "default", **_signal: Any) -> None:
    """Create or replace the functions if their text changed; runs as the owner, after `migrate`."""
    text = functions_sql()
    digest = hashlib.sha256(text.encode()).hexdigest()
    with connections[using].cursor() as cursor:
        if installed_digest(cursor) == digest:
            return
        # The rooms' tables may be younger than a function that is replaced on the way: bodies are checked at first use.
        cursor.execute("SET check_function_bodies = off")
        cursor.execute(text)
        cursor.execute("RESET check_function_bodies")
        cursor.execute(f"COMMENT ON FUNCTION {DIGEST_OF} IS '{digest}'")
