"""Django's database sessions on our own table: the key is stored only as its hash."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions


def session_hash(key: str) -> str:
    """Return what the table holds in place of the session key: a copy of the table signs nobody in."""
    return hashlib.sha256(key.encode()).hexdigest()


class SessionStore(DatabaseSessions):
    """Sessions in ``staff_session``."""

    @classmethod
    def get_model_class(cls) -> Any:
        """Return the session model."""
        from tongke.areas.staff.models import StaffSession  # noqa: PLC0415 - the model imports this engine

        return StaffSession
