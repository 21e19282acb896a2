"""Statistics and alarms: counts that cost nothing, one alarm when a pool runs dry, figures that are dated."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.areas.resource.numbers import planted
from tests.areas.resource.numbers.planted import DESK_CLERK, NOON, PROVINCE_DESK, TESTER
from tests.factories import staff as make
from tongke.areas.resource import errors, queries, services
from tongke.areas.resource.policy import policy_at
from tongke.areas.resource.services import PoolChange
from tongke.areas.staff.models import Notification
from tongke.kernel.actor import acting
from tongke.kernel.errors import RulesBroken
from tongke.kernel.ids import uuid7
from tongke.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def told(word: str) -> int:
    with acting(TESTER):
        return OutboxEvent.objects.filter(name=f"resource.{word}.v1").count()


def test_gauges_tell_what_is_there() -> None:
    desk = planted.desk(1000)
    services.claim_number(number=desk.number(888), assigned_to=uuid7(), by=DESK_CLERK, at=NOON)
    services.hold_number(desk.number(1), by=DESK_CLERK, at=NOON)
    gauge, = queries.pool_gauges(by=DESK_CLERK, at=NOON)
    assert (gauge.counts, gauge.free, gauge.total, gauge.days_left) == ({"free": 998, "held": 1, "assigned": 1}, 998, 1000, None)
    assert queries.pool_gauges(by=planted.actor("zhaolei", org_id=3302), at=NOON) == []
    counts = queries.number_counts(pool_id=desk.pool_id, by=DESK_CLERK)
    assert sum(c.count for c in counts) == 1000
    assert [c.count for c in counts if (c.grade, c.state) == ("2", "assigned")] == [1]


def test_a_pool_that_runs_dry_is_told_once_until_it_recovers() -> None:
    desk = planted.desk(30, graded=False)
    xuliang = make.person("xuliang", org_id=3301, roles=("number_desk",), name="许亮")
    services.change_pool(pool_id=desk.pool_id, version=1, change=PoolChange(dry_below=25), by=DESK_CLERK, at=NOON)
    assert services.gauge_pools(by=TESTER, at=NOON) == []
    for _number in range(7):
        services.claim_number(pool_id=desk.pool_id, assigned_to=uuid7(), by=DESK_CLERK, at=NOON)
    assert services.gauge_pools(by=TESTER, at=NOON + DAY) == [desk.pool_id]
    assert services.gauge_pools(by=TESTER, at=NOON + 2 * DAY) == []
    gauge, = queries.pool_gauges(by=DESK_CLERK, at=NOON + DAY)
    assert (gauge.dry_since, gauge.taken_per_day, gauge.days_left) == (NOON + DAY, Decimal("0.50"), 46)
    with acting(TESTER):
        line, = Notification.objects.filter(staff_id=xuliang.id)
        assert line.text["values"]["free"] == 23
    services.change_pool(pool_id=desk.pool_id, version=2, change=PoolChange(dry_below=5), by=DESK_CLERK, at=NOON + 3 * DAY)
    assert services.gauge_pools(by=TESTER, at=NOON + 3 * DAY) == []
    assert (told("number_pool_ran_low"), told("number_pool_recovered")) == (1, 1)


def test_days_left_give_the_alarm_too() -> None:
    desk = planted.desk(40, graded=False)
    services.change_pool(pool_id=desk.pool_id, version=1, change=PoolChange(dry_days=20), by=DESK_CLERK, at=NOON)
    for _number in range(28):
        services.claim_number(pool_id=desk.pool_id, assigned_to=uuid7(), by=DESK_CLERK, at=NOON)
    assert services.gauge_pools(by=TESTER, at=NOON + DAY) == [desk.pool_id]  # 12 left, two a day


@pytest.mark.parametrize(("name", "value"), [("number_hold_minutes", 0), ("number_hold_minutes", "long"), ("nonsense", 1)])
def test_a_figure_out_of_form_is_refused(name: str, value: object) -> None:
    planted.desk(1)
    with pytest.raises(errors.FigureRefused):
        services.set_number_figure(name=name, value=value, reason="x", by=TESTER, at=NOON)


def test_figures_are_dated_and_the_nearest_level_holds() -> None:
    planted.desk(1)
    services.set_number_figure(name="number_cooling_days", value=120, org_id=33, valid_from=NOON + DAY, reason="new rule", by=PROVINCE_DESK, at=NOON)
    services.set_number_figure(name="number_cooling_days", value=100, org_id=3301, valid_from=NOON + 2 * DAY, reason="own", by=PROVINCE_DESK, at=NOON)
    assert [policy_at(NOON + n * DAY, 3301).number_cooling_days for n in range(3)] == [90, 120, 100]
    assert policy_at(NOON + 2 * DAY, 3302).number_cooling_days == 120
    assert policy_at(NOON + 2 * DAY).number_cooling_days == 90
    with pytest.raises(RulesBroken):
        services.set_number_figure(name="number_cooling_days", value=1, org_id=1, reason="x", by=PROVINCE_DESK, at=NOON)
    with pytest.raises(errors.FigureRefused):
        services.set_number_figure(name="number_cooling_days", value=1, org_id=33, valid_from=NOON - DAY, reason="x", by=PROVINCE_DESK, at=NOON)
