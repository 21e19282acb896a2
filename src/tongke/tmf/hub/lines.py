"""What the delivering process asks of the database: lines are leased, refilled, advanced and given back, many at a time.

A line is one subscription's deliveries in order. Its lease belongs to one process; whoever lost it (the process stood
still for too long) changes nothing any more. How far a line has come is one number, so a batch is marked by one statement.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from tongke.kernel.actor import acting
from tongke.kernel.clock import now
from tongke.tmf.hub.addresses import AllowList
from tongke.tmf.hub.again import rendered_again
from tongke.tmf.hub.allowing import present_list
from tongke.tmf.hub.fan_out import HUB
from tongke.tmf.hub.owners import Owned, active_subscriptions
from tongke.tmf.hub.policy import Policy
from tongke.tmf.hub.stopping import stop_subscription
from tongke.tmf.hub.verdict import Fault, verdict

# How many events a process holds, all its lines together, and how many a line gets at once.
HELD_MAX, REFILL_MIN, REFILL_MAX = 20_000, 20, 1_000
BODIES_MAX = 4_000
REASON_NO_OWNER = gettext_noop("The owner of this subscription has no rights here any more")
CLAIM = """
UPDATE tmf_course SET lease_owner = %(me)s, lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
WHERE subscription_id IN (
  SELECT c.subscription_id FROM tmf_course c JOIN tmf_subscription s ON s.id = c.subscription_id
  WHERE s.state = 'active' AND c.due_at <= clock_timestamp() AND (c.lease_until IS NULL OR c.lease_until < clock_timestamp())
    AND EXISTS (SELECT FROM tmf_delivery d WHERE d.subscription_id = c.subscription_id AND d.id > c.position AND d.dead_at IS NULL)
  ORDER BY c.due_at LIMIT %(room)s FOR UPDATE OF c SKIP LOCKED)
RETURNING subscription_id, position
"""
ADVANCE = """
UPDATE tmf_course c SET position = greatest(c.position, p.position), delivered = c.delivered + p.done,
  lease_until = clock_timestamp() + make_interval(secs => %s),
  last_success_at = CASE WHEN p.done > 0 THEN clock_timestamp() ELSE c.last_success_at END,
  failures = CASE WHEN p.done > 0 THEN 0 ELSE c.failures END, failing_since = CASE WHEN p.done > 0 THEN NULL ELSE c.failing_since END
FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) p(id, position, done), tmf_subscription s
WHERE c.subscription_id = p.id AND c.lease_owner = %s AND s.id = c.subscription_id
RETURNING c.subscription_id, s.state = 'active'
"""
FILL = """
SELECT d.subscription_id, d.id, d.notice_id FROM unnest(%s::uuid[], %s::bigint[]) w(id, after)
CROSS JOIN LATERAL (SELECT * FROM tmf_delivery d WHERE d.subscription_id = w.id AND d.id > w.after AND d.dead_at IS NULL ORDER BY d.id LIMIT %s) d
ORDER BY d.subscription_id, d.id
"""
BODIES = "SELECT id, message_id, body, rights FROM tmf_notice WHERE id = ANY (%s)"
RELEASE = "UPDATE tmf_course SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = %s AND subscription_id = ANY (%s)"
RELEASE_ALL = "UPDATE tmf_course SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = %s"
HELD = """
SELECT failures, coalesce(extract(epoch FROM clock_timestamp() - failing_since), 0)::float8 FROM tmf_course
WHERE subscription_id = %s AND lease_owner = %s FOR UPDATE
"""
TRIED = """
UPDATE tmf_delivery SET tries = tries + 1, status = %s, reason = %s WHERE id = %s
RETURNING tries, extract(epoch FROM clock_timestamp() - created_at)::float8
"""
DIED = "UPDATE tmf_delivery SET dead_at = clock_timestamp() WHERE id = %s"
DIED_OF_AGE = """
UPDATE tmf_delivery SET dead_at = clock_timestamp(), reason = %s
WHERE subscription_id = %s AND dead_at IS NULL AND created_at < clock_timestamp() - make_interval(secs => %s * 3600)
"""
FAILED = """
UPDATE tmf_course SET failures = failures + 1, failing_since = coalesce(failing_since, clock_timestamp()), last_error = %(reason)s,
  last_error_at = clock_timestamp(), due_at = clock_timestamp() + make_interval(secs => %(wait)s), lease_owner = NULL, lease_until = NULL,
  position = greatest(position, %(position)s)
WHERE subscription_id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One delivery: its number in the line, the event's id and its body."""

    number: int
    message_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a line has come: everything up to ``position``, ``done`` of it since the last report; ``after`` is what it holds already."""

    subscription_id: UUID
    position: int
    done: int
    after: int | None


@dataclass(frozen=True, slots=True)
class Failure:
    """A try that failed."""

    subscription_id: UUID
    number: int
    reason: str
    status: int | None
    fault: Fault


@dataclass(frozen=True, slots=True)
class Claimed:
    """A line that is this process's for a while."""

    subscription: Owned
    position: int


class Shelf:
    """Bodies that were fetched lately: one event goes to many lines, and is read and encoded once for all of them."""

    def __init__(self) -> None:
        self._held: OrderedDict[int, tuple[str, bytes, str]] = OrderedDict()

    def get(self, wanted: set[int], cursor: Any) -> dict[int, tuple[str, bytes, str]]:
        """Return id, body and rights of each notice."""
        missing = [number for number in wanted if number not in self._held]
        if missing:
            cursor.execute(BODIES, [missing])
            self._held.update({number: (message, body.encode(), rights) for number, message, body, rights in cursor.fetchall()})
        found = {number: self._held[number] for number in wanted if number in self._held}
        while len(self._held) > BODIES_MAX:
            self._held.popitem(last=False)
        return found


@dataclass(slots=True)
class Report:
    """What the delivering process has to tell and to ask. ``anew``: it forgot all that it held."""

    progress: list[Progress] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    released: list[UUID] = field(default_factory=list)
    room: int = 0
    refill: int = REFILL_MIN
    anew: bool = False


@dataclass(slots=True)
class Answer:
    """What comes back: which lines are still held, what is to be sent, which lines are new."""

    held: set[UUID] = field(default_factory=set)
    items: dict[UUID, list[Item]] = field(default_factory=dict)
    claimed: list[Claimed] = field(default_factory=list)
    allowed: AllowList | None = None


def exchange(report: Report, *, me: UUID, policy: Policy, shelf: Shelf) -> Answer:
    """Write down what was delivered and fetch what comes next, in one transaction.

    A report may be repeated: progress is a position, and a failure gives its lease back.
    """
    answer = Answer()
    with acting(HUB), transaction.atomic(), connection.cursor() as cursor:
        if report.anew:
            cursor.execute(RELEASE_ALL, [me])
        if report.progress:
            cursor.execute(ADVANCE, [
                policy.lease_seconds, [p.subscription_id for p in report.progress], [p.position for p in report.progress],
                [p.done for p in report.progress], me,
            ])
            answer.held = {ident for ident, active in cursor.fetchall() if active}
        for failure in report.failures:
            _note_failure(failure, me=me, policy=policy, cursor=cursor)
        if report.released:
            cursor.execute(RELEASE, [me, report.released])
        wanted = {p.subscription_id: p.after for p in report.progress if p.after is not None and p.subscription_id in answer.held}
        if report.room > 0:
            cursor.execute(CLAIM, {"me": me, "lease": policy.lease_seconds, "room": report.room})
            wanted |= _claim(cursor.fetchall(), answer, me=me, cursor=cursor)
        if wanted:
            _fill(wanted, answer, refill=report.refill, shelf=shelf, cursor=cursor)
        # After the events: an event that came after a target was taken off the list never meets the list from before.
        if wanted or report.progress:
            answer.allowed = present_list()
    return answer


def _claim(rows: Sequence[tuple[UUID, int]], answer: Answer, *, me: UUID, cursor: Any) -> dict[UUID, int]:
    """Look up who the lines' owners are now; where nobody stands, the subscription stops."""
    owned = {one.id: one for one in active_subscriptions([row[0] for row in rows], at=now())} if rows else {}
    wanted: dict[UUID, int] = {}
    for ident, position in rows:
        one = owned.get(ident)
        if one is not None and one.actor is not None:
            answer.claimed.append(Claimed(one, position))
            wanted[ident] = position
            continue
        cursor.execute(RELEASE, [me, [ident]])
        if one is not None:
            stop_subscription(ident, state="suspended", reason=REASON_NO_OWNER, at=now())
    return wanted


def _fill(wanted: dict[UUID, int], answer: Answer, *, refill: int, shelf: Shelf, cursor: Any) -> None:
    cursor.execute(FILL, [list(wanted), list(wanted.values()), refill])
    rows = cursor.fetchall()
    bodies = shelf.get({row[2] for row in rows}, cursor)
    owned = {one.id: one for one in active_subscriptions({row[0] for row in rows}, at=now())} if rows else {}
    rights_now = {ident: one.rights for ident, one in owned.items()}
    stale: dict[UUID, list[tuple[int, int]]] = defaultdict(list)
    for ident, number, notice in rows:
        one = owned.get(ident)
        if one is None or one.actor is None:
            answer.held.discard(ident)
            continue
        message, body, rights = bodies.get(notice, ("", b"", ""))
        if rights_now[ident] == rights:
            answer.items.setdefault(ident, []).append(Item(number, message, body))
        else:
            stale[ident].append((number, notice))
    for ident, found in stale.items():
        _render_stale(owned[ident], found, answer)


def _render_stale(one: Owned, found: Iterable[tuple[int, int]], answer: Answer) -> None:
    """What was written for other rights than the owner has now is written anew, or passed over where he may not see it."""
    waiting = list(found)
    bodies = rendered_again([notice for _n, notice in waiting], by=one.actor)  # type: ignore[arg-type]  # asked above
    items = answer.items.setdefault(one.id, [])
    items += [Item(number, *bodies.get(notice, ("", b""))) for number, notice in waiting]
    items.sort(key=lambda item: item.number)


def _note_failure(failure: Failure, *, me: UUID, policy: Policy, cursor: Any) -> None:
    """Write down a failed try and decide: again later, dead letter, or the end of the subscription."""
    cursor.execute(HELD, [failure.subscription_id, me])
    held = cursor.fetchone()
    if held is None:
        return
    failures, failing_seconds = held
    cursor.execute(TRIED, [failure.status, failure.reason[:500], failure.number])
    tried = cursor.fetchone()
    if tried is None:
        return  # the subscription ended while this was under way
    tries, age_seconds = tried
    found = verdict(failure.fault, tries=tries, age_seconds=age_seconds, failures=failures, failing_seconds=failing_seconds, policy=policy)
    if found.dead:
        cursor.execute(DIED, [failure.number])
    if found.old:
        cursor.execute(DIED_OF_AGE, [failure.reason[:500], failure.subscription_id, policy.keep_hours])
    cursor.execute(FAILED, {"reason": failure.reason[:500], "wait": found.wait_seconds, "position": failure.number if found.dead else 0,
                            "id": failure.subscription_id})
    if found.stops:
        stop_subscription(failure.subscription_id, state=found.stops, reason=failure.reason[:500], at=now())
