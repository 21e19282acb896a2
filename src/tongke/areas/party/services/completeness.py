"""Completeness of many records at once: after an import, or when the policy weighs the fields anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

import orjson
from django.db import connection

from tongke.areas.party.models import Party
from tongke.areas.party.policy import policy_at
from tongke.kernel.actor import Actor
from tongke.kernel.verb import verb

CHUNK = 5000


@verb("party.repair")
def settle_completeness(*, party_ids: Sequence[UUID] | None = None, by: Actor, at: datetime) -> int:  # noqa: ARG001 - the shape of all verbs
    """Work the completeness of the named parties out again (``None``: of every party in scope), set by set.

    Gives the same scores as the single verbs. Returns how many records changed.
    """
    weights = orjson.dumps({str(kind.value): w for kind, w in policy_at(at).completeness_weights.items()}).decode()
    changed = 0
    for chunk in _chunks(iter(party_ids) if party_ids is not None else Party.objects.values_list("id", flat=True).iterator(CHUNK)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT party_settle_completeness(%s, %s::jsonb, %s)", [chunk, weights, at])
            changed += cursor.fetchone()[0]
    return changed


def _chunks(ids: Iterator[UUID]) -> Iterator[list[UUID]]:
    while chunk := list(islice(ids, CHUNK)):
        yield chunk
