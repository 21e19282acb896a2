"""The one way by which a single number's state changes outside the database's own verbs: a row of the life cycle's table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.areas.resource.models import Number
from tongke.areas.resource.rules.numbers import written
from tongke.areas.resource.states import NUMBER
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid, NotFound

# The id is the server's own, made while the number is locked: ids run in the order in which things happened, which the
# callers' clocks may not when two come at once.
MOVED = """
INSERT INTO resource_number_move (number_id, at, org_id, pool_id, verb, from_state, to_state, hold_id, assigned_to, order_ref, reason, actor)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def locked_number(number: str) -> Number:
    """Return a number's row, locked; raises ``Invalid`` and ``NotFound``."""
    known = written(number)
    if known is None:
        raise Invalid(what=number, field="number")
    found = Number.objects.select_for_update().filter(number=known).first()
    if found is None:
        raise NotFound(field="number")
    return found


def move_number(
    number: Number, verb: str, *, reason: str = "", changes: Mapping[str, Any] | None = None, by: Actor, at: datetime
) -> Number:
    """Move a locked number by ``verb`` with further ``changes`` to its row, and keep the move; raises ``IllegalMove``."""
    starts, end = NUMBER.moves[verb]
    before = number.state
    if before not in starts:
        raise NUMBER.refusal(verb, before, field="number")
    hold, line = number.hold_id, number.assigned_to
    changed: dict[str, Any] = {"state": end, "since": at, "changed_at": at} | dict(changes or {})
    Number.objects.filter(id=number.id).update(**changed)
    _note(number, verb, before=before, end=end, hold=hold, line=changed.get("assigned_to") or line, reason=reason, by=by, at=at)
    for name, value in changed.items():
        setattr(number, name, value)
    return number


def hand_over(number: Number, line: UUID, *, by: Actor, at: datetime) -> None:
    """Give a locked number to another line in the state in which it is, and keep that as a move."""
    Number.objects.filter(id=number.id).update(assigned_to=line, changed_at=at)
    _note(number, "pass_on", before=number.state, end=number.state, hold=None, line=line, reason="", by=by, at=at)
    number.assigned_to = line


def _note(
    number: Number, verb: str, *, before: str, end: str, hold: UUID | None, line: UUID | None, reason: str, by: Actor, at: datetime
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MOVED, [number.id, at, number.org_id, number.pool_id, verb, before, end, hold, line, number.order_ref, reason[:200], by.name])
