"""Colleagues, their posts and the tree: one sees one's own branch and the way up to the root; names reach further."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from tests.factories import staff as make
from tongke.areas.staff import queries, services
from tongke.areas.staff.models import Org, Post, PostRight, Staff
from tongke.kernel import clock
from tongke.kernel.actor import NOBODY, Actor, acting
from tongke.kernel.errors import Conflict

pytestmark = pytest.mark.django_db
HOMES = {"huang": 1, "zhao": 33, "han": 3301, "nie": 330201, "wen": 330101, "nan": 3201}


@pytest.fixture
def people() -> dict[str, Staff]:
    """One colleague on each level, in three networks."""
    return {name: make.person(name, org_id=org_id, roles=("administrator",), name=f"{name}某") for name, org_id in HOMES.items()}


def seen(by: Actor) -> tuple[set[str], set[int], set[int], int]:
    """Who, which places of posts and which organisations an actor's connection finds, without any filter; and rights."""
    with acting(by):
        names = set(Staff.objects.values_list("username", flat=True)) & set(HOMES)
        return names, set(Post.objects.values_list("org_id", flat=True)), set(Org.objects.values_list("id", flat=True)), PostRight.objects.count()


@pytest.mark.parametrize(("who", "names", "orgs"), [
    ("huang", set(HOMES), {1, 33, 32, 3301, 3302, 3303, 3201, 330101, 330102, 330103, 330201}),
    ("zhao", {"huang", "zhao", "han", "nie", "wen"}, {1, 33, 3301, 3302, 3303, 330101, 330102, 330103, 330201}),
    ("han", {"huang", "zhao", "han", "wen"}, {1, 33, 3301, 330101, 330102, 330103}),
    ("nie", {"huang", "zhao", "nie"}, {1, 33, 3302, 330201}),
    ("nan", {"huang", "nan"}, {1, 32, 3201}),
])
def test_one_sees_the_own_branch_and_the_way_up(people: dict[str, Staff], who: str, names: set[str], orgs: set[int]) -> None:
    found = seen(make.actor(people[who]))
    assert found[0] == names
    assert found[1] == {HOMES[name] for name in names}
    assert found[2] == orgs
    assert found[3] == len(names)


def test_nobody_and_a_restricted_session_see_no_colleague(people: dict[str, Staff]) -> None:
    assert seen(NOBODY) == (set(), set(), set(), 0)
    assert people["nie"].username == "nie"
    with acting(make.TESTER):
        Staff.objects.filter(username="nie").update(password_given=True)
        person = Staff.objects.get(username="nie")
    owing = make.actor(person)
    assert owing.scope == ()
    assert seen(owing)[0] == {"nie"}


@pytest.mark.parametrize(("victim", "changed"), [("nie", 1), ("han", 0), ("zhao", 0), ("huang", 0), ("nan", 0)])
def test_only_the_own_branch_can_be_written_to(people: dict[str, Staff], victim: str, changed: int) -> None:
    boss = make.actor_at(3302, "administrator")
    with acting(boss):
        assert Staff.objects.filter(username=victim).update(phone="1") == changed
        assert Post.objects.filter(staff_id=people[victim].id).update(title="x") == changed
        assert Org.objects.filter(id=HOMES[victim]).update(name_en="x") == changed


def test_nothing_is_put_where_one_may_not_write(people: dict[str, Staff]) -> None:
    boss = make.actor_at(3302, "administrator")
    values: dict[str, Any] = {"username": "intruder", "name_zh": "外人", "org_id": 3301, "created_at": make.LONG_AGO}
    for org_id in (3301, 33):
        with pytest.raises(DatabaseError), transaction.atomic(), acting(boss):
            Staff.objects.create(**{**values, "org_id": org_id})
        with pytest.raises(DatabaseError), transaction.atomic(), acting(boss):
            Post.objects.create(staff=people["nie"], org_id=org_id, roles=["clerk"], valid_from=make.LONG_AGO)
    with pytest.raises(DatabaseError), transaction.atomic(), acting(boss):
        Org.objects.create(id=330199, kind="unit", parent_id=3301, path="/1/33/3301/330199/", name_zh="x", name_en="x")
    made = services.create_org(org_id=330299, kind="unit", parent_id=3302, name_zh="新厅", name_en="New hall", by=boss, at=clock.now())
    assert services.create_staff(username="local", name_zh="本地", org_id=made.id, password=make.PASSWORD, by=boss, at=clock.now()).id


def test_names_that_are_taken_elsewhere_are_taken(people: dict[str, Staff]) -> None:
    boss = make.actor_at(3302, "administrator")
    with pytest.raises(Conflict):
        services.create_staff(username="nan", name_zh="另一个", org_id=3302, password=make.PASSWORD, by=boss, at=clock.now())
    with pytest.raises(Conflict):
        services.create_org(org_id=3201, kind="unit", parent_id=3302, name_zh="x", name_en="x", by=boss, at=clock.now())
    assert people["nan"].username == "nan"


def test_the_tree_of_names_is_whole_whoever_asks_first(people: dict[str, Staff]) -> None:
    with acting(make.TESTER):
        services.rename_org(org_id=3201, name_zh="南京新", name_en="Nanjing New", by=make.TESTER, at=clock.now())
    with acting(make.actor(people["nie"])):
        assert queries.org_name(3201) in {"南京新", "Nanjing New"}
        assert len(queries.org_labels()) == len(make.TREE)


def test_a_change_of_the_tree_that_was_taken_back_is_forgotten(people: dict[str, Staff]) -> None:
    before = {org.id: org.name_zh for org in queries.org_labels().values()}
    with transaction.atomic():
        services.rename_org(org_id=HOMES["han"], name_zh="临时", name_en="For now", by=make.TESTER, at=clock.now())
        assert queries.org_labels()[HOMES["han"]].name_zh == "临时"
        transaction.set_rollback(True)
    assert {org.id: org.name_zh for org in queries.org_labels().values()} == before


def test_names_of_colleagues_reach_further_than_their_records(people: dict[str, Staff]) -> None:
    by = make.actor(people["nie"])
    with acting(by):
        found = queries.staff_names([people["han"].id, people["nan"].id])
    assert {c.username: c.name_zh for c in found.values()} == {"han": "han某", "nan": "nan某"}


def test_a_guest_keeps_the_own_account_and_posts(people: dict[str, Staff]) -> None:
    """At home in Nanjing, at work in Ningbo: the other post, the own record and the sign-ins stay in sight."""
    guest = people["nan"]
    here = make.post(guest, org_id=330201, roles=("clerk",))
    at = clock.now()
    first = make.actor(guest)
    services.switch_post(post_id=here.id, by=first, at=at)
    client = make.signed_in(guest)
    client.cookies["tongke_session"] = make.session_key(guest)
    by = queries.actor_of_session(client.cookies["tongke_session"].value, at=at)
    services.switch_post(post_id=here.id, by=by, at=at)
    account = client.get("/account")
    assert account.status_code == 200
    assert "南京" in account.content.decode()
    assert "天一营业厅" in account.content.decode()
    services.set_preferences(theme="dark", by=by, at=at)
    with acting(make.TESTER):
        assert Staff.objects.get(id=guest.id).theme == "dark"


def test_a_guests_request_shows_who_asked(people: dict[str, Staff]) -> None:
    guest = people["nan"]
    here = make.post(guest, org_id=330201, roles=("account_manager",))
    at = clock.now()
    key = make.session_key(guest)
    services.switch_post(post_id=here.id, by=queries.actor_of_session(key, at=at), at=at)
    by = queries.actor_of_session(key, at=at)
    asked = services.request_approval(kind="bulk_export", subject="customers", org_id=3302, reason="月报", payload={"address": "/customers"}, by=by, at=at)
    boss = make.person("supervisor1", org_id=3302, roles=("supervisor",))
    client: Client = make.signed_in(boss)
    for path in ("/approvals", f"/approvals/{asked.id}", "/"):
        assert "nan某" in client.get(path).content.decode(), path
    assert client.post(f"/approvals/{asked.id}", {"decision": "approve"}).status_code == 302
    with acting(make.actor(boss)):
        assert not Staff.objects.filter(username="nan").exists()
