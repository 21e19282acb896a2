"""Two persons means two persons, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from tests.factories import staff as make
from tongke.areas.staff import queries, services
from tongke.areas.staff.errors import ApprovalNeeded
from tongke.areas.staff.models import Approval, Notification, Post, PostRight, Role
from tongke.kernel import clock
from tongke.kernel.actor import Actor, NotPermitted, acting
from tongke.kernel.errors import Conflict, NotFound, Refused, RulesBroken
from tongke.kernel.machine import IllegalMove


def ask(by: Actor, **more: object) -> Approval:
    given = {"kind": "bulk_export", "subject": "customers?level=gold", "org_id": 3301, "reason": "季度回访", **more}
    return services.request_approval(**given, by=by, at=clock.now())  # type: ignore[arg-type]


@pytest.mark.django_db
def test_what_was_approved_is_used_once_by_whoever_asked() -> None:
    clerk, boss = make.actor_at(330101), make.actor_at(3301, "supervisor")
    asked = ask(clerk, payload={"rows": 4000})
    fit = {"kind": "bulk_export", "subject": "customers?level=gold"}
    with pytest.raises(ApprovalNeeded):
        services.use_approval(**fit, by=clerk, at=clock.now())
    services.approve(approval_id=asked.id, note="可以", by=boss, at=clock.now())
    for wrong in ({**fit, "subject": "customers"}, {**fit, "kind": "credit_override"}, {**fit, "payload": {"rows": 5000}}):
        with pytest.raises(ApprovalNeeded):
            services.use_approval(**wrong, by=clerk, at=clock.now())
    with pytest.raises(ApprovalNeeded):
        services.use_approval(**fit, by=boss, at=clock.now())
    assert services.use_approval(**fit, payload={"rows": 4000}, by=clerk, at=clock.now()).id == asked.id
    with pytest.raises(ApprovalNeeded):
        services.use_approval(**fit, by=clerk, at=clock.now())


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "error"), [
    ("self", RulesBroken), ("no_right", NotPermitted), ("other_network", NotFound), ("expired", RulesBroken), ("decided", IllegalMove),
])
def test_who_cannot_approve(who: str, error: type[Refused]) -> None:
    boss = make.actor_at(3301, "supervisor")
    asked = ask(boss)
    by, at = make.actor_at(3301, "supervisor"), clock.now()
    if who == "self":
        by = boss
    elif who == "no_right":
        by = make.actor_at(3301, "clerk")
    elif who == "other_network":
        by = make.actor_at(3302, "supervisor")
    elif who == "expired":
        at += timedelta(hours=73)
    else:
        services.refuse(approval_id=asked.id, by=by, at=at)
    with pytest.raises(error):
        services.approve(approval_id=asked.id, by=by, at=at)
    with acting(make.TESTER):
        assert Approval.objects.get().state == ("refused" if who == "decided" else "requested")


@pytest.mark.django_db
def test_the_database_itself_knows_that_it_takes_two() -> None:
    boss = make.actor_at(3301, "supervisor")
    asked = ask(boss)
    with acting(make.TESTER), pytest.raises(Exception, match="approval_takes_two"):
        Approval.objects.filter(id=asked.id).update(decided_by_id=boss.staff_id)


@pytest.mark.django_db
def test_deciders_are_told_and_the_answer_comes_back() -> None:
    clerk, boss, far = make.actor_at(330101), make.actor_at(3301, "supervisor"), make.actor_at(3302, "supervisor")
    asked = ask(clerk)
    with acting(boss):
        assert [n.link for n in queries.notifications(by=boss)] == [f"/approvals/{asked.id}"]
    with acting(far):
        assert queries.notifications_unread(by=far) == 0
    services.approve(approval_id=asked.id, by=boss, at=clock.now())
    with acting(clerk):
        assert queries.notifications_unread(by=clerk) == 1
    assert services.mark_notifications_read(by=clerk, at=clock.now()) == 1
    with acting(clerk):
        assert Notification.objects.count() == 1  # only one's own line is there


@pytest.mark.django_db(transaction=True)
def test_of_two_approvers_at_once_one_decides() -> None:
    boss, rivals = make.actor_at(3301, "supervisor"), [make.actor_at(3301, "supervisor") for _n in range(4)]
    asked = ask(boss)
    begun = Barrier(len(rivals))

    def decide(by: Actor) -> str:
        try:
            begun.wait()
            services.approve(approval_id=asked.id, by=by, at=clock.now())
        except IllegalMove:
            return "late"
        else:
            return "decided"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(rivals)) as pool:
        outcomes = list(pool.map(decide, rivals))
    assert sorted(outcomes) == ["decided", "late", "late", "late"]


@pytest.mark.django_db(transaction=True)
def test_an_approval_is_used_once_even_by_many_at_once() -> None:
    clerk, boss = make.actor_at(330101), make.actor_at(3301, "supervisor")
    services.approve(approval_id=ask(clerk).id, by=boss, at=clock.now())
    begun = Barrier(4)

    def use(_n: int) -> bool:
        try:
            begun.wait()
            services.use_approval(kind="bulk_export", subject="customers?level=gold", by=clerk, at=clock.now())
        except (ApprovalNeeded, IllegalMove):
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, range(4))) == [False, False, False, True]


def post_of(staff_id: UUID | None) -> Post:
    with acting(make.TESTER):
        return Post.objects.get(staff_id=staff_id)


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "waits"), [("clerk", False), ("agent", False), ("administrator", True), ("supervisor", True)])
def test_only_sensitive_roles_wait(role: str, waits: bool) -> None:  # noqa: FBT001
    admin, person = make.actor_at(1, "administrator"), make.person("limin", roles=())
    outcome = services.change_post_roles(post_id=post_of(person.id).id, roles=[role], reason="x", by=admin, at=clock.now())
    assert outcome.done is not waits
    assert post_of(person.id).roles == ([] if waits else [role])


@pytest.mark.django_db
def test_nobody_changes_his_own_rights_not_even_as_the_second_person() -> None:
    one, two = make.actor_at(1, "administrator"), make.actor_at(1, "administrator")
    with pytest.raises(RulesBroken, match="SEC-23"):
        services.change_post_roles(post_id=post_of(one.staff_id).id, roles=["administrator", "auditor"], by=one, at=clock.now())
    outcome = services.change_post_roles(
        post_id=post_of(two.staff_id).id, roles=["administrator", "auditor"], reason="x", by=one, at=clock.now(),
    )
    with pytest.raises(RulesBroken, match="SEC-23"):
        services.approve(approval_id=outcome.approval_id, by=two, at=clock.now())  # type: ignore[arg-type]
    assert post_of(two.staff_id).roles == ["administrator"]


@pytest.mark.django_db
def test_what_changed_meanwhile_is_not_overwritten() -> None:
    one, two, person = make.actor_at(1, "administrator"), make.actor_at(1, "administrator"), make.person("limin")
    post = post_of(person.id)
    outcome = services.change_post_roles(post_id=post.id, roles=["supervisor"], reason="x", by=one, at=clock.now())
    services.change_post_roles(post_id=post.id, roles=["clerk", "agent"], reason="x", by=make.TESTER, at=clock.now())
    with pytest.raises(Conflict):
        services.approve(approval_id=outcome.approval_id, by=two, at=clock.now())  # type: ignore[arg-type]
    assert post_of(person.id).roles == ["agent", "clerk"]


@pytest.mark.django_db
def test_rights_are_given_within_ones_own_branch() -> None:
    make.role("local_admin", "staff.grant_roles", "staff.manage_staff")
    by, person = make.actor_at(33, "local_admin"), make.person("limin", org_id=3302)
    at = clock.now()
    assert services.open_post(staff_id=person.id, org_id=330201, roles=["clerk"], by=by, at=at).done
    for org_id in (1, 3201):
        with pytest.raises(RulesBroken, match="SEC-31"):
            services.open_post(staff_id=person.id, org_id=org_id, roles=["clerk"], by=by, at=at)
    with pytest.raises(RulesBroken, match="SEC-31"):
        services.create_staff(username="x-y", name_zh="x", org_id=3201, password=make.PASSWORD, by=by, at=at)


@pytest.mark.django_db
def test_the_last_keeper_of_roles_stays() -> None:
    one, two = make.actor_at(1, "administrator"), make.actor_at(1, "administrator")
    outcome = services.change_role(code="administrator", permissions=["staff.view"], name_zh="x", name_en="x", reason="x", by=one, at=clock.now())
    with pytest.raises(RulesBroken, match="SEC-33"):
        services.approve(approval_id=outcome.approval_id, by=two, at=clock.now())  # type: ignore[arg-type]


@pytest.mark.django_db
def test_rights_cannot_be_written_by_hand() -> None:
    make.person("limin")
    with acting(make.TESTER), pytest.raises(Exception, match="permission denied") as caught:
        PostRight.objects.update(scope="*")
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


@pytest.mark.django_db
def test_seeding_again_keeps_what_an_administrator_changed() -> None:
    make.tree()
    with acting(make.TESTER):
        role = Role.objects.get(code="clerk")
        taken, given = role.permissions[0], "staff.view_looks"
        role.permissions = [*role.permissions[1:], given]
        role.name_zh = "前台"
        role.save()
        # A permission of a later version: the product did not know it when it last seeded.
        new = role.permissions[0]
        role.seeded = [p for p in role.seeded if p != new]
        role.permissions = [p for p in role.permissions if p != new]
        role.save()
    assert services.seed_roles(by=make.TESTER, at=clock.now()) == ["clerk"]
    assert services.seed_roles(by=make.TESTER, at=clock.now()) == []
    with acting(make.TESTER):
        role.refresh_from_db()
    assert role.name_zh == "前台"
    assert taken not in role.permissions
    assert {given, new} <= set(role.permissions)
