"""The life of numbers under any order of calls, by several at once, with the clock moved: no number with two holders, none
lost, cooling never cut short.
"""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.areas.resource.numbers import planted
from tests.areas.resource.numbers.planted import NOON, TESTER
from tongke.areas.resource import services
from tongke.areas.resource.models import Number, NumberHold, NumberMove
from tongke.areas.resource.states import NUMBER
from tongke.kernel.actor import acting
from tongke.kernel.errors import Refused
from tongke.kernel.ids import uuid7
from tongke.kernel.machine import IllegalMove

SIZE, AT_ONCE = 12, 4
CLERKS = [planted.actor(f"clerk{n}", rights=planted.DESK) for n in range(6)]
TWO_STATES = "SELECT count(*) FROM resource_number_hold h JOIN resource_number n ON n.hold_id = h.id WHERE n.id <> h.number_id OR h.state <> 'open'"
# Every move stands on the one before it, and a cooling number was freed only after its time.
BROKEN_HISTORY = """
SELECT count(*) FROM (
  SELECT verb, from_state, lag(to_state) OVER w AS before, at, lag(at) OVER w AS since FROM resource_number_move
  WINDOW w AS (PARTITION BY number_id ORDER BY id)) m
WHERE (before IS NOT NULL AND from_state <> before) OR (verb = 'free' AND at < since + interval '90 days')
"""

# Before its cooling is over a number goes back to the line that left with it, to no other.
WRONG_LINE = """
SELECT count(*) FROM resource_number_move m WHERE m.verb = 'reassign' AND m.assigned_to IS DISTINCT FROM (
  SELECT l.assigned_to FROM resource_number_move l WHERE l.number_id = m.number_id AND l.id < m.id AND l.verb IN ('release', 'port_out') ORDER BY l.id DESC LIMIT 1)
"""


def line_of(token: UUID) -> UUID:
    """The line that a hold is confirmed for."""
    return UUID(int=token.int + 1)


def tried(call: Any) -> Any:
    """Call and return what came of it: an answer, or the refusal."""
    try:
        return call()
    except (Refused, IllegalMove) as refusal:
        return refusal
    finally:
        connection.close()


class Life(RuleBasedStateMachine):
    """A pool of a dozen numbers. What a call at a time may do is drawn; several calls of a step run at once."""

    def __init__(self) -> None:
        super().__init__()
        self.at: datetime = NOON
        self.tokens: list[UUID] = []
        self.held: dict[UUID, str] = {}

    @initialize(seed=st.integers(0, 2**16))
    def begin(self, seed: int) -> None:
        """Plant a desk of its own for this run."""
        self.draw = random.Random(seed)
        self.desk = planted.desk(SIZE, graded=False)
        self.numbers = [self.desk.number(n) for n in range(SIZE)]

    def _call(self, word: str) -> Any:
        by, at, number = self.draw.choice(CLERKS), self.at, self.draw.choice(self.numbers)
        token = self.draw.choice(self.tokens) if self.tokens else uuid7()
        former = self.held.get(token, number)
        calls = {
            "hold": lambda: services.hold_number(number, by=by, at=at),
            "hold any": lambda: services.hold_number(pool_id=self.desk.pool_id, by=by, at=at),
            "wish": lambda: services.hold_number(wish=services.NumberWish(tail=number[-1]), by=by, at=at),
            "extend": lambda: services.extend_hold(token=token, by=by, at=at),
            "let go": lambda: services.release_hold(token=token, by=by, at=at),
            "confirm": lambda: services.confirm_hold(token=token, assigned_to=line_of(token), by=by, at=at),
            "suspend": lambda: services.suspend_number(number=number, by=by, at=at),
            "resume": lambda: services.resume_number(number=number, by=by, at=at),
            "release": lambda: services.release_number(number=number, by=by, at=at),
            "reassign": lambda: services.reassign_number(number=former, assigned_to=line_of(token), by=by, at=at),
            "pass on": lambda: services.pass_number_on(number=number, assigned_to=uuid7(), by=by, at=at),
            "keep": lambda: services.reserve_number(number=number, reason="x", by=by, at=at),
            "give back": lambda: services.unreserve_number(number=number, by=by, at=at),
            "home": lambda: services.port_in(number=number, org_id=3301, assigned_to=uuid7(), by=by, at=at),
            "free": lambda: services.free_number(number=number, by=by, at=at),
            "block": lambda: services.block_number(number=number, reason="x", by=by, at=at),
            "unblock": lambda: services.unblock_number(number=number, by=by, at=at),
            "port out": lambda: services.port_out(number=number, operator="移动", by=by, at=at),
            "back": lambda: services.take_back_ported_out(number=number, by=by, at=at),
            "sweep": lambda: services.sweep_numbers(by=TESTER, at=at),
        }
        return calls[word]

    @rule(words=st.lists(st.sampled_from((
        "hold", "hold", "hold any", "wish", "extend", "let go", "confirm", "confirm", "suspend", "resume", "release", "release", "reassign", "reassign",
        "pass on", "keep", "give back", "free", "block", "unblock", "port out", "back", "home", "sweep")), min_size=1, max_size=AT_ONCE))
    def calls_at_once(self, words: list[str]) -> None:
        """Several do something at one moment."""
        todo = [self._call(word) for word in words]
        with ThreadPoolExecutor(len(todo)) as pool:
            got = list(pool.map(tried, todo))
        unexpected = [g for g in got if isinstance(g, Exception) and not isinstance(g, Refused)]
        assert unexpected == []
        self.tokens += [g.token for g in got if isinstance(g, services.Hold)]
        self.held |= {g.token: g.number for g in got if isinstance(g, services.Hold)}
        won = [g.number for g in got if isinstance(g, services.Hold)]
        assert len(won) == len(set(won))
        self.at += timedelta(seconds=1)

    @rule(by=st.sampled_from((timedelta(minutes=10), timedelta(minutes=29), timedelta(minutes=31), timedelta(days=1), timedelta(days=45), timedelta(days=90))))
    def time_goes_by(self, by: timedelta) -> None:
        """The injected clock is moved: holds and coolings run out."""
        self.at += by

    @invariant()
    def nothing_has_two_holders_and_none_is_lost(self) -> None:
        """What every number's row, its holds and its history say of it agrees."""
        if not hasattr(self, "desk"):
            return
        with acting(TESTER):
            rows = list(Number.objects.filter(pool_id=self.desk.pool_id))
            assert sorted(row.number for row in rows) == sorted(self.numbers)
            open_holds = dict(NumberHold.objects.filter(pool_id=self.desk.pool_id, state="open").values_list("number_id", "id"))
            assert {row.id: row.hold_id for row in rows if row.state == "held"} == open_holds
            lines = [row.assigned_to for row in rows if row.assigned_to]
            assert len(lines) == len(set(lines))
            last = {move.number_id: move.to_state for move in NumberMove.objects.filter(number_id__in=[r.id for r in rows]).order_by("id")}
            assert last == {row.id: row.state for row in rows}
            with connection.cursor() as cursor:
                for statement in (TWO_STATES, BROKEN_HISTORY, WRONG_LINE):
                    cursor.execute(statement)
                    assert cursor.fetchone() == (0,), statement
                cursor.execute("SELECT state, sum(n)::int FROM resource_number_tally WHERE pool_id = %s GROUP BY state HAVING sum(n) <> 0", [self.desk.pool_id])
                counted = dict(cursor.fetchall())
        assert counted == {state: sum(row.state == state for row in rows) for state in {row.state for row in rows}}
        assert all(NUMBER.possible(row.state) for row in rows)


@pytest.mark.django_db(transaction=True)
def test_the_life_of_numbers() -> None:
    run_state_machine_as_test(Life, settings=settings(  # type: ignore[no-untyped-call]  # hypothesis leaves it untyped
        max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)))
