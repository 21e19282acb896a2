"""Events rendered once more, for other eyes than they were first written for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection

from tongke.kernel.actor import Actor
from tongke.tmf.hub.fan_out import envelopes
from tongke.tmf.hub.telling import Fact, Telling, api_key
from tongke.tmf.kit.registry import all_apis

READ = "SELECT id, event_id, occurred_at, org_id, api, resource, type, record_id, message_id FROM tmf_notice WHERE id = ANY (%s) ORDER BY id"


@dataclass(frozen=True, slots=True)
class Kept:
    """A notice as far as it is needed to write it anew."""

    id: int
    telling: Telling
    message_id: str


def _kept(row: Sequence[Any]) -> Kept | None:
    number, event, occurred, org, api, resource, kind, record, message = row
    for one in all_apis():
        if api_key(one) != api:
            continue
        for found in one.resources:
            told = next((told for told in found.told if told.type == kind), None)
            if found.name == resource and told is not None:
                return Kept(number, Telling(Fact(number, event, occurred, "", org, None, {}), one, found, told, record), message)
    return None


def rendered_again(notices: Sequence[int], *, by: Actor) -> dict[int, tuple[str, bytes]]:
    """Return id and body of each event as ``by`` may see it now; what he may not see is left out."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [list(notices)])
        kept = [one for row in cursor.fetchall() if (one := _kept(row)) is not None and by.may(one.telling.resource.view)]
    bodies = dict(envelopes([(one.id, one.telling) for one in kept], by))
    return {one.id: (one.message_id, orjson.dumps(bodies[one.id])) for one in kept if one.id in bodies}
