"""Facts about what parties allow and who is on the blacklist."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.kernel.outbox import Event


class ConsentRecorded(Event):
    """A party answered a purpose on a channel; ``subject_id`` is the consent. ``first``: it had answered nothing before."""

    party_id: UUID
    purpose: str
    channel: str
    state: str
    recorded_at: datetime
    first: bool = False


class ConsentsWithdrawn(Event):
    """A party withdrew every answer it had given; ``subject_id`` is the party."""

    party_id: UUID
    withdrawn_at: datetime


class BlacklistEntered(Event):
    """An entry was made; the subject's value stands in no event."""

    match: str
    effect: str
    level: int
    entered_at: datetime


class BlacklistAppealed(Event):
    """An entry was appealed; ``decide_by`` is the policy's last instant for a decision."""

    entry_id: UUID
    filed_at: datetime
    decide_by: datetime


class BlacklistDecided(Event):
    """An appeal was decided: ``lifted`` or ``rejected``."""

    entry_id: UUID
    decision: str
    decided_at: datetime


class BlacklistCleared(Event):
    """An entry no longer works: lifted, paid or expired."""

    how: str
    cleared_at: datetime
