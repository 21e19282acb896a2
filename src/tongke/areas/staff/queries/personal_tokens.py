"""Keys of assistants: whom one lets a program act for, one's own list of them, and the log of their calls."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.areas.staff.errors import AssistantTooFast
from tongke.areas.staff.models import PersonalToken
from tongke.areas.staff.policy import figure
from tongke.areas.staff.queries.orgs import org_name
from tongke.areas.staff.queries.sessions import actor_of_document
from tongke.areas.staff.sessions import ASSISTANT_KEY_PREFIX, VIA_ASSISTANT, person_id, session_hash
from tongke.kernel.actor import Actor, acting, system_actor
from tongke.kernel.permissions import all_permissions

ENTER = "SELECT tongke_personal_token_enter(%s, %s)::text"
USED = "SELECT token_id, last_used_at FROM tongke_personal_tokens_used(%s)"
SECONDS_A_MINUTE = 60
TOKEN_LENGTH_MAX = 200
OK = "ok"


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One of a person's keys: ``state`` is ``live``, ``expired``, ``revoked`` or ``stale`` (the password changed since)."""

    id: UUID
    name: str
    writing: bool
    post: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call of an assistant: ``outcome`` is ``ok`` or the code of the refusal; ``arguments`` hold no personal data."""

    at: datetime
    id: UUID
    staff_id: UUID | None
    actor: str
    org_id: int | None
    transport: str
    tool: str
    arguments: dict[str, Any]
    purpose: str
    clear: str
    outcome: str
    result_bytes: int
    duration_ms: int


@lru_cache(maxsize=1)
def _recording() -> frozenset[str]:
    """What a key for writing is lent besides seeing: nothing sensitive, nothing of people, rights and keys."""
    return frozenset(
        code for code, permission in all_permissions().items()
        if not permission.sensitive and not code.startswith("staff.") and code != "party.reveal"
    )


def lent(permissions: Iterable[str], *, writing: bool) -> frozenset[str]:
    """Return what an assistant gets of a person's permissions: seeing; with ``writing`` also what is not sensitive.

    Whatever looks after rights, keys and people is never lent.
    """
    return frozenset(
        code for code in permissions if code.partition(".")[2].startswith(("view", "see_")) or (writing and code in _recording())
    )


def actor_of_personal_token(token: str, *, at: datetime) -> Actor | None:
    """Return the person whom the key lets a program act for, or ``None``; raises ``AssistantTooFast``.

    The actor's name carries the mark of the channel, its permissions are those of the key's post as far as they
    are lent. One round trip, which also counts the call.
    """
    if not token.startswith(ASSISTANT_KEY_PREFIX) or len(token) > TOKEN_LENGTH_MAX:
        return None
    with connection.cursor() as cursor:
        cursor.execute(ENTER, [session_hash(token), at])
        (text,) = cursor.fetchone()
    if text is None:
        return None
    document = json.loads(text)
    if document["calls"] > document["calls_max"]:
        raise AssistantTooFast(most=document["calls_max"], seconds=SECONDS_A_MINUTE - at.second)
    person = actor_of_document(document)
    more = {"channel": "assistant", "token_id": document["token_id"], "token_name": document["token_name"],
            "writing": "1" if document["writing"] else "", "token_expires_at": document["expires_at"], "session_id": ""}
    return replace(
        person, name=person.name + VIA_ASSISTANT, kind="assistant", permissions=lent(person.permissions, writing=document["writing"]),
        extra={**person.extra, **more},
    )


def _state(token: PersonalToken, password_changed_at: datetime | None, at: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    if token.expires_at <= at:
        return "expired"
    return "stale" if password_changed_at is not None and password_changed_at > token.created_at else "live"


def own_tokens(*, by: Actor, at: datetime) -> list[TokenLine]:
    """Return the actor's own keys, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(USED, [person_id(by)])
        used: dict[UUID, datetime | None] = dict(cursor.fetchall())
    rows = PersonalToken.objects.filter(staff_id=person_id(by)).select_related("post", "staff").order_by("-created_at")
    return [
        TokenLine(
            row.id, row.name, row.writing, " · ".join(p for p in (org_name(row.post.org_id), row.post.title) if p),
            row.created_at, row.expires_at, used.get(row.id), _state(row, row.staff.password_changed_at, at),
        )
        for row in rows
    ]


def assistant_days_max(*, at: datetime) -> int:
    """Return for how many days a key may live, by policy; nought where none may be made."""
    with acting(system_actor("staff.policy")):
        return int(figure("assistant_days_max", at=at))


def assistant_calls(
    *, by: Actor, since: datetime, until: datetime, actor: str = "", tool: str = "", outcome: str = "",
    beyond: tuple[datetime, UUID] | None = None, rising: bool = False, limit: int = 50,
) -> Sequence[CallLine]:
    """Return up to ``limit`` calls within [since, until) and the actor's scope, the newest first (or ``rising``).

    ``outcome`` narrows to ``ok`` or ``refused``; ``actor`` is a user name. Needs ``staff.view_looks``.
    """
    by.require("staff.view_looks")
    where, values = ["at >= %s", "at < %s"], [since, until]
    asked: list[tuple[str, Any]] = [("tool = %s", tool), ("actor = %s", actor and actor.removesuffix(VIA_ASSISTANT) + VIA_ASSISTANT)]
    if outcome:
        where.append("outcome = 'ok'" if outcome == OK else "outcome <> 'ok'")
    if beyond is not None:
        where.append(f"(at, id) {'>' if rising else '<'} (%s, %s)")
        values.extend(beyond)  # type: ignore[arg-type]  # an instant and a key
    for condition, value in asked:
        if value:
            where.append(condition)
            values.append(value)
    order = "at, id" if rising else "at DESC, id DESC"
    names = [field.name for field in fields(CallLine)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM staff_assistant_call WHERE {' AND '.join(where)} ORDER BY {order} LIMIT %s", [*values, limit])
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:  # Django's connections leave JSON as text
        row["arguments"] = json.loads(row["arguments"]) if isinstance(row["arguments"], str) else row["arguments"]
    return [CallLine(**row) for row in rows]
