"""Keys with which an assistant program acts for a person: made and taken back by that person, every call logged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tongke.areas.staff import rules
from tongke.areas.staff.errors import AssistantKeyNotHere
from tongke.areas.staff.models import PersonalToken
from tongke.areas.staff.policy import figure
from tongke.areas.staff.sessions import ASSISTANT_KEY_PREFIX, new_key, person_id, session_hash
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

PURPOSE_LENGTH_MAX = 60
CALL = """
INSERT INTO staff_assistant_call (at, staff_id, actor, org_id, token_id, transport, tool, arguments, purpose, clear, outcome, result_bytes, duration_ms)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made. ``token`` is told this once; the database holds only its hash."""

    id: UUID
    token: str
    expires_at: datetime


def _signed_in(by: Actor) -> tuple[UUID, int]:
    """Return the post, and the organisation of its rows, of a person who is fully signed in at a page; raises ``AssistantKeyNotHere`` for all else."""
    whole = by.kind == "staff" and by.extra.get("session_id") and not by.extra.get("restricted") and not by.extra.get("password_owed")
    if not whole or by.post_id is None or by.base_org_id is None:
        raise AssistantKeyNotHere
    return by.post_id, by.base_org_id


@verb("staff.own")
def make_assistant_key(*, name: str, days: int, writing: bool, by: Actor, at: datetime) -> NewKey:
    """Make a key for the actor's present post. Raises ``AssistantKeyNotHere`` and ``RulesBroken``."""
    post_id, org_id = _signed_in(by)
    living = PersonalToken.objects.filter(staff_id=person_id(by), revoked_at__isnull=True, expires_at__gt=at).count()
    require(collect(
        (rules.assistant_key_is_named, {"name": name}),
        (rules.assistant_key_is_short_lived, {"days": days, "most": figure("assistant_days_max", at=at)}),
        (rules.assistant_keys_are_few, {"count": living}),
    ))
    made = PersonalToken.objects.create(
        staff_id=person_id(by), post_id=post_id, org_id=org_id, name=name.strip(), writing=writing, created_at=at,
        expires_at=at + timedelta(days=days),
    )
    token = ASSISTANT_KEY_PREFIX + new_key()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO staff_personal_token_key (token_id, token_hash) VALUES (%s, %s)", [made.id, session_hash(token)])
    return NewKey(made.id, token, made.expires_at)


@verb("staff.own")
def revoke_assistant_key(*, token_id: UUID, by: Actor, at: datetime) -> None:
    """Take back one of the actor's own keys; raises ``AssistantKeyNotHere`` and ``NotFound``. Doing it twice is one."""
    _signed_in(by)
    row = PersonalToken.objects.select_for_update().filter(id=token_id, staff_id=person_id(by)).first()
    if row is None:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])


def record_assistant_call(
    *, tool: str, transport: str, arguments: Mapping[str, Any], purpose: str, clear: str, outcome: str, result_bytes: int, duration_ms: int,
    by: Actor, at: datetime,
) -> None:
    """Leave the trace of one call. ``arguments`` must hold no personal data; ``outcome`` is ``ok`` or the refusal's code."""
    with acting(by), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CALL, [
            at, by.staff_id, by.name, by.base_org_id, by.extra.get("token_id") or None, transport, tool, json.dumps(dict(arguments)),
            purpose[:PURPOSE_LENGTH_MAX], clear, outcome, result_bytes, duration_ms,
        ])
