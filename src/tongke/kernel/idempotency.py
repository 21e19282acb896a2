"""Repeatable creates: the same key and request give the same answer, done once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from tongke.kernel.errors import Refused
from tongke.kernel.ids import uuid7


class KeyReused(Refused):
    """The same idempotency key came with a different request."""

    code = "GEN-10"
    says = _("This idempotency key was already used for a different request")
    mend = _("Use a new key for a new request")
    status = 422


def once(*, scope: str, key: str, request: Any, at: datetime, do: Callable[[], Any]) -> tuple[Any, bool]:
    """Run ``do`` once per (scope, key) and return (its JSON answer, whether it ran now).

    Must run inside the transaction of the create: a second caller with the same key waits for the
    first to commit and is given its answer. Raises ``KeyReused`` if ``request`` differs.
    """
    digest = hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_idempotency_key (id, scope, key, request_hash, created_at) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (scope, key) DO NOTHING", [uuid7(), scope, key, digest, at],
        )
        if cursor.rowcount == 0:
            cursor.execute(
                "SELECT request_hash, answer FROM kernel_idempotency_key WHERE scope = %s AND key = %s", [scope, key]
            )
            held, answer = cursor.fetchone()
            if held != digest:
                raise KeyReused
            return json.loads(answer) if isinstance(answer, str) else answer, False
        answer = do()
        cursor.execute(
            "UPDATE kernel_idempotency_key SET answer = %s WHERE scope = %s AND key = %s",
            [json.dumps(answer, default=str), scope, key],
        )
    return answer, True
