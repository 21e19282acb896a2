"""Holding, extending, letting go and confirming numbers (T1, T2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.areas.resource.numbers import planted
from tests.areas.resource.numbers.planted import NOON, TESTER
from tongke.areas.resource import errors, events, queries, services
from tongke.areas.resource.models import Number, NumberCommitment, NumberHold, NumberMove
from tongke.areas.resource.queries import NumberWish
from tongke.kernel.actor import NotPermitted, acting
from tongke.kernel.errors import Invalid, NotFound
from tongke.kernel.idempotency import KeyReused
from tongke.kernel.ids import uuid7
from tongke.kernel.models import AuditRow, OutboxEvent

pytestmark = pytest.mark.django_db
LIMIN = planted.actor()


@pytest.fixture
def desk() -> planted.Desk:
    return planted.desk()


def state(number: str) -> str:
    with acting(TESTER):
        return Number.objects.get(number=number).state


def test_a_number_is_held_for_an_order_with_history_event_and_audit(desk: planted.Desk) -> None:
    hold = services.hold_number(desk.number(5), order_ref="O-1", person_key="330106199001010011", by=LIMIN, at=NOON)
    assert hold.number == desk.number(5)
    assert hold.expires_at == NOON + timedelta(minutes=30)
    with acting(TESTER):
        row = Number.objects.get(number=hold.number)
        assert (row.state, row.hold_id, row.held_until, row.order_ref, row.since) == ("held", hold.token, hold.expires_at, "O-1", NOON)
        kept = NumberHold.objects.get(id=hold.token)
        assert (kept.clerk, kept.order_ref, kept.state) == ("limin", "O-1", "open")
        assert "330106" not in kept.person_key
        move = NumberMove.objects.get(number_id=row.id, verb="hold")
        assert (move.from_state, move.to_state, move.actor, move.hold_id) == ("free", "held", "limin", hold.token)
        event = OutboxEvent.objects.get(name="resource.number_held.v1")
        assert (event.subject_id, event.org_id, event.payload["hold_id"]) == (row.id, 3301, str(hold.token))
        audit = AuditRow.objects.filter(table_name="resource_number", row_id=str(row.id), op="U").get()
        assert (audit.actor, audit.before["state"], audit.after["state"]) == ("limin", "free", "held")


def test_events_written_by_the_database_are_what_the_declared_ones_are(desk: planted.Desk) -> None:
    hold = services.hold_number(desk.number(888), by=LIMIN, at=NOON)
    services.confirm_hold(token=hold.token, assigned_to=uuid7(), by=LIMIN, at=NOON)
    other = services.hold_number(desk.number(1), by=LIMIN, at=NOON)
    services.sweep_numbers(by=TESTER, at=NOON + timedelta(hours=1))
    with acting(TESTER):
        told = {e.name: e.payload for e in OutboxEvent.objects.filter(name__startswith="resource.number_")}
    for kind in (events.NumberHeld, events.NumberAssigned, events.NumberHoldEnded):
        assert set(told[kind.wire]) == set(kind.model_fields)
        kind.model_validate(told[kind.wire])
    assert told[events.NumberHoldEnded.wire]["hold_id"] == str(other.token)


def test_what_is_held_is_not_to_be_had_by_others(desk: planted.Desk) -> None:
    services.hold_number(desk.number(5), by=LIMIN, at=NOON)
    with pytest.raises(errors.NumberNotFree) as refused:
        services.hold_number(desk.number(5), by=planted.actor("zhoujie"), at=NOON)
    assert desk.number(5) in refused.value.message


def test_any_of_a_pool_never_gives_a_fine_number(desk: planted.Desk) -> None:
    held = [services.hold_number(pool_id=desk.pool_id, by=planted.actor(f"c{n}"), at=NOON) for n in range(60)]
    assert {h.grade for h in held} == {"0"}
    assert len({h.number for h in held}) == 60


def test_one_of_a_grade_can_be_asked_for(desk: planted.Desk) -> None:
    hold = services.hold_number(pool_id=desk.pool_id, grade="2", by=LIMIN, at=NOON)
    assert hold.grade == "2"


def test_a_wish_is_held_and_who_comes_second_gets_another(desk: planted.Desk) -> None:
    held = [services.hold_number(wish=NumberWish(tail="77"), by=planted.actor(f"c{n}"), at=NOON).number for n in range(10)]
    assert len(set(held)) == 10
    assert all(number.endswith("77") for number in held)
    with pytest.raises(errors.NoNumberLeft):
        services.hold_number(wish=NumberWish(tail="77"), by=LIMIN, at=NOON)


@pytest.mark.parametrize("what", ["nonsense", "12"])
def test_no_number_is_refused(what: str) -> None:
    planted.desk(10)
    with pytest.raises(Invalid):
        services.hold_number(what, by=LIMIN, at=NOON)


def test_unknown_numbers_and_those_out_of_sight_look_the_same(desk: planted.Desk) -> None:
    zhaolei = planted.actor("zhaolei", org_id=3302)
    for number in (desk.number(5), "+8613999999999"):
        with pytest.raises(NotFound):
            services.hold_number(number, by=zhaolei, at=NOON)
    with pytest.raises(NotFound):
        services.hold_number(pool_id=desk.pool_id, by=zhaolei, at=NOON)
    assert state(desk.number(5)) == "free"


def test_a_pool_sells_through_its_channels_only() -> None:
    desk = planted.desk(10, channels=("hall", "web"))
    services.hold_number(desk.number(1), channel="web", by=LIMIN, at=NOON)
    for ask in ({"number": desk.number(2)}, {"pool_id": desk.pool_id}):
        with pytest.raises(errors.WrongChannel):
            services.hold_number(**ask, channel="sms", by=LIMIN, at=NOON)
    with pytest.raises(errors.NoNumberLeft):
        services.hold_number(wish=NumberWish(tail="2"), channel="sms", by=LIMIN, at=NOON)


def test_a_closed_pool_sells_nothing(desk: planted.Desk) -> None:
    services.close_pool(pool_id=desk.pool_id, by=planted.DESK_CLERK, at=NOON)
    with pytest.raises(errors.PoolClosed):
        services.hold_number(desk.number(2), by=LIMIN, at=NOON + timedelta(seconds=1))


def test_a_clerks_and_a_persons_quota_are_dated_figures(desk: planted.Desk) -> None:
    for name, value in (("number_holds_per_clerk_max", 3), ("number_holds_per_person_max", 2)):
        services.set_number_figure(name=name, value=value, org_id=3301, reason="hoarding", by=TESTER, at=NOON)
    later = NOON + timedelta(minutes=1)
    first = services.hold_number(desk.number(1), person_key="X", by=LIMIN, at=later)
    services.hold_number(desk.number(2), person_key="x ", by=LIMIN, at=later)
    with pytest.raises(errors.PersonQuotaReached):
        services.hold_number(desk.number(3), person_key="X", by=planted.actor("zhoujie"), at=later)
    services.hold_number(desk.number(3), by=LIMIN, at=later)
    with pytest.raises(errors.ClerkQuotaReached):
        services.hold_number(desk.number(4), by=LIMIN, at=later)
    services.release_hold(token=first.token, by=LIMIN, at=later)
    services.hold_number(desk.number(4), by=LIMIN, at=later)
    # An expired hold counts no more, swept or not.
    services.hold_number(desk.number(5), by=LIMIN, at=later + timedelta(minutes=31))


def test_a_machine_that_sells_for_many_has_the_quota_of_its_customers_only(desk: planted.Desk) -> None:
    shop = planted.actor("client:web-shop")
    held = [services.hold_number(pool_id=desk.pool_id, person_key=f"P{n}", idempotency_key=f"k{n}", by=shop, at=NOON) for n in range(25)]
    assert len({h.token for h in held}) == 25
    assert services.hold_number(pool_id=desk.pool_id, person_key="P3", idempotency_key="k3", by=shop, at=NOON).token == held[3].token
    for _number in range(4):
        services.hold_number(pool_id=desk.pool_id, person_key="P1", by=shop, at=NOON)
    with pytest.raises(errors.PersonQuotaReached):
        services.hold_number(pool_id=desk.pool_id, person_key="P1", by=shop, at=NOON)


def test_the_same_key_gives_the_same_hold(desk: planted.Desk) -> None:
    once = services.hold_number(pool_id=desk.pool_id, order_ref="O", idempotency_key="k", by=LIMIN, at=NOON)
    again = services.hold_number(pool_id=desk.pool_id, order_ref="O", idempotency_key="k", by=LIMIN, at=NOON)
    assert (again.token, again.number, again.repeated) == (once.token, once.number, True)
    with pytest.raises(KeyReused):
        services.hold_number(pool_id=desk.pool_id, order_ref="P", idempotency_key="k", by=LIMIN, at=NOON)
    other = services.hold_number(pool_id=desk.pool_id, order_ref="O", idempotency_key="k", by=planted.actor("zhoujie"), at=NOON)
    assert other.token != once.token


def test_a_hold_is_extended_so_often_and_no_more(desk: planted.Desk) -> None:
    hold = services.hold_number(desk.number(1), order_ref="O", by=LIMIN, at=NOON)
    for minutes in (20, 40):
        until = services.extend_hold(token=hold.token, by=LIMIN, at=NOON + timedelta(minutes=minutes))
        assert until == NOON + timedelta(minutes=minutes + 30)
    with pytest.raises(errors.ExtensionsUsedUp):
        services.extend_hold(token=hold.token, by=LIMIN, at=NOON + timedelta(minutes=50))
    with pytest.raises(errors.HoldOfOtherOrder):
        services.extend_hold(token=hold.token, order_ref="P", by=LIMIN, at=NOON)


def test_an_expired_hold_is_not_extended(desk: planted.Desk) -> None:
    hold = services.hold_number(desk.number(1), by=LIMIN, at=NOON)
    with pytest.raises(errors.HoldExpired):
        services.extend_hold(token=hold.token, by=LIMIN, at=hold.expires_at)


def test_an_expired_number_is_to_be_had_before_the_sweeper_came(desk: planted.Desk) -> None:
    first = services.hold_number(desk.number(1), order_ref="A", by=LIMIN, at=NOON)
    second = services.hold_number(desk.number(1), order_ref="B", by=planted.actor("zhoujie"), at=first.expires_at)
    with acting(TESTER):
        assert NumberHold.objects.get(id=first.token).state == "expired"
        moves = list(NumberMove.objects.filter(number_id=first.number_id).order_by("at", "id").values_list("verb", flat=True))
        assert moves == ["enter", "hold", "let_go", "hold"]
    with pytest.raises(errors.HoldTaken) as refused:
        services.confirm_hold(token=first.token, assigned_to=uuid7(), by=LIMIN, at=first.expires_at)
    assert desk.number(1) in refused.value.message
    services.confirm_hold(token=second.token, assigned_to=uuid7(), by=LIMIN, at=first.expires_at)


@pytest.mark.parametrize("swept", [False, True])
def test_a_late_confirmation_holds_anew_where_nobody_came(desk: planted.Desk, *, swept: bool) -> None:
    hold = services.hold_number(desk.number(1), by=LIMIN, at=NOON)
    late = hold.expires_at + timedelta(minutes=5)
    if swept:
        assert services.sweep_numbers(by=TESTER, at=late).holds == 1
        assert state(hold.number) == "free"
    line = uuid7()
    done = services.confirm_hold(token=hold.token, assigned_to=line, by=LIMIN, at=late)
    assert done.late
    assert state(hold.number) == "assigned"
    again = services.confirm_hold(token=hold.token, assigned_to=line, by=LIMIN, at=late)
    assert again.repeated
    with pytest.raises(errors.HoldEnded):
        services.confirm_hold(token=hold.token, assigned_to=uuid7(), by=LIMIN, at=late)


def test_a_token_belongs_to_its_order(desk: planted.Desk) -> None:
    hold = services.hold_number(desk.number(1), order_ref="O", by=LIMIN, at=NOON)
    with pytest.raises(errors.HoldOfOtherOrder):
        services.confirm_hold(token=hold.token, assigned_to=uuid7(), order_ref="P", by=LIMIN, at=NOON)
    with pytest.raises(NotFound):
        services.confirm_hold(token=uuid7(), assigned_to=uuid7(), by=LIMIN, at=NOON)


def test_a_colleagues_hold_is_left_alone_except_for_its_order_and_by_the_desk(desk: planted.Desk) -> None:
    """Only who holds a number, himself or through his assistant, who works on its order, or who runs the numbers keeps it longer or lets it go."""
    colleague = planted.actor("zhoujie")
    hold = services.hold_number(desk.number(1), order_ref="O", by=LIMIN, at=NOON)
    for verb in (services.extend_hold, services.release_hold):
        with pytest.raises(errors.HoldOfColleague) as refused:
            verb(token=hold.token, by=colleague, at=NOON)
        assert refused.value.status == 403
    nameless = services.hold_number(desk.number(2), by=LIMIN, at=NOON)
    with pytest.raises(errors.HoldOfColleague):
        services.release_hold(token=nameless.token, order_ref="O", by=colleague, at=NOON)
    assert state(hold.number) == state(nameless.number) == "held"
    for by, order in ((planted.actor("limin via assistant"), ""), (colleague, "O")):
        assert services.extend_hold(token=hold.token, order_ref=order, by=by, at=NOON + timedelta(minutes=1))
    assert services.release_hold(token=hold.token, order_ref="O", by=colleague, at=NOON)
    assert services.release_hold(token=nameless.token, by=planted.DESK_CLERK, at=NOON)
    assert state(hold.number) == state(nameless.number) == "free"


def test_what_was_let_go_is_free_at_once_and_its_token_dead(desk: planted.Desk) -> None:
    hold = services.hold_number(desk.number(1), by=LIMIN, at=NOON)
    assert services.release_hold(token=hold.token, reason="changed mind", by=LIMIN, at=NOON)
    assert not services.release_hold(token=hold.token, by=LIMIN, at=NOON)
    assert state(hold.number) == "free"
    with pytest.raises(errors.HoldEnded):
        services.confirm_hold(token=hold.token, assigned_to=uuid7(), by=LIMIN, at=NOON)


def test_the_grade_is_frozen_at_sale(desk: planted.Desk) -> None:
    line = uuid7()
    hold = services.hold_number(desk.number(888), by=LIMIN, at=NOON)
    done = services.confirm_hold(token=hold.token, assigned_to=line, by=LIMIN, at=NOON)
    with acting(TESTER):
        kept = NumberCommitment.objects.get(id=done.commitment_id)
        assert (kept.grade, kept.prestore, kept.monthly_floor, kept.term_months) == ("2", 2000, 188, 24)
        assert (f"{kept.starts_on}", f"{kept.ends_on}", kept.assigned_to) == ("2026-12-01", "2028-12-01", line)
    plain = services.claim_number(assigned_to=uuid7(), pool_id=desk.pool_id, by=LIMIN, at=NOON)
    assert plain.commitment_id is None


def test_late_after_a_new_price_is_asked_anew(desk: planted.Desk) -> None:
    hold = services.hold_number(desk.number(888), by=LIMIN, at=NOON)
    late = hold.expires_at + timedelta(minutes=1)
    services.sweep_numbers(by=TESTER, at=late)
    dearer = services.draft_schedule(org_id=3301, name="新", grades=planted.GRADES, rules=planted.PATTERNS[:1], by=TESTER, at=late)
    services.release_schedule(schedule_id=dearer, by=TESTER, at=late)
    services.regrade_pool(pool_id=desk.pool_id, by=planted.DESK_CLERK, at=late)
    with pytest.raises(errors.NumberRegraded):
        services.confirm_hold(token=hold.token, assigned_to=uuid7(), by=LIMIN, at=late)


def test_rights_are_asked_first(desk: planted.Desk) -> None:
    nobody = planted.actor("nobody", rights=frozenset({"resource.view_numbers"}))
    for call in (lambda: services.hold_number(desk.number(1), by=nobody, at=NOON),
                 lambda: services.confirm_hold(token=uuid7(), assigned_to=uuid7(), by=nobody, at=NOON),
                 lambda: services.record_block(code="X", kind="mobile", first=8613900000000, last=8613900000001, org_id=33, by=nobody, at=NOON)):
        with pytest.raises(NotPermitted):
            call()
    with pytest.raises(NotPermitted):
        queries.find_numbers(NumberWish(tail="1"), by=planted.actor(rights=frozenset()), at=NOON)
