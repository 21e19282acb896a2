"""History of moves that are done to many rows by one conditional statement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from tongke.kernel.actor import Actor
from tongke.kernel.machine import Machine
from tongke.kernel.models import StateChange


def note_moves(
    machine: Machine, verb: str, moved: Iterable[tuple[UUID, str]], *, reason: str = "", by: Actor, at: datetime
) -> None:
    """Write the history rows of ``moved``: (id, state it came from). The statement that moved them named the same states."""
    _starts, end = machine.moves[verb]
    StateChange.objects.bulk_create(
        StateChange(machine=machine.name, subject_id=subject, verb=verb, from_state=before, to_state=end, reason=reason, actor=by.name, at=at)
        for subject, before in moved
    )
