"""Points: lots that expire, first-expiring first, back to the same lots, frozen by debt."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from tests.factories import accounts as make
from tests.factories import staff as staff_rows
from tests.factories.accounts import NOON, TESTER
from tongke.areas.account import queries, rules, services
from tongke.areas.account.models import PointsLot, PointsMove
from tongke.areas.party.models import Customer
from tongke.areas.staff import services as staff
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound, RulesBroken
from tongke.kernel.models import AuditRow, OutboxEvent

pytestmark = pytest.mark.django_db
LATER = datetime(2027, 3, 2, 4, 0, tzinfo=UTC)


def earn(customer: Customer, points: int, key: str, *, at: datetime = NOON, **more: str) -> UUID:
    return services.earn_points(customer_id=customer.id, points=points, **{"source": "bill", **more}, key=key, by=TESTER, at=at)


def redeem(customer: Customer, points: int, key: str, *, at: datetime = NOON) -> dict[UUID, int]:
    return services.redeem_points(customer_id=customer.id, points=points, key=key, by=TESTER, at=at)


def usable(customer: Customer, *, at: datetime = NOON) -> int:
    with acting(TESTER):
        return queries.points_of_customer(customer.id, by=TESTER, at=at).usable


def refused(call: object, *args: object, **more: object) -> list[str]:
    with pytest.raises(RulesBroken) as refusal:
        call(*args, **more)  # type: ignore[operator]
    return [b.code for b in refusal.value.broken]


@pytest.mark.parametrize(("earned_on", "months", "gone_on"), [
    (date(2026, 3, 2), 36, date(2029, 4, 1)), (date(2026, 12, 31), 1, date(2027, 2, 1)), (date(2024, 2, 29), 12, date(2025, 3, 1)),
    (date(2026, 11, 30), 12, date(2027, 12, 1)),
])
def test_points_live_full_months_after_the_month_they_were_earned_in(earned_on: date, months: int, gone_on: date) -> None:
    assert rules.points_expire_on(earned_on, months) == gone_on


@pytest.mark.parametrize(("lots", "points", "parts"), [
    ([("a", 5), ("b", 5)], 7, [("a", 5), ("b", 2)]), ([("a", 0), ("b", 3)], 3, [("b", 3)]), ([("a", 2)], 9, [("a", 2)]), ([], 1, []),
])
def test_the_first_to_expire_gives_first(lots: list[tuple[str, int]], points: int, parts: list[tuple[str, int]]) -> None:
    assert rules.first_expiring(lots, points) == parts


def test_what_expires_first_is_redeemed_first_and_goes_back_to_the_same_lots() -> None:
    customer = make.bare_customer()
    late = earn(customer, 100, "b2", at=LATER)
    early = earn(customer, 50, "b1")
    assert redeem(customer, 70, "order-1", at=LATER) == {early: 50, late: 20}
    assert redeem(customer, 70, "order-1", at=LATER) == {early: 50, late: 20}
    assert usable(customer, at=LATER) == 80
    back = services.give_back_points(customer_id=customer.id, key="order-1", by=TESTER, at=LATER)
    assert back == services.give_back_points(customer_id=customer.id, key="order-1", by=TESTER, at=LATER) == services.GivenBack(70, 0, 0)
    with acting(TESTER):
        assert dict(PointsLot.objects.values_list("id", "rest")) == {early: 50, late: 100}
    assert refused(redeem, customer, 71, "order-1", at=LATER) == ["ACC-55", "ACC-59"]
    assert refused(redeem, customer, 70, "order-1", at=LATER) == ["ACC-59"]


def test_what_goes_back_to_an_expired_lot_lapses_at_once() -> None:
    customer = make.bare_customer()
    earn(customer, 50, "b1")
    redeem(customer, 30, "order-1")
    gone = datetime(2029, 4, 1, 0, 0, tzinfo=UTC)
    assert services.give_back_points(customer_id=customer.id, key="order-1", by=TESTER, at=gone) == services.GivenBack(30, 30, 0)
    assert usable(customer, at=gone) == 0
    with acting(TESTER):
        lot = PointsLot.objects.get()
        assert lot.rest == 0
        assert sum(m.points for m in PointsMove.objects.filter(lot=lot)) == 0


def test_the_day_ends_where_the_customer_lives() -> None:
    customer = make.bare_customer()
    earn(customer, 50, "b1")
    last = datetime(2029, 3, 31, 15, 59, 59, tzinfo=UTC)
    assert (usable(customer, at=last), usable(customer, at=last + timedelta(seconds=1))) == (50, 0)
    assert refused(redeem, customer, 1, "o", at=last + timedelta(seconds=1)) == ["ACC-51"]
    assert redeem(customer, 1, "o", at=last)


def test_debt_freezes_redeeming_and_not_earning() -> None:
    customer = make.bare_customer()
    account_id = make.account(customer)
    make.bill(account_id, month=1)
    earn(customer, 50, "b1")
    assert refused(redeem, customer, 10, "o") == ["ACC-52"]
    with acting(TESTER):
        state = queries.points_of_customer(customer.id, by=TESTER, at=NOON)
    assert (state.frozen, state.usable, state.owed) == (True, 50, Decimal("59.00"))
    make.payment(account_id, "59.00")
    assert redeem(customer, 10, "o")


def test_figures_are_dated_and_a_lower_level_has_its_own() -> None:
    staff_rows.tree()
    figures = {"life_months": 12, "owed_max": Decimal(100), "yuan_per_point": Decimal("0.02"), "redeem_min": 20, "reason": "local rule"}
    services.set_points_policy(**figures, org_id=3301, by=TESTER, at=NOON)  # type: ignore[arg-type]
    before, after = (queries.points_figures(3301, at=NOON + timedelta(seconds=s)) for s in (-1, 0))
    assert (before.life_months, before.org_id, after.life_months, after.redeem_min) == (36, 1, 12, 20)
    assert queries.points_figures(3302, at=NOON).life_months == 36
    services.set_points_policy(**{**figures, "life_months": 6}, org_id=33, by=TESTER, at=NOON)  # type: ignore[arg-type]
    assert [queries.points_figures(org, at=NOON).life_months for org in (1, 33, 3301, 3302, 3201)] == [36, 6, 12, 6, 36]
    assert refused(services.set_points_policy, **{**figures, "reason": " "}, by=TESTER, at=NOON) == ["ACC-60"]
    seen = Actor(name="limin", org_id=3301, scope=(3301,), permissions=frozenset({"account.view"}))
    with acting(seen):
        rows = queries.points_policy(by=seen, at=NOON)
    assert [(row.figures.org_id, row.state) for row in rows] == [(1, "now"), (33, "now"), (3301, "now")]
    assert refused(services.set_points_policy, **{**figures, "life_months": 0}, valid_from=NOON - timedelta(1), by=TESTER, at=NOON) == ["ACC-56", "ACC-58"]


@pytest.mark.parametrize(("points", "codes"), [(0, ["ACC-50", "ACC-53"]), (11, ["ACC-51"])])
def test_what_cannot_be_redeemed(points: int, codes: list[str]) -> None:
    customer = make.bare_customer()
    earn(customer, 10, "b1")
    assert refused(redeem, customer, points, "o") == codes


def test_what_cannot_be_earned() -> None:
    customer = make.bare_customer()
    assert refused(earn, customer, -1, "k", source="goodwill") == ["ACC-50", "ACC-57"]
    assert refused(earn, make.bare_customer(state="left"), 1, "k") == ["ACC-08"]
    earn(customer, 5, "k")
    assert refused(earn, customer, 6, "k") == ["ACC-55"]
    assert refused(services.give_back_points, customer_id=customer.id, key="?", by=TESTER, at=NOON) == ["ACC-54"]
    with pytest.raises(NotFound):
        services.redeem_points(customer_id=uuid4(), points=1, key="k", by=TESTER, at=NOON)


def test_earning_in_error_is_taken_back_as_far_as_it_is_left() -> None:
    customer = make.bare_customer()
    earn(customer, 50, "pay-1")
    redeem(customer, 20, "o")
    for _again in range(2):
        assert services.cancel_earned_points(customer_id=customer.id, key="pay-1", reason="payment reversed", by=TESTER, at=NOON) == 20
    assert usable(customer) == 0
    with acting(TESTER):
        event = OutboxEvent.objects.get(name="account.points_cancelled.v1")
        assert (event.payload["points"], event.payload["missing"]) == (30, 20)


def test_what_was_earned_in_error_does_not_come_back_with_a_redemption() -> None:
    customer = make.bare_customer()
    wrong, right = earn(customer, 50, "pay-1"), earn(customer, 30, "pay-2", at=LATER)
    redeem(customer, 60, "order-1", at=LATER)
    assert services.cancel_earned_points(customer_id=customer.id, key="pay-1", reason="payment reversed", by=TESTER, at=LATER) == 50
    for _again in range(2):
        back = services.give_back_points(customer_id=customer.id, key="order-1", by=TESTER, at=LATER)
        assert back == services.GivenBack(60, 0, 50)
    assert services.cancel_earned_points(customer_id=customer.id, key="pay-1", reason="payment reversed", by=TESTER, at=LATER) == 0
    assert usable(customer, at=LATER) == 30
    with acting(TESTER):
        assert dict(PointsLot.objects.values_list("id", "rest")) == {wrong: 0, right: 30}
        assert sum(r.points for r in queries.points_liability(by=TESTER, at=LATER)) == 30


def test_what_expired_before_it_was_taken_back_is_not_missing() -> None:
    customer = make.bare_customer()
    earn(customer, 50, "pay-1")
    redeem(customer, 20, "o")
    gone = datetime(2029, 4, 2, tzinfo=UTC)
    services.expire_points(by=TESTER, at=gone)
    assert services.cancel_earned_points(customer_id=customer.id, key="pay-1", reason="payment reversed", by=TESTER, at=gone) == 20
    assert services.give_back_points(customer_id=customer.id, key="o", by=TESTER, at=gone) == services.GivenBack(20, 0, 20)


@pytest.mark.parametrize("statement", [
    "UPDATE account_points_move SET points = points + 1", "UPDATE account_points_move SET reason = 'x'", "DELETE FROM account_points_move",
    "UPDATE account_points_lot SET earned = earned + 1", "UPDATE account_points_lot SET expires_on = expires_on + 1", "DELETE FROM account_points_lot",
    "UPDATE account_points_lot SET rest = rest - 1; SET CONSTRAINTS ALL IMMEDIATE",
    "UPDATE account_points_lot SET cancelled_at = now()", "UPDATE account_points_lot SET cancelled_at = now(), rest = 0; SET CONSTRAINTS ALL IMMEDIATE",
])
def test_what_was_booked_stands_whoever_writes(statement: str, as_owner: Callable[[], AbstractContextManager[Any]]) -> None:
    earn(make.bare_customer(), 50, "b1")
    with as_owner() as cursor, pytest.raises(IntegrityError, match=r"stands as it was made|sum to|leaves_none"), transaction.atomic():
        cursor.execute(f"SET CONSTRAINTS ALL DEFERRED; {statement}")


def broken_off_after(call: Callable[..., int], **more: Any) -> None:
    """The process dies before what was done is for good."""
    with transaction.atomic():
        assert call(**more) == 20
        raise KeyboardInterrupt


def test_lots_lapse_some_customers_at_a_time_each_time_for_good(transactional_db: None) -> None:
    del transactional_db
    customers = [make.bare_customer() for _ in range(5)]
    for customer in customers:
        earn(customer, 10, f"b {customer.id}")
    gone = datetime(2029, 4, 2, tzinfo=UTC)
    assert services.expire_points(limit=2, by=TESTER, at=gone) == 20
    # The next part is broken off before it is for good: it begins anew, and what went before stands.
    with pytest.raises(KeyboardInterrupt):
        broken_off_after(services.expire_points, limit=2, by=TESTER, at=gone)
    assert [services.expire_points(limit=2, by=TESTER, at=gone) for _ in range(3)] == [20, 10, 0]
    with acting(TESTER):
        assert list(PointsMove.objects.filter(kind="expire").values_list("points", flat=True)) == [-10] * 5
        assert set(PointsLot.objects.values_list("rest", flat=True)) == {0}


def test_a_lot_lapses_once_its_day_has_begun_everywhere() -> None:
    staff_rows.tree()
    with acting(TESTER):
        staff.create_org(org_id=65, kind="province", parent_id=1, name_zh="新疆", name_en="Xinjiang", zone="Asia/Urumqi", by=TESTER, at=NOON)
    earn(make.bare_customer(), 10, "b1")
    at = datetime(2029, 3, 31, 17, 0, tzinfo=UTC)
    assert services.expire_points(by=TESTER, at=at) == 0
    assert services.expire_points(by=TESTER, at=at + timedelta(hours=1)) == 10


def test_the_schedule_lets_lots_lapse_and_the_liability_follows() -> None:
    first, second = make.bare_customer(), make.bare_customer(org_id=3302)
    earn(first, 1000, "a")
    earn(first, 500, "b", at=LATER)
    earn(second, 70, "c")
    with acting(TESTER):
        rows = queries.points_liability(by=TESTER, at=LATER)
    assert [(r.org_id, r.expires_on, r.customers, r.points, r.value) for r in rows] == [
        (3301, date(2029, 4, 1), 1, 1000, Decimal("10.00")), (3301, date(2030, 4, 1), 1, 500, Decimal("5.00")),
        (3302, date(2029, 4, 1), 1, 70, Decimal("0.70")),
    ]
    gone = datetime(2029, 4, 2, tzinfo=UTC)
    assert (services.expire_points(by=TESTER, at=gone), services.expire_points(by=TESTER, at=gone)) == (1070, 0)
    with acting(TESTER):
        assert [(r.org_id, r.points) for r in queries.points_liability(by=TESTER, at=gone)] == [(3301, 500)]


def test_points_are_scoped_audited_and_announced() -> None:
    customer = make.bare_customer(org_id=3302)
    lot_id = earn(customer, 10, "b1")
    clerk = Actor(name="limin", scope=(3301,), permissions=frozenset({"account.points", "account.view"}))
    with pytest.raises(NotFound):
        services.redeem_points(customer_id=customer.id, points=1, key="o", by=clerk, at=NOON)
    with acting(clerk):
        assert queries.points_lots(customer.id, by=clerk) == []
        assert queries.points_liability(by=clerk, at=NOON) == []
    with acting(TESTER):
        assert AuditRow.objects.get(row_id=str(lot_id)).table_name == "account_points_lot"
        assert OutboxEvent.objects.get(name="account.points_earned.v1").customer_id == customer.id
