"""Reactions to the events that the database's own verbs write beside what they do."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.resource.events import NumberAssigned, NumberFreed, NumberHeld, NumberHoldEnded
from tongke.kernel.models import OutboxEvent
from tongke.kernel.outbox import defer_reactions, has_reactions

WRITTEN = (NumberHeld, NumberHoldEnded, NumberAssigned, NumberFreed)
"""What the functions of sql/0010_number_verbs.sql announce."""


def nobody_reacts() -> bool:
    """Tell whether no reaction is declared to what the database's verbs announce: then they are one statement each."""
    return not any(has_reactions(event) for event in WRITTEN)


def defer_written(subject_id: UUID | None = None, *, at: datetime) -> None:
    """Defer the reactions to what was announced at ``at`` by this transaction, of one number or (``None``) of all."""
    wanted = [event.wire for event in WRITTEN if has_reactions(event)]
    if not wanted:
        return
    rows = OutboxEvent.objects.filter(occurred_at=at, name__in=wanted)
    for row in (rows.filter(subject_id=subject_id) if subject_id else rows).values():
        defer_reactions(dict(row))
