"""Points under any order of bookings: the balance is the sum of the lots, never below zero, what expires first goes first, what was
earned in error is gone for good, and lots, moves, balance and liability say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from tests.factories import accounts as make
from tests.factories.accounts import NOON, TESTER
from tongke.areas.account import queries, services
from tongke.areas.account.models import PointsLot, PointsMove
from tongke.areas.account.queries.points import local_day
from tongke.areas.account.services import merging
from tongke.kernel.actor import acting
from tongke.kernel.errors import RulesBroken
from tongke.kernel.reversal import Recorder, take_back

MONTH = timedelta(days=31)


class Points(RuleBasedStateMachine):
    """A customer's points beside a plain model of lots: [earned, rest]; ``void`` are those that were earned in error."""

    def __init__(self) -> None:
        super().__init__()
        self.block: Any = transaction.atomic()
        self.block.__enter__()
        self.at: datetime = NOON
        self.lots: dict[Any, list[int]] = {}
        self.used: dict[str, dict[Any, int]] = {}
        self.void: set[Any] = set()
        self.keys: dict[str, Any] = {}
        self.count = 0

    def teardown(self) -> None:
        """Undo everything."""
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def customers(self) -> None:
        """Two customers, of whom the second may be merged into the first."""
        self.customer, self.other = make.bare_customer(), make.bare_customer()

    def live(self) -> list[Any]:
        """The model's lots that have not expired, in the order of their use."""
        with acting(TESTER):
            rows = {lot.id: lot for lot in PointsLot.objects.filter(id__in=self.lots)}
        today = local_day(3301, at=self.at)
        return sorted((i for i in self.lots if rows[i].expires_on > today), key=lambda i: (rows[i].expires_on, i))

    @rule(points=st.integers(1, 60))
    def earn(self, points: int) -> None:
        """A new lot."""
        self.count += 1
        lot_id = services.earn_points(customer_id=self.customer.id, points=points, source="bill", key=f"b{self.count}", by=TESTER, at=self.at)
        self.lots[lot_id] = [points, points]
        self.keys[f"b{self.count}"] = lot_id

    @precondition(lambda self: self.keys)
    @rule(data=st.data())
    def cancel(self, data: Any) -> None:
        """Nothing is left in the lot; what is redeemed of it is missing."""
        key = data.draw(st.sampled_from(sorted(self.keys)))
        lot_id = self.keys[key]
        missing = services.cancel_earned_points(customer_id=self.customer.id, key=key, reason="in error", by=TESTER, at=self.at)
        self.void.add(lot_id)
        self.lots[lot_id][1] = 0
        assert missing == sum(parts.get(lot_id, 0) for parts in self.used.values())

    @rule(points=st.integers(1, 90))
    def redeem(self, points: int) -> None:
        """From the first to expire, or refused as a whole."""
        self.count += 1
        key, live = f"o{self.count}", self.live()
        if points > sum(self.lots[i][1] for i in live):
            if self.lots:
                with pytest.raises(RulesBroken):
                    services.redeem_points(customer_id=self.customer.id, points=points, key=key, by=TESTER, at=self.at)
            return
        wanted, rest = {}, points
        for i in live:
            part = min(rest, self.lots[i][1])
            if part:
                wanted[i] = part
                self.lots[i][1] -= part
                rest -= part
        assert services.redeem_points(customer_id=self.customer.id, points=points, key=key, by=TESTER, at=self.at) == wanted
        self.used[key] = wanted

    @precondition(lambda self: self.used)
    @rule(data=st.data())
    def give_back(self, data: Any) -> None:
        """To the very lots, but for those that are over or were earned in error."""
        key = data.draw(st.sampled_from(sorted(self.used)))
        live = set(self.live())
        parts = self.used.pop(key)
        back = services.give_back_points(customer_id=self.customer.id, key=key, by=TESTER, at=self.at)
        void = sum(p for i, p in parts.items() if i in self.void)
        assert back == services.GivenBack(sum(parts.values()), sum(p for i, p in parts.items() if i not in live | self.void), void)
        for i, part in parts.items():
            self.lots[i][1] += 0 if i in self.void else part

    @rule(months=st.integers(1, 20), sweep=st.booleans())
    def time_passes(self, months: int, *, sweep: bool) -> None:
        """Lots run out, whether or not the schedule runs."""
        self.at += months * MONTH
        if sweep:
            services.expire_points(by=TESTER, at=self.at)

    @rule(points=st.integers(1, 30), spent=st.integers(0, 40))
    def merge_and_separate(self, points: int, spent: int) -> None:
        """The other's lots come and go as they are; what was redeemed from them meanwhile goes back to them afterwards too."""
        self.count += 1
        services.earn_points(customer_id=self.other.id, points=points, source="bill", key=f"x{self.count}", by=TESTER, at=self.at)
        before, own = self.usable(self.other), self.usable(self.customer)
        recorder = Recorder()
        merging.repoint_accounts(from_id=self.other.id, to_id=self.customer.id, recorder=recorder, by=TESTER, at=self.at)
        assert self.usable(self.customer) == own + before
        spent = min(spent, own + before)
        if spent:
            services.redeem_points(customer_id=self.customer.id, points=spent, key=f"m{self.count}", by=TESTER, at=self.at)
        with acting(TESTER):
            take_back(recorder.steps)
        assert self.usable(self.other) + self.usable(self.customer) == own + before - spent
        if spent:
            services.give_back_points(customer_id=self.customer.id, key=f"m{self.count}", by=TESTER, at=self.at)
        assert (self.usable(self.other), self.usable(self.customer)) == (before, own)

    def usable(self, customer: Any) -> int:
        """What a customer can redeem now."""
        with acting(TESTER):
            return queries.points_of_customer(customer.id, by=TESTER, at=self.at).usable

    @invariant()
    def the_liability_is_what_customers_can_redeem(self) -> None:
        """Nothing is owed that nobody has."""
        with acting(TESTER):
            owed = sum(row.points for row in queries.points_liability(by=TESTER, at=self.at))
        assert owed == self.usable(self.customer) + self.usable(self.other)

    @invariant()
    def the_balance_is_the_sum_of_the_lots(self) -> None:
        """In the records as in the model, and every lot is the sum of its moves."""
        if not self.lots:
            return
        live = self.live()
        with acting(TESTER):
            state = queries.points_of_customer(self.customer.id, by=TESTER, at=self.at)
            assert state.usable == sum(self.lots[i][1] for i in live) >= 0
            for lot in PointsLot.objects.filter(account__customer_id=self.customer.id):
                assert 0 <= lot.rest <= lot.earned
                assert (lot.cancelled_at is not None) == (lot.id in self.void)
                assert lot.rest == sum(PointsMove.objects.filter(lot=lot).values_list("points", flat=True))
                if lot.id in live:
                    assert lot.rest == self.lots[lot.id][1]


@pytest.mark.django_db
def test_points_in_any_order() -> None:
    run_state_machine_as_test(Points, settings=settings(
        max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)))


@pytest.fixture
def many() -> Iterator[ThreadPoolExecutor]:
    """Threads that redeem at once."""
    with ThreadPoolExecutor(24) as pool:
        yield pool


@pytest.mark.django_db(transaction=True)
def test_redeeming_at_once_never_gives_more_than_there_is(many: ThreadPoolExecutor) -> None:
    customer = make.bare_customer()
    for n in range(5):
        services.earn_points(customer_id=customer.id, points=10, source="bill", key=f"b{n}", by=TESTER, at=NOON)

    def redeem(number: int) -> str:
        try:
            services.redeem_points(customer_id=customer.id, points=3, key=f"o{number % 30}", by=TESTER, at=NOON)
        except RulesBroken as refusal:
            return ",".join(b.code for b in refusal.broken)
        finally:
            connection.close()
        return "done"

    done = list(many.map(redeem, range(60)))
    with acting(TESTER):
        used = -sum(PointsMove.objects.filter(kind="use").values_list("points", flat=True))
        assert queries.points_of_customer(customer.id, by=TESTER, at=NOON).usable == 50 - used == 2
        assert used == 48
    assert set(done) == {"done", "ACC-51"}
    assert done.count("done") >= 16
