"""Figures of points take two persons, and stand once they have begun."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tests.factories import staff
from tests.factories.accounts import NOON, TESTER
from tongke.areas.account import queries, services
from tongke.areas.account.models import PointsPolicy
from tongke.areas.staff import services as desk
from tongke.areas.staff.errors import ApprovalNeeded
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound, RulesBroken

pytestmark = pytest.mark.django_db
FIGURES: dict[str, Any] = {
    "life_months": 12, "owed_max": Decimal(100), "yuan_per_point": Decimal("0.02"), "points_per_yuan": Decimal("0.5"), "redeem_min": 20, "org_id": 3301,
    "reason": "local rule"}
# The database tells what has begun by its own clock: far ahead, for no day on which the tests run.
PLANNED = datetime(2199, 1, 1, tzinfo=UTC)


@pytest.fixture
def asker() -> Actor:
    """A supervisor of Hangzhou."""
    staff.tree()
    return person("sunli", "account.points_policy", "account.view", "catalogue.approve")


def person(username: str, *permissions: str, scope: tuple[int, ...] | None = (3301,)) -> Actor:
    """Somebody with a post."""
    with acting(TESTER):
        made = staff.person(username)
    return Actor(name=username, staff_id=made.id, org_id=3301, scope=scope, permissions=frozenset({*permissions, "staff.own"}))


def propose(by: Actor, **more: Any) -> UUID:
    """Ask for figures."""
    with acting(by):
        return services.propose_points_policy(**{**FIGURES, **more}, by=by, at=NOON)


def decide(asked: UUID, by: Actor, *, at: datetime = NOON) -> None:
    """Agree as the second person."""
    with acting(by):
        desk.approve(approval_id=asked, by=by, at=at)


def life(*, at: datetime = NOON) -> int:
    """The months of life that hold in Hangzhou."""
    return queries.points_figures(3301, at=at).life_months


def test_what_one_asks_for_holds_once_another_agrees(asker: Actor) -> None:
    asked = propose(asker)
    assert life() == 36
    with pytest.raises(RulesBroken):
        decide(asked, asker)
    later = NOON + timedelta(hours=1)
    decide(asked, person("gaofeng", "catalogue.approve"), at=later)
    assert (life(at=NOON), life(at=later)) == (36, 12)
    with acting(asker):
        row = next(row for row in queries.points_policy(by=asker, at=later) if row.figures.org_id == 3301)
    assert (row.set_by, row.approved_by, row.reason, row.figures.points_per_yuan, row.figures.owed_max) == ("sunli", "gaofeng", "local rule", Decimal("0.5"), 100)


def test_nobody_sets_figures_alone(asker: Actor) -> None:
    with acting(asker), pytest.raises(ApprovalNeeded):
        services.set_points_policy(**FIGURES, by=asker, at=NOON)
    assert life() == 36


def test_what_cannot_be_is_refused_when_it_is_asked_for(asker: Actor) -> None:
    with pytest.raises(RulesBroken) as refusal:
        propose(asker, life_months=0, reason=" ", valid_from=NOON - timedelta(seconds=1))
    assert {broken.code for broken in refusal.value.broken} == {"ACC-56", "ACC-58", "ACC-60"}
    with pytest.raises(NotFound):
        propose(asker, org_id=3302)


def test_what_waited_until_its_beginning_was_over_is_not_set_backwards(asker: Actor) -> None:
    asked = propose(asker, valid_from=NOON + timedelta(hours=1))
    second = person("gaofeng", "catalogue.approve")
    with pytest.raises(RulesBroken) as refusal:
        decide(asked, second, at=NOON + timedelta(hours=2))
    assert [broken.code for broken in refusal.value.broken] == ["ACC-58"]
    assert life(at=NOON + timedelta(hours=2)) == 36


def refused(statement: str) -> str:
    """Run a statement as the application's role and return why the database refused it."""
    with acting(TESTER), pytest.raises((IntegrityError, ProgrammingError)) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(refusal.value)


@pytest.mark.parametrize("change", ["life_months = 1", "yuan_per_point = 9", "valid_from = '2199-01-01'", "org_id = 33", "reason = 'other'"])
def test_figures_that_have_begun_stand_and_planned_ones_are_planned_otherwise(change: str) -> None:
    staff.tree()
    assert "have begun and stand" in refused(f"UPDATE account_points_policy SET {change}")
    assert "permission denied" in refused("DELETE FROM account_points_policy")
    for months in (6, 7):
        services.set_points_policy(**{**FIGURES, "life_months": months}, valid_from=PLANNED, by=TESTER, at=NOON)
    with acting(TESTER):
        assert [row.life_months for row in PointsPolicy.objects.filter(valid_from=PLANNED)] == [7]
