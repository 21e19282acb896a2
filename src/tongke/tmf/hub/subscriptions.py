"""Verbs of subscriptions: subscribe, end, look at, and set going again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.ids import uuid7
from tongke.kernel.sealing import seal
from tongke.kernel.verb import verb
from tongke.tmf.hub.addresses import read_callback
from tongke.tmf.hub.allowing import Resolve, require_allowed, resolve_by_system
from tongke.tmf.hub.conditions import read_query
from tongke.tmf.hub.errors import SubscribedAlready, SubscriptionsMany
from tongke.tmf.hub.policy import present_policy
from tongke.tmf.hub.signing import key_of, new_secret
from tongke.tmf.hub.telling import api_key, event_types
from tongke.tmf.kit.declared import Api
from tongke.tmf.kit.registry import all_apis

SECRET_FIELD = "tmf.subscription"  # noqa: S105 - the name of a field, no secret
INSERT = """
INSERT INTO tmf_subscription (id, org_id, client_id, staff_id, post_id, owner, held, api, topic_id, callback, query, secret, state, reason, created_at, changed_at)
VALUES (%(id)s, %(org)s, %(client)s, %(staff)s, %(post)s, %(owner)s, %(held)s, %(api)s, %(topic)s, %(callback)s, %(query)s, %(secret)s, 'active', '', %(at)s, %(at)s)
ON CONFLICT DO NOTHING RETURNING id
"""
COURSE = "INSERT INTO tmf_course (subscription_id, position, delivered, failures, due_at, last_error) VALUES (%s, 0, 0, 0, %s, '')"
MINE = "coalesce(client_id, staff_id) = %(mine)s"
FIND = f"""
SELECT id FROM tmf_subscription WHERE {MINE} AND api = %(api)s AND topic_id IS NOT DISTINCT FROM %(topic)s AND callback = %(callback)s
  AND query = %(query)s AND state <> 'ended'
"""
OWN = f"""
SELECT id, callback, query, state FROM tmf_subscription
WHERE {MINE} AND api = %(api)s AND topic_id IS NOT DISTINCT FROM %(topic)s AND state <> 'ended' AND (%(id)s::uuid IS NULL OR id = %(id)s) ORDER BY id
"""
FORGET = """
WITH gone AS (DELETE FROM tmf_subscription WHERE id = %s RETURNING id), line AS (DELETE FROM tmf_course WHERE subscription_id = %s)
SELECT count(*) FROM gone
"""
RESUME = """
WITH again AS (UPDATE tmf_subscription SET state = 'active', reason = '', changed_at = %(at)s WHERE id = %(id)s AND state = 'suspended' RETURNING id)
UPDATE tmf_course SET failures = 0, failing_since = NULL, due_at = %(at)s FROM again WHERE subscription_id = again.id
"""
SUSPEND = "UPDATE tmf_subscription SET state = 'suspended', reason = %s, changed_at = %s WHERE id = %s AND state = 'active'"


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscription as its owner sees it; ``secret`` only in the answer to him who just subscribed and brought none."""

    id: UUID
    callback: str
    query: str
    state: str = "active"
    secret: str = ""


def owner_id(by: Actor) -> UUID:
    """Return whose a subscription of this actor is: the machine client's, else the person's. Raises ``NotFound`` for nobody."""
    client = by.extra.get("client_id")
    if client:
        return UUID(client)
    if by.staff_id is None:
        raise NotFound
    return by.staff_id


@verb("integration.subscribe")
def subscribe(
    *, api: Api, callback: str, query: str = "", secret: str = "", topic_id: UUID | None = None, resolve: Resolve = resolve_by_system,
    by: Actor, at: datetime,
) -> Subscribed:
    """Subscribe the actor to events of ``api``.

    Raises ``CallbackUnfit``, ``CallbackNotAllowed``, ``UnfitQuery``, ``EventUnknown``, ``SecretUnfit``, ``SubscribedAlready``
    and ``SubscriptionsMany``.
    """
    known = event_types(api) if topic_id is None else frozenset[str]().union(*map(event_types, all_apis()))
    read_query(query, known)
    require_allowed(read_callback(callback), resolve=resolve)
    made = secret or new_secret()
    key_of(made)
    client = by.extra.get("client_id")
    values: dict[str, Any] = {
        "id": uuid7(), "org": by.base_org_id, "client": client, "staff": None if client else by.staff_id, "post": None if client else by.post_id,
        "owner": by.name, "held": sorted(by.permissions), "api": api_key(api), "topic": topic_id, "callback": callback, "query": query,
        "secret": seal(made, field=SECRET_FIELD), "at": at, "mine": owner_id(by),
    }
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM tmf_subscription WHERE {MINE} AND state <> 'ended'", values)
        count = cursor.fetchone()[0]
        if count >= present_policy().subscriptions_max:
            raise SubscriptionsMany(count=count)
        cursor.execute(INSERT, values)
        if cursor.fetchone() is None:
            cursor.execute(FIND, values)
            found = cursor.fetchone()
            raise SubscribedAlready(id=found[0] if found else "", field="callback")
        cursor.execute(COURSE, [values["id"], at])
    return Subscribed(values["id"], callback, query, secret="" if secret else made)


def own_subscriptions(*, api: Api, topic_id: UUID | None = None, ident: UUID | None = None, by: Actor) -> list[Subscribed]:
    """Return the actor's own subscriptions to ``api``, all or the one. Needs ``integration.subscribe``."""
    by.require("integration.subscribe")
    with connection.cursor() as cursor:
        cursor.execute(OWN, {"mine": owner_id(by), "api": api_key(api), "topic": topic_id, "id": ident})
        return [Subscribed(*row) for row in cursor.fetchall()]


@verb("integration.subscribe")
def unsubscribe(*, api: Api, ident: UUID, topic_id: UUID | None = None, by: Actor, at: datetime) -> None:
    """End one of the actor's own subscriptions; what still waited for it is dropped. Raises ``NotFound``."""
    del at
    if not own_subscriptions(api=api, topic_id=topic_id, ident=ident, by=by):
        raise NotFound
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [ident, ident])


@verb("integration.replay")
def resume_subscription(*, subscription_id: UUID, by: Actor, at: datetime) -> None:
    """Deliver to a suspended subscription again, from where it stood. Raises ``NotFound``."""
    del by
    with connection.cursor() as cursor:
        cursor.execute(RESUME, {"id": subscription_id, "at": at})
        if not cursor.rowcount:
            raise NotFound


@verb("integration.replay")
def suspend_subscription(*, subscription_id: UUID, reason: str = "", by: Actor, at: datetime) -> None:
    """Stop delivering to a subscription until somebody sets it going again. Raises ``NotFound``."""
    with connection.cursor() as cursor:
        cursor.execute(SUSPEND, [reason.strip()[:500] or by.name, at, subscription_id])
        if not cursor.rowcount:
            raise NotFound
