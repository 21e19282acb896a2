"""Keys of sign-in sessions: the browser holds the key, the table only its hash."""

from __future__ import annotations

import hashlib
import secrets
from uuid import UUID

from tongke.kernel.actor import Actor

KEY_BYTES = 32
NOBODY_ID = UUID(int=0)
# Keys for assistants say what they are, so that a leaked one is recognised.
ASSISTANT_KEY_PREFIX = "tkp_"
# How the trails name what an assistant did for a person; no user name holds a blank.
VIA_ASSISTANT = " via assistant"


def new_key() -> str:
    """Return a fresh session key for a browser's cookie."""
    return secrets.token_urlsafe(KEY_BYTES)


def session_hash(key: str) -> str:
    """Return what the table holds in place of the session key: a copy of the table signs nobody in."""
    return hashlib.sha256(key.encode()).hexdigest()


def person_id(by: Actor) -> UUID:
    """Return the person behind the actor; an id that nobody has for processes, so that they find no person's rows."""
    return by.staff_id or NOBODY_ID


def session_id(by: Actor) -> UUID:
    """Return the session that the actor works in; an id that none has where there is no session."""
    return UUID(by.extra["session_id"]) if by.extra.get("session_id") else NOBODY_ID
