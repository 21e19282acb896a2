"""The delivering process: one event in flight per subscription, all subscriptions side by side.

Lines post by themselves; a beat, a few times a second at most, reports how far all of them have come and fetches what
comes next in one exchange with the database. A receiver that hangs holds up its own line and nothing else.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from aiohttp.abc import AbstractResolver
from django.db import Error, connection

from tongke.kernel.errors import Refused
from tongke.kernel.ids import uuid7
from tongke.kernel.sealing import unseal
from tongke.tmf.hub.addresses import AllowList, read_callback
from tongke.tmf.hub.lines import HELD_MAX, REFILL_MAX, REFILL_MIN, Answer, Claimed, Failure, Item, Progress, Report, Shelf, exchange
from tongke.tmf.hub.owners import Owned
from tongke.tmf.hub.policy import Policy
from tongke.tmf.hub.posting import Door
from tongke.tmf.hub.signing import key_of
from tongke.tmf.hub.verdict import Cause, Fault

T = TypeVar("T")
log = logging.getLogger("tongke.hub")
SECRET_FIELD = "tmf.subscription"  # noqa: S105 - the name of a field, no secret
BUSY_SECONDS, IDLE_SECONDS = 0.05, 0.25
DOOR_IDLE_SECONDS = 90.0
CLAIM_FEW = 3
LOST_SECONDS_MAX = 5.0


def _disconnect() -> None:
    """Close this thread's connection; the next statement opens another."""
    connection.close()


@dataclass(slots=True)
class Line:
    """One subscription that this process holds: what waits here, how far it has come, and its lease."""

    claimed: Claimed
    door: Door
    key: bytes
    lease_until: float
    waiting: deque[Item] = field(default_factory=deque)
    position: int = 0
    fetched: int = 0
    done: int = 0
    empty: bool = False
    asked: bool = True
    failure: Failure | None = None
    lost: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None

    @property
    def id(self) -> UUID:
        """The subscription's id."""
        return self.claimed.subscription.id

    def take(self, items: list[Item], *, refill: int) -> None:
        """Add what came from the database, asked for as many as ``refill``; fewer mean that the line is at its end."""
        self.waiting.extend(items)
        self.fetched = items[-1].number if items else self.fetched
        self.empty = len(items) < refill
        self.asked = False
        self.news.set()

    def note_fault(self) -> None:
        """Turn a fault of ours into a failed try: the line is given back and tried again later."""
        if self.failure is None and self.task is not None and self.task.done() and not self.task.cancelled() and self.task.exception() and self.waiting:
            log.error("a line of the hub broke", exc_info=self.task.exception())
            self.failure = Failure(self.id, self.waiting[0].number, f"{type(self.task.exception()).__name__}", None, Fault(Cause.UNREACHED))

    async def run(self, *, stopping: asyncio.Event, total_seconds: float) -> None:
        """Post what waits, in order, until something fails, the lease is lost or the process stops."""
        while not (stopping.is_set() or self.lost):
            if not self.waiting or time.monotonic() + total_seconds > self.lease_until:
                self.news.clear()
                await self.news.wait()
                continue
            item = self.waiting[0]
            # What the owner may no longer see was written anew as nothing: it is passed over.
            outcome = await self.door.post(item.body, message_id=item.message_id, key=self.key, timestamp=int(time.time())) if item.body else None
            if outcome is not None and outcome.fault is not None:
                self.failure = Failure(self.id, item.number, outcome.reason, outcome.status, outcome.fault)
                return
            self.waiting.popleft()
            self.position = item.number
            self.done += outcome is not None


class Deliverer:
    """Holds the lines of this process and the beat that binds them to the database."""

    def __init__(self, *, policy: Policy, resolver: AbstractResolver | None = None) -> None:
        self.policy, self.resolver = policy, resolver
        self.me = uuid7()
        self.lines: dict[UUID, Line] = {}
        self.doors: dict[UUID, Door] = {}
        self.unfit: list[Failure] = []
        self.orphans: list[UUID] = []
        self.stopping = asyncio.Event()
        self.shelf = Shelf()
        self._anew = False
        # Django's connection belongs to a thread: all that concerns the database is done in this one.
        self._database = ThreadPoolExecutor(1, thread_name_prefix="hub-database")

    async def run(self) -> None:
        """Deliver until ``stopping`` is set, then finish what is in flight and give every line back."""
        wait = BUSY_SECONDS
        while not self.stopping.is_set():
            try:
                await self._beat()
                wait = BUSY_SECONDS if self.lines else IDLE_SECONDS
            except Error as fault:
                log.warning("the database does not answer the hub: %s", type(fault).__name__)
                await self._in_database(_disconnect)
                await self._forget()
                wait = min(wait * 2, LOST_SECONDS_MAX)
            await self._pause(wait)
        await self._leave()

    async def _forget(self) -> None:
        """Forget every line and body: a database that crashed may have lost its last commits and gives their numbers anew."""
        for ident in list(self.lines):
            await self._drop(ident)
        self.unfit, self.orphans, self.shelf, self._anew = [], [], Shelf(), True

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return

    async def _in_database(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._database, call)

    async def _beat(self, *, leaving: bool = False) -> None:
        report, reported = self._report(leaving=leaving)
        begun = time.monotonic()
        answer = await self._in_database(lambda: exchange(report, me=self.me, policy=self.policy, shelf=self.shelf))
        self._anew = False
        for progress in report.progress:
            self.lines[progress.subscription_id].done -= progress.done
        for ident in (*(f.subscription_id for f in report.failures), *report.released):
            await self._drop(ident)
        await self._renew(reported, answer, begun, refill=report.refill)
        for claimed in answer.claimed:
            self._begin(claimed, answer, begun, refill=report.refill)
        await self._close_idle_doors()

    def _report(self, *, leaving: bool) -> tuple[Report, list[Line]]:
        """Gather what the lines have done and what they need."""
        refill = max(REFILL_MIN, min(REFILL_MAX, HELD_MAX // (len(self.lines) + 1)))
        # Few at a time, so that processes which wake together share what there is.
        room = 0 if leaving else min(self.policy.lines_max - len(self.lines), max(CLAIM_FEW, len(self.lines)), HELD_MAX // refill)
        report = Report(room=room, failures=list(self.unfit), released=list(self.orphans), refill=refill, anew=self._anew)
        self.unfit, self.orphans = [], []
        kept = []
        for line in self.lines.values():
            line.note_fault()
            finished = line.failure is not None or leaving or (line.empty and not line.waiting)
            asks = not finished and not line.empty and not line.asked and len(line.waiting) < report.refill // 2
            if not (finished or asks or line.done or line.lease_until - time.monotonic() < self.policy.lease_seconds * 2 / 3):
                continue
            line.asked = line.asked or asks
            report.progress.append(Progress(line.id, line.position, line.done, line.fetched if asks else None))
            if line.failure is not None:
                report.failures.append(line.failure)
            elif finished:
                report.released.append(line.id)
            else:
                kept.append(line)
        return report, kept

    async def _renew(self, lines: list[Line], answer: Answer, begun: float, *, refill: int) -> None:
        for line in lines:
            if line.id not in answer.held:
                await self._drop(line.id)
                continue
            line.lease_until = begun + self.policy.lease_seconds
            if answer.allowed is not None and line.door.allowed != answer.allowed:
                line.door.readmit(answer.allowed)
            if line.asked:
                line.take(answer.items.get(line.id, []), refill=refill)
            line.news.set()

    def _begin(self, claimed: Claimed, answer: Answer, begun: float, *, refill: int) -> None:
        one = claimed.subscription
        items = answer.items.get(one.id, [])
        if not items or answer.allowed is None:
            self.orphans.append(one.id)
            return
        try:
            door, key = self._door(one, answer.allowed), key_of(unseal(one.secret, field=SECRET_FIELD))
        except Refused as fault:  # kept under rules that no longer hold, or under secrets that are not here
            self.unfit.append(Failure(one.id, items[0].number, f"{fault.code} {fault.message}", None, Fault(Cause.UNREACHED)))
            return
        line = Line(claimed, door, key, begun + self.policy.lease_seconds, position=claimed.position, fetched=claimed.position)
        line.take(items, refill=refill)
        self.lines[one.id] = line
        line.task = asyncio.create_task(line.run(stopping=self.stopping, total_seconds=self.policy.total_seconds))

    def _door(self, one: Owned, allowed: AllowList) -> Door:
        """Return the kept connection of a subscription, under the present allow-list."""
        door = self.doors.get(one.id)
        if door is None:
            door = self.doors[one.id] = Door(read_callback(one.callback), allowed, self.policy, self.resolver)
        elif door.allowed != allowed:
            door.readmit(allowed)
        return door

    async def _drop(self, ident: UUID) -> None:
        line = self.lines.pop(ident, None)
        if line is not None and line.task is not None:
            line.lost = True
            line.task.cancel()
            await asyncio.gather(line.task, return_exceptions=True)

    async def _close_idle_doors(self) -> None:
        limit = time.monotonic() - DOOR_IDLE_SECONDS
        for ident in [i for i, door in self.doors.items() if door.used < limit and i not in self.lines]:
            await self.doors.pop(ident).close()

    async def _leave(self) -> None:
        """Let what is in flight end, note how far all came, and give the lines back."""
        for line in self.lines.values():
            line.news.set()
        tasks = [line.task for line in self.lines.values() if line.task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=self.policy.total_seconds + 1)
        try:
            await self._beat(leaving=True)
        except Error:
            log.warning("the database was gone before the hub: leases end by themselves")
        for door in self.doors.values():
            await door.close()
        await self._in_database(_disconnect)
        self._database.shutdown()
