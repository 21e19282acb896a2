"""Signatures of deliveries, as Standard Webhooks writes them: ``webhook-id``, ``webhook-timestamp``, ``webhook-signature``.

The signature is HMAC-SHA256 over ``id.timestamp.body`` under the subscription's secret, in base64 behind ``v1,``.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from typing import Final

from tongke.tmf.hub.errors import SecretUnfit

PREFIX: Final = "whsec_"
BYTES_MIN, BYTES_MAX, BYTES_NEW = 24, 64, 32


def new_secret() -> str:
    """Return a fresh secret in its written form."""
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES_NEW)).decode()


def key_of(secret: str) -> bytes:
    """Return the bytes of a written secret. Raises ``SecretUnfit``."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise SecretUnfit(field="secret") from None
    if not secret.startswith(PREFIX) or not BYTES_MIN <= len(key) <= BYTES_MAX:
        raise SecretUnfit(field="secret")
    return key


def signature(key: bytes, *, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the signature of one delivery; ``timestamp`` in whole seconds since 1970."""
    return "v1," + base64.b64encode(hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, "sha256")).decode()


def signed_headers(key: bytes, *, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the three headers of a signed delivery."""
    return {
        "webhook-id": message_id, "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(key, message_id=message_id, timestamp=timestamp, body=body),
    }
