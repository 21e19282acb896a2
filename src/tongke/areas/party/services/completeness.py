"""Completeness of many records at once: after an import, or when the policy weighs the fields anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

import orjson
from django.db import connection

from tongke.areas.party.models import Party
from tongke.areas.party.policy import policies_at
from tongke.kernel.actor import Actor
from tongke.kernel.verb import verb

CHUNK = 5000
BY_ORG = "SELECT org_id, array_agg(id) FROM party_party WHERE id = ANY (%s) GROUP BY org_id ORDER BY org_id"


@verb("party.repair")
def settle_completeness(*, party_ids: Sequence[UUID] | None = None, by: Actor, at: datetime) -> int:  # noqa: ARG001 - the shape of all verbs
    """Work the completeness of the named parties out again (``None``: of every party in scope), set by set.

    Gives the same scores as the single verbs, each by the weights of its own organisation. Returns how many records changed.
    """
    changed = 0
    for chunk in _chunks(iter(party_ids) if party_ids is not None else Party.objects.values_list("id", flat=True).iterator(CHUNK)):
        with connection.cursor() as cursor:
            cursor.execute(BY_ORG, [chunk])
            by_org = dict(cursor.fetchall())
            for org_id, policy in policies_at(at, by_org).items():
                weights = orjson.dumps({str(kind.value): w for kind, w in policy.completeness_weights.items()}).decode()
                cursor.execute("SELECT party_settle_completeness(%s, %s::jsonb, %s)", [by_org[org_id], weights, at])
                changed += cursor.fetchone()[0]
    return changed


def _chunks(ids: Iterator[UUID]) -> Iterator[list[UUID]]:
    while chunk := list(islice(ids, CHUNK)):
        yield chunk
