"""The signed-in people under whose rights the benchmarks ask: everything masked, as an analyst sees it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from tongke.kernel.ids import uuid7

# Who asks: name → (organisation, role). One for each width of scope.
POSTS = {"group": (1, "analyst"), "province": (33, "analyst"), "network": (3302, "analyst"), "clear": (33, "supervisor")}


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in person: the session's cookie value and the keys behind it."""

    key: str
    staff_id: UUID
    org_id: int


def sign_in_all(owner: psycopg.Connection[Any]) -> dict[str, Person]:
    """Put one person of each scope into the database, each with a session of a day, and return them by scope."""
    at = datetime.now(UTC)
    people = {}
    for name, (org, role) in POSTS.items():
        username = f"bench-{name}"
        owner.execute("DELETE FROM staff_session WHERE staff_id IN (SELECT id FROM staff_staff WHERE username = %s)", [username])
        found = owner.execute("SELECT id FROM staff_staff WHERE username = %s", [username]).fetchone()
        staff_id = found[0] if found else uuid7()
        if found is None:
            owner.execute(
                "INSERT INTO staff_staff (id, username, password, name_zh, name_en, email, phone, org_id, locale, theme, is_active, oidc_issuer,"
                " oidc_subject, created_at, preferences) VALUES (%s, %s, '', '测试员', 'Bench', '', '', %s, 'zh-hans', 'auto', true, '', '', %s, '{}')",
                [staff_id, username, org, at])
            owner.execute(
                'INSERT INTO staff_post (id, staff_id, org_id, roles, title, own_rows_only, "primary", valid_from)'
                " VALUES (%s, %s, %s, ARRAY[%s], '', false, true, %s)", [uuid7(), staff_id, org, role, at])
        post_id = owner.execute("SELECT id FROM staff_post WHERE staff_id = %s", [staff_id]).fetchone()[0]  # type: ignore[index]
        key = secrets.token_urlsafe(32)
        owner.execute(
            "INSERT INTO staff_session (session_key, id, staff_id, post_id, second_factor, restricted, started_at, last_seen_at, idle_until,"
            " expires_at, agent) VALUES (%s, %s, %s, %s, true, false, %s, %s, %s, %s, 'bench')",
            [hashlib.sha256(key.encode()).hexdigest(), uuid7(), staff_id, post_id, at, at, at + timedelta(days=1), at + timedelta(days=1)])
        people[name] = Person(key, staff_id, org)
    return people
