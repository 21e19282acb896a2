"""The staff pages open for whom they are meant, in both languages, and do what their buttons say."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.factories import staff as make
from tongke.areas.staff import queries, services
from tongke.areas.staff.models import Approval, Post, Role, Staff
from tongke.kernel import clock
from tongke.kernel.actor import acting
from tongke.kernel.permissions import all_permissions

pytestmark = pytest.mark.django_db

PAGES = [
    "/account", "/account/password", "/account/second-factor", "/approvals", "/audit", "/looks", "/admin/orgs", "/admin/orgs/new",
    "/admin/orgs/3301", "/admin/staff", "/admin/staff/new", "/admin/roles", "/admin/roles/clerk", "/admin/roles/clerk/edit",
    "/admin/roles/new", "/admin/policy",
]


def everything() -> Client:
    """A client of somebody who holds every permission of the staff room, at the group."""
    make.tree()
    make.role("keeper", *(p for p in _staff_permissions()))
    return make.signed_in_at(1, "keeper", username="hewei", name="何伟", name_en="He Wei")


def _staff_permissions() -> list[str]:
    return [code for code in all_permissions() if code.startswith("staff.")]


@pytest.mark.parametrize("path", PAGES)
def test_pages_open(path: str) -> None:
    answer = everything().get(path)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    body = answer.content.decode()
    assert "何伟" in body
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [p for p in PAGES if not p.startswith(("/account", "/approvals"))])
def test_pages_stay_closed_without_the_permission(path: str) -> None:
    make.tree()
    make.role("bare")
    client = make.signed_in_at(330101, "bare")
    answer = client.get(path)
    assert answer.status_code == 403, path
    assert "SEC-01" in answer.content.decode()


def test_a_stranger_is_sent_to_sign_in() -> None:
    answer = Client().get("/audit?table=staff_staff")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in?next=%2Faudit%3Ftable%3Dstaff_staff"
    answer = Client().get("/audit", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (401, "SEC-06")


def test_person_pages() -> None:
    client = everything()
    person = make.person("limin", name="李敏")
    for path in ("", "/edit", "/posts/new", f"/posts/{_post(person)}"):
        answer = client.get(f"/admin/staff/{person.id}{path}")
        assert answer.status_code == 200, (path, answer.content.decode()[:1500])
    shown = client.post(f"/admin/staff/{person.id}", {"step": "password"}).content.decode()
    password = re.search(r"shown only now: (\S+)<|仅此时显示[^<]*?(\S+)</p>", shown)
    assert password, shown[:3000]


def _post(person: Staff) -> Any:
    with acting(make.TESTER):
        return Post.objects.get(staff=person).id


def test_a_grant_of_sensitive_rights_waits_for_the_second_person() -> None:
    client = everything()
    second = make.signed_in_at(1, "keeper", username="maxiao", name="马骁")
    person = make.person("limin")
    form = {"org_id": "1", "title": "", "roles": ["administrator"], "reason": "替班", "form_token": "a"}
    answer = client.post(f"/admin/staff/{person.id}/posts/new", form)
    assert answer.status_code == 302, answer.content.decode()
    address = answer["Location"]
    assert address.startswith("/approvals/")
    # Whoever asked sees no button and cannot decide by hand either.
    assert 'value="approve"' not in client.get(address).content.decode()
    refused = client.post(address, {"decision": "approve"})
    assert refused.status_code == 422
    assert "SEC-24" in refused.content.decode()
    with acting(make.TESTER):
        assert Post.objects.filter(staff=person).count() == 1
    assert 'value="approve"' in second.get(address).content.decode()
    assert second.post(address, {"decision": "approve"}).status_code == 302
    with acting(make.TESTER):
        assert Post.objects.filter(staff=person, roles=["administrator"]).count() == 1
        assert Approval.objects.get().state == "used"


def test_the_roles_editor_keeps_sensitive_changes_waiting() -> None:
    client = everything()
    with acting(make.TESTER):
        clerk = Role.objects.get(code="clerk")
    form = {"name_zh": "营业员", "name_en": "Clerk", "home": "clerk", "reason": "x", "permissions": [*clerk.permissions, "staff.policy"]}
    assert client.post("/admin/roles/clerk/edit", form)["Location"].startswith("/approvals/")
    harmless = {**form, "permissions": [p for p in clerk.permissions if p != "party.consent"]}
    assert client.post("/admin/roles/clerk/edit", harmless)["Location"] == "/admin/roles"
    with acting(make.TESTER):
        clerk.refresh_from_db()
    assert "party.consent" not in clerk.permissions
    assert "staff.policy" not in clerk.permissions


def test_the_trail_shows_before_and_after_and_restores() -> None:
    client = everything()
    person = make.person("limin", name="李敏")
    services.change_staff(staff_id=person.id, name_zh="李明", by=make.TESTER, at=clock.now())
    body = client.get(f"/audit?table=staff_staff&row_id={person.id}").content.decode()
    link = re.search(r'href="(/audit/[^"]+)"', body)
    assert link
    shown = client.get(link[1].replace("&amp;", "&")).content.decode()
    assert "李敏" in shown
    assert "李明" in shown
    assert client.post(link[1]).status_code == 302
    by = make.actor_at(1, "keeper")
    assert queries.staff_by_id(staff_id=person.id, by=by).name_zh == "李敏"


def test_personal_data_in_the_trail_is_masked_without_the_right() -> None:
    make.tree()
    make.role("reader", "staff.view_audit")
    person = make.person("limin", name="李敏", phone="13857199999", email="limin@example.test")
    services.change_staff(staff_id=person.id, phone="13857188888", by=make.TESTER, at=clock.now())
    client = make.signed_in_at(1, "reader", name="林珊")
    body = client.get(f"/audit?row_id={person.id}").content.decode()
    for link in re.findall(r'href="(/audit/[^"]+)"', body):
        body += client.get(link).content.decode()
    assert "limin" in body
    for hidden in ("13857199999", "13857188888", "limin@example.test", "李敏"):
        assert hidden not in body


def test_my_account_shows_and_ends_sessions() -> None:
    person = make.person("limin")
    client, other = make.signed_in(person), make.signed_in(person)
    assert other.get("/account").status_code == 200
    assert client.post("/account/sessions").status_code == 302
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302


def test_changing_the_password() -> None:
    person = make.person("limin")
    client = make.signed_in(person)
    weak = {"old": make.PASSWORD, "new": "password123", "again": "password123"}
    assert "SEC-07" in client.post("/account/password", weak).content.decode()
    wrong = {"old": "not it", "new": "correct horse battery", "again": "correct horse battery"}
    assert "SEC-02" in client.post("/account/password", wrong).content.decode()
    answer = client.post("/account/password", {**wrong, "old": make.PASSWORD})
    assert answer["Location"] == "/sign-in"
    assert client.get("/account").status_code == 302  # every session has ended
    assert Client().post("/sign-in", {"username": "limin", "password": "correct horse battery"}).status_code == 302
