"""Keys of sign-in sessions: the browser holds the key, the table only its hash."""

from __future__ import annotations

import hashlib
import secrets

KEY_BYTES = 32


def new_key() -> str:
    """Return a fresh session key for a browser's cookie."""
    return secrets.token_urlsafe(KEY_BYTES)


def session_hash(key: str) -> str:
    """Return what the table holds in place of the session key: a copy of the table signs nobody in."""
    return hashlib.sha256(key.encode()).hexdigest()
