"""In whose name a subscription is told: its owner as he stands now, never with more than when he subscribed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from tongke.kernel.actor import Actor

OWNED = """
SELECT s.id, s.org_id, s.api, s.topic_id, s.callback, s.query, s.owner, s.client_id, s.staff_id, s.post_id, s.held, s.secret,
       o.name, o.org_id, o.base_org_id, o.zone, o.scope, o.own, o.permissions
FROM tmf_subscription s LEFT JOIN LATERAL tongke_hub_owner(s.client_id, s.staff_id, s.post_id, %(at)s) o ON true
WHERE s.state = 'active' AND (%(ids)s::uuid[] IS NULL OR s.id = ANY (%(ids)s)) ORDER BY s.id
"""


@dataclass(frozen=True, slots=True)
class Owned:
    """An active subscription with its owner's actor, or ``None`` where the owner has no standing any more."""

    id: UUID
    org_id: int
    api: str
    topic_id: UUID | None
    callback: str
    query: str
    owner: str
    secret: bytes
    actor: Actor | None

    @property
    def rights(self) -> str:
        """A word for what the owner may see: equal words, equal documents."""
        return rights_of(self.actor) if self.actor else ""


def rights_of(actor: Actor) -> str:
    """Return a digest of the actor's scope, clear sight and permissions."""
    told = "\0".join((*actor.database_settings[1:], *sorted(actor.permissions)))
    return hashlib.md5(told.encode(), usedforsecurity=False).hexdigest()


def active_subscriptions(ids: Iterable[UUID] | None = None, *, at: datetime) -> list[Owned]:
    """Return the active subscriptions, all or these, each with its owner as he stands at ``at``."""
    with connection.cursor() as cursor:
        cursor.execute(OWNED, {"ids": None if ids is None else list(ids), "at": at})
        return [_owned(*row) for row in cursor.fetchall()]


def _owned(  # noqa: PLR0917 - the columns of one statement, in its order
    ident: UUID, org: int, api: str, topic: UUID | None, callback: str, query: str, owner: str, client: UUID | None, staff: UUID | None,
    post: UUID | None, held: list[str], secret: memoryview, *standing: object,
) -> Owned:
    actor = None
    if standing[0] is not None:
        name, org_id, base, zone, scope, own, permissions = standing
        actor = Actor(
            name=str(name), staff_id=staff, post_id=post, org_id=org_id, kind="client" if client else "staff",  # type: ignore[arg-type]  # int by the function's own declaration
            scope=None if scope == "*" else tuple(int(one) for one in str(scope).split(",") if one), own_rows_of=UUID(str(own)) if own else None,
            permissions=frozenset(permissions) & frozenset(held), zone=str(zone), display=str(name),  # type: ignore[call-overload]  # text[]
            extra={"base_org_id": str(base), "purpose": "event", **({"client_id": str(client)} if client else {})},
        )
    return Owned(ident, org, api, topic, callback, query, owner, bytes(secret), actor)
