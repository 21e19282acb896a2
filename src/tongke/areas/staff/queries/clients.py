"""Machine clients: who stands behind a token, and which clients there are."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import DateTimeField, QuerySet
from django.db.models.expressions import RawSQL

from tongke.areas.staff.models import MachineClient
from tongke.areas.staff.sessions import session_hash
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound

STAND = """
SELECT client_id, username, org_id, base_org_id, zone, scope, permissions, words, expires_at, per_minute
FROM tongke_token_stand(%s, %s, false, %s::inet) WHERE client_id IS NOT NULL
"""
TOKEN_LENGTH_MAX = 200
KNOWN_TOKENS_MAX = 4096
_known: OrderedDict[str, UUID] = OrderedDict()
_guard = Lock()


def inet(address: str) -> str | None:
    """Return an address as the database reads it; ``None`` for what is none (a socket's name, nothing at all)."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found).partition("%")[0]


def token_hash(token: str) -> str:
    """Return what the table holds in place of a token: its SHA-256. A token is 256 random bits, so a slow hash would
    protect nothing that its length does not, and would cost every request its price.
    """
    return session_hash(token)


def actor_of_token(token: str, *, address: str = "", at: datetime) -> Actor | None:
    """Return the machine client that this token stands for, or ``None`` where it is unknown, expired or revoked, or
    its client is ended or calls from a network that is not its own.

    One round trip, as for a session: the actor stands on the connection afterwards. The caller enters the actor.
    ``extra`` holds client_id, per_minute, scope_words, expires_at, base_org_id.
    """
    if not token or len(token) > TOKEN_LENGTH_MAX or not token.isascii():
        return None
    hashed = token_hash(token)
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as raw:
        raw.execute(STAND, (hashed, at, inet(address)))
        row = raw.fetchone()
    actor = None if row is None else _actor(row)
    note = getattr(connection, "assume_entered", None)
    if note is not None:
        note(("", "", "", "") if actor is None else actor.database_settings)
    if actor is None:
        _forget(hashed)
    else:
        _learn(hashed, UUID(actor.extra["client_id"]))
    return actor


def _actor(row: tuple[Any, ...]) -> Actor:
    """The actor of a row of ``STAND``."""
    client_id, username, org_id, base_org_id, zone, scope, permissions, words, expires_at, per_minute = row
    return Actor(
        name=username, kind="client", org_id=org_id, scope=None if scope == "*" else tuple(int(o) for o in scope.split(",") if o),
        permissions=frozenset(permissions), display=username.partition(":")[2], zone=zone,
        extra={
            "client_id": str(client_id), "base_org_id": str(base_org_id), "per_minute": str(per_minute), "scope_words": " ".join(words),
            "expires_at": expires_at.isoformat(), "restricted": "", "password_owed": "",
        },
    )


def client_known_by(hashed: str) -> UUID | None:
    """Return the client whose token this process has met before, by the token's hash; for counting its requests ahead
    of the statement that checks the token. It proves nothing: whether the token is alive is the statement's to say.
    """
    return _known.get(hashed)


def _learn(hashed: str, client_id: UUID) -> None:
    with _guard:
        _known[hashed] = client_id
        while len(_known) > KNOWN_TOKENS_MAX:
            _known.popitem(last=False)


def _forget(hashed: str) -> None:
    with _guard:
        _known.pop(hashed, None)


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A machine client with its use: ``permissions`` are those it holds now, ``tokens`` counts those alive."""

    client: MachineClient
    last_used_at: datetime | None
    tokens: int
    permissions: tuple[str, ...]


def clients_visible_to(*, by: Actor) -> QuerySet[MachineClient]:
    """Return the machine clients of the actor's branch, by name."""
    by.require("integration.view")
    found = MachineClient.objects.select_related("org").order_by("name")
    return found if by.scope is None else found.filter(org_id__in=by.scope)


def clients_listed(*, by: Actor) -> QuerySet[MachineClient]:
    """Return the machine clients of the actor's branch with ``last_used_at``, for lists."""
    used = RawSQL("(SELECT u.last_used_at FROM tongke_clients_in_use(ARRAY[staff_client.id], 'epoch') u)", [], output_field=DateTimeField())
    return clients_visible_to(by=by).annotate(last_used_at=used)


def client_by_id(*, client_id: UUID, by: Actor) -> MachineClient:
    """Return one machine client of the actor's branch; raises ``NotFound``."""
    found = clients_visible_to(by=by).filter(id=client_id).first()
    if found is None:
        raise NotFound
    return found


def client_by_name(*, name: str, by: Actor) -> MachineClient:
    """Return one machine client of the actor's branch by its name; raises ``NotFound``."""
    found = clients_visible_to(by=by).filter(name=name.strip().lower()).first()
    if found is None:
        raise NotFound
    return found


def with_use(clients: list[MachineClient], *, at: datetime) -> list[ClientRow]:
    """Return the clients with their last use and living tokens, in the same order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT client_id, last_used_at, tokens, permissions FROM tongke_clients_in_use(%s, %s)", [[c.id for c in clients], at])
        used: dict[UUID, tuple[Any, ...]] = {row[0]: row[1:] for row in cursor.fetchall()}
    rows = []
    for client in clients:
        last, tokens, permissions = used.get(client.id, (None, 0, []))
        rows.append(ClientRow(client, last, tokens, tuple(permissions)))
    return rows
