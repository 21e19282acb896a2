"""Trees are trees at every instant, also under concurrency, and count everybody once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import matching as parts
from tests.factories.accounts import NOON, TESTER, bare_customer
from tongke.areas.party.models import Customer, Party, PartyRelation
from tongke.areas.party.queries import trees as queries
from tongke.areas.party.services.trees import begin_membership, end_membership, move_member
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import Conflict, RulesBroken
from tongke.kernel.ids import uuid7
from tongke.kernel.models import OutboxEvent


def day(n: int) -> datetime:
    return datetime(2026, 3, n, tzinfo=UTC)


def company(name: str) -> Party:
    return parts.person(name, kind="organization")


def join(parent: Party, child: Party, *, tree: str = "legal", since: datetime = NOON, until: datetime | None = None, **more: Any) -> UUID:
    return begin_membership(
        tree=tree, parent_id=parent.id, child_id=child.id, valid_from=since, valid_until=until, by=TESTER, at=NOON, **more,
    )


def codes(refused: pytest.ExceptionInfo[RulesBroken]) -> list[str]:
    return [b.code for b in refused.value.broken]


@pytest.mark.django_db
def test_a_member_moves_in_the_middle_of_a_month_without_gap_or_overlap() -> None:
    group, north, south, member = company("集团"), company("北方"), company("南方"), company("成员")
    join(group, north, since=day(1))
    join(group, south, since=day(1))
    first = join(north, member, since=day(1))
    second = move_member(membership_id=first, parent_id=south.id, moves_at=day(15), by=TESTER, at=NOON)
    with acting(TESTER):
        before, after = queries.branch("legal", group.id, on=day(14)), queries.branch("legal", group.id, on=day(15))
        assert before is not None
        assert after is not None
        assert {n.name: [m.name for m in n.members] for n in before.members} == {"北方": ["成员"], "南方": []}
        assert {n.name: [m.name for m in n.members] for n in after.members} == {"北方": [], "南方": ["成员"]}
        assert (before.below, after.below) == (3, 3)
        assert queries.root_of("legal", member.id, on=day(20)) == group.id
        assert OutboxEvent.objects.filter(name="party.membership_ended.v1", subject_id=first).count() == 1
    end_membership(membership_id=second, ends_at=day(20), by=TESTER, at=NOON)
    with acting(TESTER):
        assert queries.members_at("legal", group.id, on=day(19)).count(member.id) == 1
        assert member.id not in queries.members_at("legal", group.id, on=day(20))
    with pytest.raises(RulesBroken) as refused:
        end_membership(membership_id=second, ends_at=day(25), by=TESTER, at=NOON)
    assert codes(refused) == ["PTY-77"]


@pytest.mark.django_db
def test_one_parent_at_a_time_in_each_tree() -> None:
    a, b, c = company("甲"), company("乙"), company("丙")
    join(a, c, since=day(1), until=day(10))
    join(b, c, since=day(10))
    join(b, c, tree="billing", since=day(1))
    with pytest.raises(RulesBroken) as refused:
        join(a, c, since=day(5), until=day(6))
    assert codes(refused) == ["PTY-72"]
    with acting(TESTER), pytest.raises(IntegrityError), transaction.atomic():
        parts.relation("legal", a.id, c.id, since=day(5), until=day(6))


@pytest.mark.django_db
def test_circles_are_seen_at_the_instants_at_which_they_would_close() -> None:
    a, b, c = company("甲"), company("乙"), company("丙")
    join(a, b, since=day(1), until=day(10))
    join(b, c, since=day(1))
    with pytest.raises(RulesBroken) as refused:
        join(c, a, since=day(9))
    assert codes(refused) == ["PTY-73"]
    with acting(TESTER), pytest.raises(IntegrityError), transaction.atomic():
        parts.relation("legal", c.id, a.id, since=day(9))
    join(c, a, since=day(10))
    with pytest.raises(RulesBroken) as refused:
        join(a, a)
    assert "PTY-70" in codes(refused)


@pytest.mark.django_db
def test_kinds_shares_and_merged_records() -> None:
    firm, man = company("公司"), bare_customer()
    person = parts.person("王芳")
    join(firm, person, tree="key_person", role="总经理")
    join(company("另一公司"), person, tree="key_person", role="董事")
    with pytest.raises(RulesBroken) as refused:
        begin_membership(tree="key_person", parent_id=person.id, child_id=firm.id, valid_from=NOON, valid_until=day(1), share_percent=Decimal(101),
                         by=TESTER, at=NOON)
    assert codes(refused) == ["PTY-71", "PTY-74", "PTY-76"]
    with pytest.raises(RulesBroken) as refused:
        begin_membership(tree="legal", parent_id=firm.id, child_id=man.party_id, valid_from=NOON, by=TESTER, at=NOON)
    assert codes(refused) == ["PTY-75"]


@pytest.mark.django_db(transaction=True)
def test_two_who_attach_each_other_at_once_close_no_circle() -> None:
    tops = [company("甲"), company("乙")]
    subs = [company("甲下"), company("乙下")]
    for top, sub in zip(tops, subs, strict=True):
        join(top, sub)
    gate = threading.Barrier(2)
    answers: list[str] = []

    def attach(top: Party, under: Party) -> None:
        try:
            with acting(TESTER), transaction.atomic():
                gate.wait(120)
                parts.relation("legal", under.id, top.id)
            answers.append("in")
        except IntegrityError:
            answers.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attach, args=pair) for pair in ((tops[0], subs[1]), (tops[1], subs[0]))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240)
    assert sorted(answers) == ["in", "refused"]


@pytest.mark.django_db(transaction=True)
def test_of_two_parents_at_once_one_gets_the_member() -> None:
    one, other, member = company("甲"), company("乙"), company("丙")
    gate = threading.Barrier(2)
    answers: list[str] = []

    def claim(parent: Party) -> None:
        gate.wait(120)
        try:
            join(parent, member)
            answers.append("in")
        except (Conflict, RulesBroken):
            answers.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=claim, args=(p,)) for p in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240)
    assert sorted(answers) == ["in", "refused"]


edges = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 20), st.integers(1, 9)), max_size=12)


def holds(kept: list[tuple[int, int, int, int]], new: tuple[int, int, int, int]) -> bool:
    """The plain definition: at every day each party has at most one parent and nobody stands above themselves."""
    for today in range(1, 31):
        parents: dict[int, int] = {}
        for parent, child, since, days in [*kept, new]:
            if since <= today < since + days:
                if child in parents:
                    return False
                parents[child] = parent
        for start in parents:
            at, steps = start, 0
            while at in parents and steps < 10:
                at, steps = parents[at], steps + 1
            if steps == 10:
                return False
    return True


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=edges)
def test_rules_and_database_accept_exactly_the_forests(wanted: list[tuple[int, int, int, int]]) -> None:
    with transaction.atomic():
        firms = [company(f"公司{n}") for n in range(6)]
        kept: list[tuple[int, int, int, int]] = []
        for new in wanted:
            parent, child, since, days = new
            period = {"since": day(since), "until": day(since) + timedelta(days=days)}
            right = parent != child and holds(kept, new)
            if right:
                join(firms[parent], firms[child], **period)  # type: ignore[arg-type]
                kept.append(new)
                continue
            with pytest.raises(RulesBroken):
                join(firms[parent], firms[child], **period)  # type: ignore[arg-type]
            with acting(TESTER), pytest.raises(IntegrityError), transaction.atomic():
                parts.relation("legal", firms[parent].id, firms[child].id, **period)
        with acting(TESTER):
            assert PartyRelation.objects.filter(child_id__in=[f.id for f in firms]).count() == len(kept)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_an_account_manager_sees_the_key_persons_of_kept_customers_and_that_somebody_else_is_below() -> None:
    kept, other, far = bare_customer(name="蓝海"), bare_customer(name="别家"), bare_customer(name="宁波公司", org_id=3302)
    manager = uuid7()
    boss, stranger = parts.person("陈总"), parts.person("李总")
    with acting(TESTER):
        Customer.objects.filter(id=kept.id).update(manager_id=manager)
    parts.relation("key_person", kept.party_id, boss.id)
    parts.relation("key_person", other.party_id, stranger.id)
    parts.relation("billing", kept.party_id, far.party_id)
    chen = Actor(name="chenqiang", scope=(3301,), own_rows_of=manager, permissions=frozenset({"party.view", "party.see_name"}))
    with acting(chen):
        assert {p.id for p in Party.objects.all()} == {kept.party_id, boss.id}
        people, billing = queries.branch("key_person", kept.party_id, on=NOON), queries.branch("billing", kept.party_id, on=NOON)
        assert people is not None
        assert billing is not None
        assert [n.name for n in people.members] == ["陈总"]
        assert [(n.name, n.customer_id) for n in billing.members] == [("", None)]
        assert queries.branch("key_person", other.party_id, on=NOON) is None
        with pytest.raises(ProgrammingError), transaction.atomic():
            Party.objects.filter(id=boss.id).update(name="x")
