"""Moving what hangs on one party or customer to another: each step is recorded, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.areas.party.models import CreditRating
from tongke.areas.party.services.completeness import settle_completeness
from tongke.kernel.actor import Actor
from tongke.kernel.reversal import Recorder

# Tables of this room that point to a party, besides the memberships: (table, column). A test compares this with the
# foreign keys that the database knows.
PARTY_POINTERS = (
    ("party_identity_document", "party_id"), ("party_contact_medium", "party_id"), ("party_postal_address", "party_id"),
    ("party_consent", "party_id"), ("party_name_change", "party_id"), ("party_blacklist_entry", "party_id"),
    ("party_source_key", "subject_id"), ("party_role", "party_id"),
)
CUSTOMER_POINTERS = (("party_credit_rating", "customer_id"), ("party_source_key", "subject_id"))


def _run(statement: str, params: Sequence[Any] | Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def move_party_rows(recorder: Recorder, from_id: UUID, to_id: UUID, *, at: datetime) -> None:
    """Give every row of party ``from_id`` in this room to ``to_id``; what both have once in force is ended on one side."""
    _end_twins(recorder, from_id, to_id, at=at)
    _restrict_consents(recorder, from_id, to_id, at=at)
    _move_relations(recorder, from_id, to_id, at=at)
    with recorder.watching("party_blacklist_entry", "match = 'party' AND match_key = %s", [str(from_id)]):
        _run("UPDATE party_blacklist_entry SET match_key = %s WHERE match = 'party' AND match_key = %s", [str(to_id), str(from_id)])
    for table, column in PARTY_POINTERS:
        with recorder.watching(table, f"{column} = %s", [from_id]):
            _run(f"UPDATE {table} SET {column} = %s WHERE {column} = %s", [to_id, from_id])


def move_customer_rows(recorder: Recorder, from_id: UUID, to_id: UUID, *, at: datetime) -> None:
    """Give the ratings and source keys of customer ``from_id`` to ``to_id``; of two ratings in force the worse stays."""
    with recorder.watching("party_credit_rating", "customer_id IN (%s, %s) AND valid_until IS NULL", [from_id, to_id]):
        _run("""UPDATE party_credit_rating SET valid_until = greatest(%(at)s, valid_from)
             WHERE valid_until IS NULL AND id IN (
               SELECT id FROM party_credit_rating WHERE customer_id IN (%(from)s, %(to)s) AND valid_until IS NULL
               ORDER BY score, (customer_id = %(from)s)::int OFFSET 1)""", {"at": at, "from": from_id, "to": to_id})
    for table, column in CUSTOMER_POINTERS:
        with recorder.watching(table, f"{column} = %s", [from_id]):
            _run(f"UPDATE {table} SET {column} = %s WHERE {column} = %s", [to_id, from_id])


def settle_completeness_of(recorder: Recorder, *party_ids: UUID, by: Actor, at: datetime) -> None:
    """Count anew how complete the parties are: a consequence of a merge, which needs no right to repair of its own."""
    with recorder.watching("party_party", "id = ANY (%s)", [list(party_ids)]):
        settle_completeness(
            party_ids=party_ids, by=replace(by, permissions=by.permissions | {"party.repair"}, scope=None, own_rows_of=None), at=at,
        )


def rating_in_force(customer_id: UUID) -> tuple[str, Decimal] | None:
    """Class and limit of the customer's rating in force."""
    return CreditRating.objects.filter(customer_id=customer_id, valid_until=None).values_list("credit_class", "credit_limit").first()


# The same document, medium or address in force on both sides: the absorbed's is ended, it adds nothing.
_TWIN = {
    "party_identity_document": "o.number_index = t.number_index AND o.kind = t.kind",
    "party_contact_medium": "o.value = t.value AND o.kind = t.kind",
    "party_postal_address": 'o."full" = t."full" AND o.kind = t.kind',
}


def _end_twins(recorder: Recorder, from_id: UUID, to_id: UUID, *, at: datetime) -> None:
    for table, same in _TWIN.items():
        where = (
            f"t.party_id = %s AND t.valid_until IS NULL AND EXISTS (SELECT FROM {table} o WHERE o.party_id = %s AND o.valid_until IS NULL AND {same})"
        )
        with recorder.watching(table, where, [from_id, to_id]):
            _run(f"UPDATE {table} t SET valid_until = greatest(%s, t.valid_from) WHERE {where}", [at, from_id, to_id])
    preferred = (
        "t.party_id = %s AND t.preferred AND EXISTS (SELECT FROM party_contact_medium o WHERE o.party_id = %s"
        " AND o.kind = t.kind AND o.preferred AND o.valid_until IS NULL)"
    )
    with recorder.watching("party_contact_medium", preferred, [from_id, to_id]):
        _run(f"UPDATE party_contact_medium t SET preferred = false WHERE {preferred}", [from_id, to_id])


# The same question answered by both: the less restrictive answer ends (ties: the absorbed's). What one forbade stays forbidden.
_LOOSER = """
  t.valid_until IS NULL AND t.party_id IN (%(from)s, %(to)s) AND EXISTS (
    SELECT FROM party_consent o WHERE o.valid_until IS NULL AND o.purpose = t.purpose AND o.channel = t.channel
    AND o.party_id = CASE WHEN t.party_id = %(from)s::uuid THEN %(to)s::uuid ELSE %(from)s::uuid END
    AND ((o.state <> 'granted')::int > (t.state <> 'granted')::int
         OR ((o.state <> 'granted') = (t.state <> 'granted') AND t.party_id = %(from)s::uuid)))
"""


def _restrict_consents(recorder: Recorder, from_id: UUID, to_id: UUID, *, at: datetime) -> None:
    params = {"from": from_id, "to": to_id, "at": at}
    with recorder.watching("party_consent", _LOOSER, params):
        _run(f"UPDATE party_consent t SET valid_until = greatest(%(at)s, t.valid_from) WHERE {_LOOSER}", params)


# Memberships that cannot move: between the two themselves, or where the survivor had a parent in the same tree at
# the same time. They stay with the absorbed record as its history, ended now.
_STAYS = """
  (t.parent_id = %(from)s AND t.child_id = %(to)s OR t.parent_id = %(to)s AND t.child_id = %(from)s
   OR (t.child_id = %(from)s AND t.tree <> 'key_person' AND EXISTS (
     SELECT FROM party_relation o WHERE o.child_id = %(to)s AND o.tree = t.tree
     AND (o.valid_until IS NULL OR o.valid_until > t.valid_from) AND (t.valid_until IS NULL OR o.valid_from < t.valid_until))))
"""


def _move_relations(recorder: Recorder, from_id: UUID, to_id: UUID, *, at: datetime) -> None:
    params = {"from": from_id, "to": to_id, "at": at}
    running = f"(t.valid_until IS NULL OR t.valid_until > %(at)s) AND {_STAYS}"
    with recorder.watching("party_relation", running, params):
        _run(f"UPDATE party_relation t SET valid_until = greatest(%(at)s, t.valid_from) WHERE {running}", params)
    for column in ("parent_id", "child_id"):
        moves = f"t.{column} = %(from)s AND NOT {_STAYS}"
        with recorder.watching("party_relation", moves, params):
            _run(f"UPDATE party_relation t SET {column} = %(to)s WHERE {moves}", params)
