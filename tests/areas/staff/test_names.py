"""People, posts and the house itself are written in the reader's language, never by what they sign in with."""

from __future__ import annotations

import pytest
from django.utils import translation

from tests.factories import staff as make
from tongke.areas.staff import queries, services
from tongke.kernel import clock
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("locale", "title", "label"), [
    ("zh-hans", "营业员", "武林营业厅 · 营业员"), ("en", "营业员", "Wulin hall · Clerk"), ("en", "Shift lead", "Wulin hall · Shift lead"), ("en", "", "Wulin hall"),
])
def test_a_post_is_named_in_the_readers_language(locale: str, title: str, label: str) -> None:
    services.seed_roles(by=make.TESTER, at=clock.now())
    person = make.person(locale=locale, title=title)
    actor = queries.actor_of_session(make.session_key(person, at=clock.now()), at=clock.now())
    assert actor.extra["post"] == label
    with translation.override(locale):
        assert [post["label"] for post in queries.own_posts(by=actor, at=clock.now())] == [label]


def test_a_role_that_is_renamed_renames_the_post_at_once() -> None:
    services.seed_roles(by=make.TESTER, at=clock.now())
    person, at = make.person(locale="en", title="营业员"), clock.now()
    key = make.session_key(person, at=at)
    role = queries.role_by_code("clerk")
    role.name_en = "Counter clerk"
    with acting(make.TESTER):
        role.save(update_fields=["name_en"])
    assert queries.actor_of_session(key, at=at).extra["post"] == "Wulin hall · Counter clerk"


@pytest.mark.parametrize(("language", "said"), [
    ("zh-hans", {"limin": "李敏", "limin via assistant": "李敏（通过助手）", "file:limin": "李敏（文件导入）", "system:simulator": "系统", "nobody": "nobody"}),
    ("en", {"limin": "Li Min", "limin via assistant": "Li Min, through an assistant", "file:limin": "Li Min, by file", "system:simulator": "the system", "nobody": "nobody"}),
])
def test_who_signed_something(language: str, said: dict[str, str]) -> None:
    make.person("limin", name="李敏", name_en="Li Min")
    with translation.override(language), acting(make.actor_at(3201, "clerk")):  # names reach further than records
        assert queries.names_signed(said) == said


def test_the_bell_names_people_in_the_readers_language() -> None:
    reader = make.person("reader", roles=("supervisor",), org_id=3301)
    by = make.actor(reader)
    services.notify(staff_ids=[reader.id], says="{who} asks for your approval: {subject}", values={"who": "何伟", "who_en": "He Wei", "subject": "X"},
                    link="/approvals", by=make.TESTER, at=clock.now())
    for language, name in (("zh-hans", "何伟"), ("en", "He Wei")):
        with translation.override(language), acting(by):
            assert name in queries.notifications(by=by)[0].text
