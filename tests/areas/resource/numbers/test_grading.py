"""Versions of the table of grades: dated, frozen once released; free numbers graded anew (T4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from tests.areas.resource.numbers import planted
from tests.areas.resource.numbers.planted import DESK_CLERK, NOON, PROVINCE_DESK, TESTER
from tongke.areas.resource import errors, queries, services
from tongke.areas.resource.models import Grade, GradeSchedule, Number, NumberCommitment
from tongke.kernel.actor import acting
from tongke.kernel.errors import NotFound, RulesBroken
from tongke.kernel.ids import uuid7

pytestmark = pytest.mark.django_db
DEARER = tuple(replace(g, prestore=g.prestore * 2) for g in planted.GRADES)


def grade(number: str) -> str:
    with acting(TESTER):
        return Number.objects.get(number=number).grade


def test_numbers_are_graded_as_they_come_into_a_pool() -> None:
    desk = planted.desk(1000)
    got = [grade(desk.number(n)) for n in (0, 1, 888, 234, 122, 212)]
    assert got == ["1", "0", "2", "0", "0", "0"]


def test_a_network_has_its_own_table_and_else_the_nearest_above() -> None:
    desk = planted.desk(10)
    with acting(TESTER):
        assert queries.schedule_at(NOON, 3301) == 1001
        own = services.draft_schedule(org_id=33, name="浙江", grades=DEARER, rules=planted.PATTERNS, by=PROVINCE_DESK, at=NOON)
        assert own == 33001
        services.release_schedule(schedule_id=own, valid_from=NOON + timedelta(days=1), by=PROVINCE_DESK, at=NOON)
        assert queries.schedule_at(NOON, 3301) == 1001
        assert queries.schedule_at(NOON + timedelta(days=1), 3301) == 33001
        assert queries.schedule_at(NOON + timedelta(days=1), 3201) == 1001
        assert queries.schedule_at(NOON + timedelta(days=1), 1) == 1001
    answer = queries.grade_of(desk.number(8), org_id=3301, by=DESK_CLERK, at=NOON)
    assert (answer.grade, answer.fitting) == ("0", ())
    answer = queries.grade_of("13857108888", org_id=3301, by=DESK_CLERK, at=NOON + timedelta(days=2))
    assert answer.grade == "1"
    assert answer.terms is not None
    assert answer.terms.prestore == Decimal(10000)
    assert [rule.about for rule in answer.fitting] == ["AAAA", "AAA"]


def test_a_new_version_touches_free_numbers_only() -> None:
    desk = planted.desk(1000)
    sold, held, free = desk.number(888), desk.number(777), desk.number(666)
    done = services.claim_number(number=sold, assigned_to=uuid7(), by=DESK_CLERK, at=NOON)
    services.hold_number(held, by=DESK_CLERK, at=NOON)
    with acting(TESTER):
        made = services.draft_schedule(org_id=3301, name="杭州", grades=DEARER, rules=planted.PATTERNS[:1], by=TESTER, at=NOON)
        services.release_schedule(schedule_id=made, by=TESTER, at=NOON)
    changed = services.regrade_pool(pool_id=desk.pool_id, by=DESK_CLERK, at=NOON)
    assert changed > 0
    assert [grade(n) for n in (sold, held, free)] == ["2", "2", "0"]
    with acting(TESTER):
        assert NumberCommitment.objects.get(id=done.commitment_id).prestore == 2000
        assert set(Number.objects.filter(pool_id=desk.pool_id, state="free").values_list("graded_by", flat=True)) == {made}
    assert services.regrade_pool(pool_id=desk.pool_id, by=DESK_CLERK, at=NOON) == 0


def test_a_released_version_stays_whoever_writes() -> None:
    planted.desk(1)
    with acting(TESTER):
        with pytest.raises(errors.ScheduleStays):
            services.redraft_schedule(schedule_id=1001, name="x", grades=DEARER, rules=(), by=TESTER, at=NOON)
        with pytest.raises(IntegrityError), transaction.atomic():
            Grade.objects.filter(schedule_id=1001, code="1").update(prestore=0)
        with pytest.raises(IntegrityError), transaction.atomic():
            Grade.objects.filter(schedule_id=1001, code="1").delete()


def test_a_draft_is_written_anew_tried_and_withdrawn() -> None:
    planted.desk(1)
    with acting(TESTER):
        made = services.draft_schedule(org_id=3301, name="x", grades=DEARER, rules=planted.PATTERNS, by=TESTER, at=NOON)
        services.redraft_schedule(schedule_id=made, name="y", grades=planted.GRADES[:1], rules=planted.PATTERNS[:1], by=TESTER, at=NOON)
        assert queries.grade_by("13857107777", schedule_id=made, by=TESTER).grade == "1"
        services.release_schedule(schedule_id=made, valid_from=NOON + timedelta(days=1), by=TESTER, at=NOON)
        services.withdraw_schedule(schedule_id=made, by=TESTER, at=NOON)
        assert queries.schedule_at(NOON + timedelta(days=2), 3301) == 1001
        with pytest.raises(errors.ScheduleStays):
            services.withdraw_schedule(schedule_id=1001, by=TESTER, at=NOON)


@pytest.mark.parametrize(("grades", "rules"), [
    ((planted.GRADES[0], planted.GRADES[0]), ()), ((replace(planted.GRADES[0], code="0"),), ()), ((replace(planted.GRADES[0], penalty_percent=Decimal(101)),), ()),
    ((planted.GRADES[0], replace(planted.GRADES[1], rank=1)), ()), (planted.GRADES, (services.RuleDraft(grade="9", kind="letters", parameters={"pattern": "AA"}),)),
    (planted.GRADES, (services.RuleDraft(grade="1", kind="letters", parameters={"pattern": "A1"}),)),
])
def test_a_table_that_cannot_be_meant_is_refused(grades: tuple[services.GradeDraft, ...], rules: tuple[services.RuleDraft, ...]) -> None:
    planted.desk(1)
    with pytest.raises(errors.ScheduleRefused):
        services.draft_schedule(org_id=3301, name="x", grades=grades, rules=rules, by=TESTER, at=NOON)
    with acting(TESTER):
        assert GradeSchedule.objects.filter(org_id=3301).count() == 0


def test_who_does_not_see_an_organisation_writes_no_table_for_it() -> None:
    planted.desk(1)
    with pytest.raises(RulesBroken):
        services.draft_schedule(org_id=33, name="x", grades=planted.GRADES, rules=(), by=DESK_CLERK, at=NOON)
    with pytest.raises(NotFound):
        services.regrade_pool(pool_id=uuid7(), by=DESK_CLERK, at=NOON)


def test_an_audited_change_of_many_rows_takes_no_square_of_their_number() -> None:
    """The audit's plan is made with the session's first change: of one row, here. A quadratic one would take a minute."""
    desk = planted.desk(3000, graded=False)
    for n in range(7):
        services.hold_number(desk.number(n), by=DESK_CLERK, at=NOON)
    with acting(TESTER), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '20s'")
        assert Number.objects.filter(pool_id=desk.pool_id).update(note="x") == 3000
