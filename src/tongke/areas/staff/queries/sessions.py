"""Who acts: from a session key to the actor, in one round trip."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.areas.staff.models import StaffSession
from tongke.areas.staff.queries.orgs import org_labels
from tongke.areas.staff.queries.people import post_label
from tongke.areas.staff.sessions import person_id, session_hash
from tongke.kernel.actor import NOBODY, Actor

ENTER = "SELECT tongke_session_enter(%s, %s)::text"


def actor_of_document(document: dict[str, Any]) -> Actor:
    """Return the actor whom the JSON document of ``tongke_session_enter`` describes."""
    chinese = document["locale"].startswith("zh")
    name = document["name_zh"] if chinese or not document["name_en"] else document["name_en"]
    org = document["org_zh"] if chinese or not document["org_en"] else document["org_en"]
    scope = document["scope"]
    return Actor(
        name=document["username"], staff_id=UUID(document["staff_id"]), post_id=UUID(document["post_id"]), org_id=document["org_id"],
        scope=None if scope == "*" else tuple(int(org_id) for org_id in scope.split(",") if org_id),
        own_rows_of=UUID(document["own"]) if document["own"] else None,
        permissions=frozenset(document["permissions"]), display=name, zone=document["zone"],
        extra={
            "locale": document["locale"], "theme": document["theme"], "home": document["home"], "org": org,
            "post": post_label(org, document["post_title"], document["post_role_en"], english=not chinese), "base_org_id": str(document["base_org_id"]),
            "org_kind": document["org_kind"], "roles": ",".join(document["roles"]), "session_id": document["session_id"],
            "restricted": "1" if document["restricted"] else "", "second_factor": "1" if document["second_factor"] else "",
            "password_owed": "1" if document.get("password_owed") else "",
        },
    )


def actor_of_session(key: str, *, at: datetime) -> Actor:
    """Return who is signed in with the session key, or ``NOBODY`` where it is unknown, idle, expired or ended.

    One round trip: the database checks the session, notes that it was used and puts the actor on the
    connection, so that the caller's next query needs no further one. The caller enters the actor.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as raw:
        raw.execute(ENTER, (session_hash(key), at))
        row = raw.fetchone()
    actor = actor_of_document(json.loads(row[0])) if row and row[0] else NOBODY
    note = getattr(connection, "assume_entered", None)
    if note is not None:
        note(actor.database_settings)
    return actor


def own_sessions(*, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """Return the actor's living sessions, the newest first; ``current`` marks the one in use."""
    rows = StaffSession.objects.filter(staff_id=person_id(by), expires_at__gt=at, idle_until__gt=at).select_related("post")
    tree = org_labels()
    return [
        {
            "id": row.id, "started_at": row.started_at, "last_seen_at": row.last_seen_at, "address": row.address, "agent": row.agent,
            "org": tree[row.post.org_id], "second_factor": row.second_factor, "current": str(row.id) == by.extra.get("session_id"),
        }
        for row in rows.order_by("-started_at")
    ]
