"""Points: lots that expire, first-expiring first, back to the same lots, frozen by debt."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from tests.factories import accounts as make
from tests.factories import staff as staff_rows
from tests.factories.accounts import NOON, TESTER
from tongke.areas.account import queries, rules, services
from tongke.areas.account.models import PointsLot, PointsMove
from tongke.areas.party.models import Customer
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
    assert back == services.give_back_points(customer_id=customer.id, key="order-1", by=TESTER, at=LATER) == services.GivenBack(70, 0)
    with acting(TESTER):
        assert dict(PointsLot.objects.values_list("id", "rest")) == {early: 50, late: 100}
    assert refused(redeem, customer, 71, "order-1", at=LATER) == ["ACC-55"]


def test_what_goes_back_to_an_expired_lot_lapses_at_once() -> None:
    customer = make.bare_customer()
    earn(customer, 50, "b1")
    redeem(customer, 30, "order-1")
    gone = datetime(2029, 4, 1, 0, 0, tzinfo=UTC)
    assert services.give_back_points(customer_id=customer.id, key="order-1", by=TESTER, at=gone) == services.GivenBack(30, 30)
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
