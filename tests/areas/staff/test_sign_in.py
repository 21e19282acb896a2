"""Signing in through the real page, and who acts afterwards."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from tests.factories import staff as make
from tongke.areas.staff import queries
from tongke.kernel import clock
from tongke.kernel.actor import NOBODY, acting

pytestmark = pytest.mark.django_db


def test_password_opens_a_session_with_the_posts_scope() -> None:
    make.person("limin", org_id=330101, name="李敏")
    client = Client()
    answer = client.post("/sign-in", {"username": "LiMin ", "password": make.PASSWORD, "next": "/"})
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == "/"
    cookie = answer.cookies[settings.STAFF_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    actor = queries.actor_of_session(cookie.value, at=clock.now())
    assert (actor.name, actor.display, actor.scope) == ("limin", "李敏", (3301,))
    assert actor.may("party.view")
    assert not actor.may("staff.manage_roles")
    # The database holds the very settings that Python would put there.
    with acting(actor), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('tongke.actor'), current_setting('tongke.scope'), current_setting('tongke.own'), current_setting('tongke.clear')")
        assert cursor.fetchone() == actor.database_settings


@pytest.mark.parametrize(("org_id", "scope"), [
    (1, None), (33, (33, 3301, 3302, 3303)), (3302, (3302,)), (330101, (3301,)), (3201, (3201,)),
])
def test_scope_follows_the_post(org_id: int, scope: tuple[int, ...] | None) -> None:
    actor = make.actor_at(org_id)
    assert actor.scope == scope
    assert queries.scope_of(org_id) == scope


def test_an_unknown_key_is_nobody() -> None:
    make.tree()
    assert queries.actor_of_session("no-such-key", at=clock.now()) is NOBODY
