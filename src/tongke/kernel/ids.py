"""Primary keys that never collide between provinces: UUID version 7 (RFC 9562)."""

from __future__ import annotations

from uuid import UUID

import uuid_utils


def uuid7() -> UUID:
    """Return a new time-ordered UUID."""
    return UUID(int=uuid_utils.uuid7().int)
