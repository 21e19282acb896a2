"""The hosts and networks to which events may be sent, kept as rows."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.ids import uuid7
from tongke.kernel.verb import verb
from tongke.tmf.hub.addresses import Address, AllowList, Callback, allow_list, read_address, read_target
from tongke.tmf.hub.errors import CallbackNotAllowed

Resolve = Callable[[str, int], list[Address]]


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A row of the list."""

    id: UUID
    target: str
    note: str
    created_by: str
    created_at: datetime


def present_list() -> AllowList:
    """Return the list as it stands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT target FROM tmf_allowed_target")
        return allow_list(target for (target,) in cursor.fetchall())


def targets(*, by: Actor) -> list[TargetLine]:
    """Return the rows of the list by target. Needs ``integration.view``."""
    by.require("integration.view")
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, target, note, created_by, created_at FROM tmf_allowed_target ORDER BY target")
        return [TargetLine(*row) for row in cursor.fetchall()]


@verb("integration.clients")
def allow_target(*, target: str, note: str = "", by: Actor, at: datetime) -> str:
    """Allow a host or a network; return it in its one form. What is allowed already stays. Raises ``TargetUnfit``."""
    kept = read_target(target)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tmf_allowed_target (id, target, note, created_by, created_at) VALUES (%s, %s, %s, %s, %s) ON CONFLICT (target) DO NOTHING",
            [uuid7(), kept, note.strip()[:200], by.name, at],
        )
    return kept


@verb("integration.clients")
def refuse_target(*, target: str, by: Actor, at: datetime) -> None:
    """Take a host or a network off the list; deliveries there fail from the next one on. Raises ``NotFound``."""
    del by, at
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM tmf_allowed_target WHERE target = %s", [read_target(target)])
        if not cursor.rowcount:
            raise NotFound


def resolve_by_system(host: str, port: int) -> list[Address]:
    """Return the addresses of a host as the system's resolver knows them; none where it knows none."""
    try:
        found: list[Any] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [read_address(str(one[4][0])) for one in found]


def require_allowed(callback: Callback, *, resolve: Resolve = resolve_by_system) -> None:
    """Raise ``CallbackNotAllowed`` unless events may be sent there now.

    For a friendly answer when subscribing; what counts is asked again for each connection, of the very address it goes to.
    """
    allowed = present_list()
    if callback.literal is None and not allowed.names(callback.host) and not allowed.networks:
        raise CallbackNotAllowed(host=callback.host, field="callback")
    allowed.require(callback, [callback.literal] if callback.literal is not None else resolve(callback.host, callback.port))
