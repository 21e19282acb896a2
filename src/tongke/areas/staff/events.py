"""Facts that the staff room announces."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.kernel.outbox import Event


class OrgChanged(Event):
    """An organisation was made, renamed, moved or closed; ``subject_id`` is derived from its number."""

    org: int
    what: str


class RightsChanged(Event):
    """A person's post, roles or account changed; ``subject_id`` is the person."""

    what: str
    changed_at: datetime


class ApprovalDecided(Event):
    """A second person decided a request, or it was carried out; ``subject_id`` is the request."""

    kind: str
    state: str
    decided_at: datetime


class RoleChanged(Event):
    """A role was made or carries other permissions now; ``subject_id`` is derived from its code. ``what``: made, changed."""

    code: str
    what: str


class PostChanged(Event):
    """A post was opened, carries other roles now, or ended. ``what``: opened, roles_changed, ended."""

    staff_id: UUID
    what: str
