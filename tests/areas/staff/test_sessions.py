"""Both limits of a session, its owner's power over it, and the change of post."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import staff as make
from tongke.areas.staff import queries, services
from tongke.areas.staff.models import Post, SignInAttempt, StaffSession
from tongke.areas.staff.sessions import session_hash
from tongke.kernel import clock
from tongke.kernel.actor import NOBODY, acting
from tongke.kernel.errors import NotFound

pytestmark = pytest.mark.django_db


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def test_idle_and_absolute_limits() -> None:
    person, at = make.person(), clock.now()
    key = make.session_key(person, at=at)
    assert queries.actor_of_session(key, at=at + minutes(29)) is not NOBODY
    assert queries.actor_of_session(key, at=at + minutes(58)) is not NOBODY  # each use moves the idle limit
    assert queries.actor_of_session(key, at=at + minutes(58 + 31)) is NOBODY
    key = make.session_key(person, at=at)
    moment = at
    while moment < at + minutes(12 * 60):
        assert queries.actor_of_session(key, at=moment) is not NOBODY, moment
        moment += minutes(20)
    assert queries.actor_of_session(key, at=moment) is NOBODY  # however busy, twelve hours are the end


def test_limits_are_figures_of_policy() -> None:
    person, at = make.person(), clock.now()
    services.set_policy_figure(code="session_idle_minutes", value=5, by=make.TESTER, at=at - minutes(1))
    services.set_policy_figure(code="session_hours_max", value=1, by=make.TESTER, at=at - minutes(1))
    key = make.session_key(person, at=at)
    assert queries.actor_of_session(key, at=at + minutes(4)) is not NOBODY
    assert queries.actor_of_session(key, at=at + minutes(8)) is not NOBODY
    assert queries.actor_of_session(key, at=at + minutes(14)) is NOBODY


def test_use_is_written_once_a_minute() -> None:
    person, at = make.person(), clock.now()
    key = make.session_key(person, at=at)
    seen = []
    for seconds in (10, 30, 61, 70, 100, 122):
        queries.actor_of_session(key, at=at + timedelta(seconds=seconds))
        with acting(make.TESTER):
            seen.append((StaffSession.objects.get().last_seen_at - at).total_seconds())
    assert seen == [0, 0, 61, 61, 61, 122]


def test_the_table_holds_no_key() -> None:
    key = make.session_key(make.person())
    with acting(make.TESTER):
        row = StaffSession.objects.values().get()
    assert row["session_key"] == session_hash(key)
    assert key not in repr(row)
    assert queries.actor_of_session(row["session_key"], at=clock.now()) is NOBODY


@pytest.mark.parametrize("end", ["account", "post"])
def test_a_session_ends_with_account_or_post(end: str) -> None:
    person, at = make.person(), clock.now()
    key = make.session_key(person, at=at)
    if end == "account":
        services.deactivate_staff(staff_id=person.id, by=make.TESTER, at=at)
    else:
        with acting(make.TESTER):
            services.end_post(post_id=Post.objects.get(staff=person).id, by=make.TESTER, at=at)
    assert queries.actor_of_session(key, at=at + minutes(1)) is NOBODY


def test_a_sign_in_gives_a_new_key_and_ends_the_old_one() -> None:
    make.person("limin")
    client = Client()
    form = {"username": "limin", "password": make.PASSWORD}
    client.post("/sign-in", form)
    first = client.cookies[settings.STAFF_COOKIE].value
    client.post("/sign-in", form)
    second = client.cookies[settings.STAFF_COOKIE].value
    assert first != second
    assert queries.actor_of_session(first, at=clock.now()) is NOBODY
    client.post("/sign-out")
    assert queries.actor_of_session(second, at=clock.now()) is NOBODY


def test_own_sessions_are_seen_and_ended_others_are_not() -> None:
    mine, other = make.person("limin"), make.person("zhoujie")
    by = make.actor(mine)
    make.session_key(mine)
    make.session_key(other)
    with acting(by):
        found = queries.own_sessions(by=by, at=clock.now())
        assert StaffSession.objects.count() == 2  # row-level security: the other person's session is not there
    assert sorted(s["current"] for s in found) == [False, True]
    with acting(make.TESTER):
        foreign = StaffSession.objects.get(staff=other).id
    with pytest.raises(NotFound):
        services.end_session(session_id=foreign, by=by, at=clock.now())
    assert services.end_other_sessions(by=by, at=clock.now()) == 1
    with acting(by):
        assert [s["current"] for s in queries.own_sessions(by=by, at=clock.now())] == [True]


def test_one_works_at_one_post_at_a_time() -> None:
    person = make.person("limin", org_id=330101)
    second = make.post(person, org_id=3302, roles=("supervisor",))
    stranger = make.person("zhaolei", org_id=3303)
    key = make.session_key(person)
    by = queries.actor_of_session(key, at=clock.now())
    assert [p["current"] for p in queries.own_posts(by=by, at=clock.now())] == [True, False]
    services.switch_post(post_id=second.id, by=by, at=clock.now())
    now = queries.actor_of_session(key, at=clock.now())
    assert now.scope == (3302,)
    assert now.may("staff.approve")
    with acting(make.TESTER):
        foreign = Post.objects.get(staff=stranger).id
    with pytest.raises(NotFound):
        services.switch_post(post_id=foreign, by=now, at=clock.now())


def test_what_has_ended_is_forgotten() -> None:
    person, at = make.person(), clock.now()
    old, living = make.session_key(person, at=at - minutes(60)), make.session_key(person, at=at)
    with acting(make.TESTER):
        for days in (91, 1):
            SignInAttempt.objects.create(username_index="x", source="y", succeeded=False, at=at - timedelta(days=days))
    assert services.forget_sign_ins(by=make.TESTER, at=at) == 2
    with acting(make.TESTER):
        assert [s.session_key for s in StaffSession.objects.all()] == [session_hash(living)]
        assert SignInAttempt.objects.count() == 1
        with pytest.raises(Exception, match="permission denied"):
            SignInAttempt.objects.all().delete()
    assert old != living
