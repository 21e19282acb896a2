"""From the inbox to the lines: each event is laid, once and in order, before every subscription that it concerns.

One process at a time does this (a lock held by the transaction), so the numbers of deliveries are given and committed in
one order. A batch is one transaction: killed anywhere, it is as if it had not begun.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from django.db import InterfaceError, OperationalError, connection, transaction

from tongke.areas.staff import services as staff
from tongke.areas.staff.states import LookKind
from tongke.kernel.actor import PERSONAL_KINDS, Actor, acting, system_actor
from tongke.kernel.clock import now
from tongke.tmf.hub.conditions import Wanted, read_query
from tongke.tmf.hub.owners import Owned, active_subscriptions, rights_of
from tongke.tmf.hub.telling import Fact, Telling, api_key, concerns, envelope, event_types, tellings_of, what_remains
from tongke.tmf.kit.reading import documents
from tongke.tmf.kit.registry import all_apis

log = logging.getLogger("tongke.hub")
BATCH = 500
HUB = system_actor("hub")
# Whoever gives numbers to deliveries holds this lock until its transaction ends.
LOCK_NUMBERS = "SELECT pg_advisory_xact_lock(hashtext('tmf_delivery'))"
READ = """
SELECT i.id, i.event_id, i.occurred_at, coalesce(e.name, ''), e.org_id, e.customer_id, coalesce(e.payload, '{}')::text
FROM (SELECT id, event_id, occurred_at FROM tmf_inbox WHERE error = '' ORDER BY id LIMIT %s) i
LEFT JOIN kernel_outbox e ON e.occurred_at = i.occurred_at AND e.id = i.event_id ORDER BY i.id
"""
NUMBERS = "SELECT nextval('tmf_notice_number') FROM generate_series(1, %s)"
# One text for all rows: the server takes it apart faster than it could be quoted row by row.
WRITE_NOTICES = """
INSERT INTO tmf_notice (id, org_id, event_id, occurred_at, api, resource, type, record_id, rights, message_id, body)
SELECT id, org_id, event_id, occurred_at, api, resource, type, record_id, rights, message_id, body
FROM jsonb_to_recordset(%s::jsonb) AS n(id bigint, org_id int, event_id uuid, occurred_at timestamptz, api text, resource text, type text,
  record_id uuid, rights text, message_id text, body text)
"""
WRITE_DELIVERIES = """
INSERT INTO tmf_delivery (org_id, subscription_id, notice_id, created_at)
SELECT s.org_id, s.id, (d.pair ->> 0)::bigint, %s FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY d(pair, place)
JOIN unnest(%s::uuid[], %s::int[]) WITH ORDINALITY s(id, org_id, number) ON s.number = (d.pair ->> 1)::int ORDER BY d.place
"""
DONE = "DELETE FROM tmf_inbox WHERE id = ANY (%s)"
# Not waited for until the disk has it: what a crash takes back stands in the inbox again. Deliverers forget what they read
# from a database that went away, so a number that is given a second time is not mistaken for the first.
WITHOUT_WAITING = "SELECT set_config('synchronous_commit', 'off', true)"
FAILED = "UPDATE tmf_inbox SET error = %s WHERE id = (SELECT min(id) FROM tmf_inbox WHERE error = '')"


@dataclass(slots=True)
class Standing:
    """Subscriptions whose owners see the very same: an event is rendered once for all of them."""

    actor: Actor
    rights: str
    subscriptions: list[tuple[Owned, Wanted]] = field(default_factory=list)
    _asking: dict[tuple[str, str, str], list[tuple[Owned, Wanted]]] = field(default_factory=dict)

    def asking(self, telling: Telling) -> list[tuple[Owned, Wanted]]:
        """Return those that asked for events of this kind and may see such documents at all; looked up once for each kind."""
        kind = (telling.api_key, telling.resource.name, telling.told.type)
        found = self._asking.get(kind)
        if found is None:
            found = self._asking[kind] = [
                (one, wanted) for one, wanted in self.subscriptions
                if concerns(telling, api=one.api, topic=one.topic_id) and wanted.wants(telling.told.type)
            ] if self.actor.may(telling.resource.view) else []
        return found


@dataclass(slots=True)
class Written:
    """What a batch leaves: notices and the deliveries of each, in the order of the events."""

    notices: list[tuple[Telling, str, bytes]] = field(default_factory=list)
    deliveries: list[tuple[int, Owned]] = field(default_factory=list)
    looks: dict[str, tuple[Actor, dict[UUID, int | None]]] = field(default_factory=dict)


def fan_out(*, limit: int = BATCH) -> int:
    """Lay the next events of the inbox before their subscriptions; return how many events were looked at.

    An event that cannot be told, by a fault of ours, is set aside with its reason and holds up no other.
    """
    with acting(HUB):
        try:
            return _batch(limit)
        except Exception as fault:
            if isinstance(fault, OperationalError | InterfaceError):
                raise  # the database went away: nothing is wrong with the event
            if limit > 1:
                log.exception("a batch of events could not be told; one by one now")
                return sum(fan_out(limit=1) for _one in range(limit))
            log.exception("an event could not be told and is set aside")
            with connection.cursor() as cursor:
                cursor.execute(FAILED, [f"{type(fault).__name__}: {fault}"[:2000]])
            return 1


def _batch(limit: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK_NUMBERS)
        cursor.execute(READ, [limit])
        rows = cursor.fetchall()
        if not rows:
            return 0
        facts = [Fact(place, key, when, name, org, customer, orjson.loads(payload)) for place, key, when, name, org, customer, payload in rows]
        standings = _standings(active_subscriptions(at=now()))
        tellings = [telling for fact in facts for telling in tellings_of(fact)] if standings else []
        written = _rendered(tellings, standings)
        _write(written, cursor)
        # The trace of personal data that goes out bare is on the disk before the data leaves.
        if not written.looks:
            cursor.execute(WITHOUT_WAITING)
        cursor.execute(DONE, [[fact.place for fact in facts]])
    return len(rows)


def _standings(subscriptions: Iterable[Owned]) -> list[Standing]:
    known = {api_key(api): event_types(api) for api in all_apis()}
    everything = frozenset[str]().union(*known.values())
    found: dict[str, Standing] = {}
    for one in subscriptions:
        if one.actor is None or one.api not in known:
            continue
        rights = rights_of(one.actor)
        found.setdefault(rights, Standing(one.actor, rights)).subscriptions.append((one, read_query(one.query, known[one.api] if one.topic_id is None else everything)))
    return list(found.values())


def _rendered(tellings: Sequence[Telling], standings: Sequence[Standing]) -> Written:
    made: list[tuple[int, Standing, dict[str, Any]]] = []
    for standing in standings:
        wanted = [(place, telling) for place, telling in enumerate(tellings) if standing.asking(telling)]
        made += [(place, standing, body) for place, body in envelopes(wanted, standing.actor)]
    written = Written()
    for place, standing, body in sorted(made, key=lambda one: one[0]):
        _address(tellings[place], standing, body, written)
    return written


def envelopes(wanted: Sequence[tuple[int, Telling]], actor: Actor) -> list[tuple[int, dict[str, Any]]]:
    """Return the events as ``actor`` may see them; what lies outside his scope is left out."""
    ids: dict[tuple[str, str], tuple[Telling, set[UUID]]] = {}
    for _place, telling in wanted:
        if not telling.told.removes:
            ids.setdefault((telling.api_key, telling.resource.name), (telling, set()))[1].add(telling.record_id)
    seen = {key: documents(telling.api, telling.resource, records, by=actor) for key, (telling, records) in ids.items()}
    out = []
    for place, telling in wanted:
        if telling.told.removes:
            sees = actor.own_rows_of is None and (actor.scope is None or (telling.fact.org_id is not None and actor.sees(telling.fact.org_id)))
            document = what_remains(telling) if sees else None
        else:
            document = seen[telling.api_key, telling.resource.name].get(telling.record_id)
        if document is not None:
            out.append((place, envelope(telling, document)))
    return out


def _topic_in(body: dict[str, Any]) -> str:
    """Return the topic of an event that another system published."""
    documents: list[dict[str, Any]] = list(body["event"].values())
    return str(documents[0].get("topicId", ""))


def _address(telling: Telling, standing: Standing, body: dict[str, Any], written: Written) -> None:
    """Lay one event before the subscriptions of one standing whose conditions it meets."""
    receivers = [
        one for one, wanted in standing.asking(telling)
        if wanted.fits(body) and (one.topic_id is None or not telling.resource.within or _topic_in(body) == str(one.topic_id))
    ]
    if not receivers:
        return
    written.notices.append((telling, standing.rights, orjson.dumps(body)))
    written.deliveries += [(len(written.notices) - 1, one) for one in receivers]
    if telling.resource.customer and telling.fact.customer_id is not None and standing.actor.clear_setting:
        for one in receivers:
            if one.actor is not None:
                written.looks.setdefault(one.owner, (one.actor, {}))[1][telling.fact.customer_id] = telling.fact.org_id


def _write(written: Written, cursor: Any) -> None:
    if not written.notices:
        return
    cursor.execute(NUMBERS, [len(written.notices)])
    numbers = [row[0] for row in cursor.fetchall()]
    rows = [
        {"id": number, "org_id": telling.fact.org_id or 1, "event_id": str(telling.fact.id), "occurred_at": telling.fact.occurred_at.isoformat(),
         "api": telling.api_key, "resource": telling.resource.name, "type": telling.told.type, "record_id": str(telling.record_id),
         "rights": rights, "message_id": telling.message_id, "body": body.decode()}
        for number, (telling, rights, body) in zip(numbers, written.notices, strict=True)
    ]
    cursor.execute(WRITE_NOTICES, [orjson.dumps(rows).decode()])
    receivers = {one.id: one for _n, one in written.deliveries}
    place = {ident: number for number, ident in enumerate(receivers, 1)}
    pairs = [(numbers[n], place[one.id]) for n, one in written.deliveries]
    cursor.execute(WRITE_DELIVERIES, [now(), orjson.dumps(pairs).decode(), list(receivers), [one.org_id for one in receivers.values()]])
    _note_looks(written)


def _note_looks(written: Written) -> None:
    """Leave the trace of personal data that goes out bare, in the transaction that sends it on its way."""
    for actor, customers in written.looks.values():
        staff.record_looks(
            kind=LookKind.GET, customers=list(customers.items()), purpose="event", clear=[kind for kind in PERSONAL_KINDS if actor.may(f"party.see_{kind}")],
            detail={"channel": "hub"}, by=actor, at=now(),
        )
