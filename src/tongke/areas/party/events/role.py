"""Facts about parties in roles other than customer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.kernel.outbox import Event


class PartyRoleBegun(Event):
    """A party took a role; ``subject_id`` is the role."""

    party_id: UUID | None
    role: str
    begun_at: datetime


class PartyRoleChanged(Event):
    """A role has another name or state; ``before`` is the state it was in."""

    party_id: UUID | None
    role: str
    before: str
    state: str
    changed_at: datetime
