"""The one way by which a single number's state changes outside the database's own verbs: a row of the life cycle's table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tongke.areas.resource.models import Number, NumberMove
from tongke.areas.resource.rules.numbers import written
from tongke.areas.resource.states import NUMBER, NumberState
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid, NotFound
from tongke.kernel.ids import uuid7
from tongke.kernel.machine import IllegalMove


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
        labels = dict(NumberState.choices)
        raise IllegalMove(verb=verb, state=labels.get(before, before), possible=", ".join(NUMBER.possible(before)) or "-")
    hold, line = number.hold_id, number.assigned_to
    changed: dict[str, Any] = {"state": end, "since": at, "changed_at": at} | dict(changes or {})
    Number.objects.filter(id=number.id).update(**changed)
    NumberMove.objects.create(
        number_id=number.id, at=at, id=uuid7(), org_id=number.org_id, pool_id=number.pool_id, verb=verb, from_state=before, to_state=end, hold_id=hold,
        assigned_to=changed.get("assigned_to") or line, order_ref=number.order_ref, reason=reason[:200], actor=by.name,
    )
    for name, value in changed.items():
        setattr(number, name, value)
    return number
