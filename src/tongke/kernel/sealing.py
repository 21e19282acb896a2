"""Encryption of single fields and the keyed digest by which they are found again.

Sealed bytes are: key number (1), nonce (12), AES-256-GCM text and tag. The first key of the
installation seals; every key opens, so keys can be changed without touching old rows at once.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tongke.kernel.errors import Refused

INDEX_BYTES = 16


class SealBroken(Refused):
    """The sealed bytes were damaged, moved to another row's field, or sealed with a key that is not here."""

    code = "GEN-11"
    says = _("A protected value cannot be opened with the keys of this installation")
    mend = _("Restore the secrets file that belongs to this data, then try again")
    status = 500


@lru_cache(maxsize=1)
def _keys() -> tuple[tuple[int, AESGCM], ...]:
    keys = settings.SECRETS.field_keys
    return tuple((hashlib.sha256(key).digest()[0], AESGCM(key)) for key in keys)


def seal(text: str, *, field: str) -> bytes:
    """Encrypt ``text`` for ``field`` (e.g. ``party.document``): bound to it, useless in another field."""
    mark, key = _keys()[0]
    nonce = os.urandom(12)
    return bytes((mark,)) + nonce + key.encrypt(nonce, text.encode(), field.encode())


def seal_bytes(data: bytes, *, field: str) -> bytes:
    """Encrypt ``data`` (an image, say) for ``field``."""
    mark, key = _keys()[0]
    nonce = os.urandom(12)
    return bytes((mark,)) + nonce + key.encrypt(nonce, data, field.encode())


def open_bytes(sealed: bytes | memoryview, *, field: str) -> bytes:
    """Decrypt what ``seal`` or ``seal_bytes`` made for the same ``field``; raises ``SealBroken``."""
    raw = bytes(sealed)
    for mark, key in _keys():
        if raw[:1] == bytes((mark,)):
            try:
                return key.decrypt(raw[1:13], raw[13:], field.encode())
            except InvalidTag:
                continue
    raise SealBroken


def unseal(sealed: bytes | memoryview, *, field: str) -> str:
    """Decrypt to text; raises ``SealBroken``."""
    return open_bytes(sealed, field=field).decode()


def blind_index(value: str, *, field: str) -> bytes:
    """Return the 16-byte keyed digest of a normalised value: equal values of one field compare equal,
    and nobody without the installation's key can tell which value it was (HMAC-SHA256, truncated).
    """
    return hmac.digest(settings.SECRETS.index_key, f"{field}\0{value}".encode(), "sha256")[:INDEX_BYTES]
