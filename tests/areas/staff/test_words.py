"""Requests, the trail and refusals speak of people, roles and records, not of keys, columns and codes."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from tests.factories import party
from tests.factories import staff as make
from tongke.areas.party import services as parties
from tongke.areas.staff import queries, services
from tongke.areas.staff.models import Post
from tongke.kernel import clock
from tongke.kernel.actor import NotPermitted, acting
from tongke.web.staff import nouns
from tongke.web.staff.requests import Teller, tray_lines

pytestmark = pytest.mark.django_db
LANGUAGES = ("zh-hans", "en")
KEYS = re.compile(r"staff_id|post_id|own_rows_only|valid_until|credit_class|customer_id|staff\.open_post|bulk_export|party\.credit_override")


def reader(locale: str, role: str = "supervisor", org_id: int = 3301) -> Client:
    """Somebody who decides, reading this language."""
    return make.signed_in_at(org_id, role, name="孙丽", name_en="Sun Li", locale=locale)


def text(answer: Any) -> str:
    """What a page says, without its markup."""
    assert answer.status_code == 200, answer.status_code
    main = answer.content.decode().partition('<main class="tk-main"')[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


@pytest.mark.parametrize(("locale", "words"), [("zh-hans", ("李敏", "武林营业厅", "主管", "授予岗位")), ("en", ("Li Min", "Wulin hall", "Supervisor"))])
def test_a_post_that_is_asked_for(locale: str, words: tuple[str, ...]) -> None:
    person = make.person("limin", name="李敏", name_en="Li Min")
    asked = services.open_post(
        staff_id=person.id, org_id=330101, roles=["supervisor"], reason="x", by=make.actor_at(1, "administrator", name="何伟", name_en="He Wei"), at=clock.now())
    client = reader(locale, "administrator", 1)
    for path in (f"/approvals/{asked.approval_id}", "/approvals"):
        said = text(client.get(path))
        for word in words[:3]:
            assert word in said, (path, word)
        assert ("何伟" if locale == "zh-hans" else "He Wei") in said
        assert not KEYS.search(said), KEYS.search(said)


@pytest.mark.parametrize(("locale", "words"), [("zh-hans", "李敏 (limin)，武林营业厅：主管"), ("en", "Li Min (limin) at Wulin hall: Supervisor")])
def test_the_bell_tells_a_request_in_words(locale: str, words: str) -> None:
    """To who may decide and, once it is decided, to who asked: under the bell, on the page of all notifications and at home."""
    person = make.person("limin", name="李敏", name_en="Li Min")
    asker, decider = (make.person(org_id=1, roles=("administrator",), locale=locale, name=name, name_en=name_en)
                      for name, name_en in (("何伟", "He Wei"), ("马骁", "Ma Xiao")))
    asked = services.open_post(staff_id=person.id, org_id=330101, roles=["supervisor"], reason="x", by=make.actor(asker), at=clock.now())
    assert asked.approval_id is not None
    for reader_of in (decider, asker):
        client = make.signed_in(reader_of)
        for path in ("/notifications/tray", "/notifications", "/"):
            page = html.unescape(client.get(path).content.decode())
            assert words in page, path
            assert "limin @" not in page
        if reader_of is decider:
            services.approve(approval_id=asked.approval_id, by=make.actor(decider), at=clock.now())


def test_a_request_that_is_out_of_sight_keeps_its_subject() -> None:
    """Whoever stands at another post by now reads what was written down."""
    boss = make.person(org_id=1, roles=("administrator",))
    asked = services.request_approval(kind="bulk_export", subject="customers #abc", org_id=3301, reason="x", by=make.actor_at(3301, "account_manager"), at=clock.now())
    post = make.post(boss, org_id=3201, roles=("clerk",))
    by = replace(make.actor(boss), post_id=post.id, scope=frozenset({3201}), permissions=frozenset({"staff.own"}))
    with acting(by), translation.override("en"):
        assert [line.text for line in tray_lines(by=by, limit=5) if line.request_id == asked.id] == ["李敏 asks for your approval: customers #abc"]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_roles_before_and_after(locale: str) -> None:
    person = make.person("limin", name="李敏", name_en="Li Min")
    with acting(make.TESTER):
        post = Post.objects.get(staff=person)
    boss = make.actor_at(1, "administrator")
    asked = services.change_post_roles(post_id=post.id, roles=["supervisor"], reason="x", by=boss, at=clock.now())
    ended = services.request_approval(kind="staff.end_post", subject="x", org_id=3301, reason="x", payload={"post_id": str(post.id)}, by=boss, at=clock.now())
    client = reader(locale, "administrator", 1)
    before, after, name = ("营业员", "主管", "李敏") if locale == "zh-hans" else ("Clerk", "Supervisor", "Li Min")
    page = client.get(f"/approvals/{asked.approval_id}").content.decode()
    assert f"<del>{before}</del>" in page
    assert f"<ins>{after}</ins>" in page
    assert f"<del>{before}</del>" in client.get(f"/approvals/{ended.id}").content.decode()
    assert name in text(client.get(f"/approvals/{ended.id}"))
    assert not KEYS.search(text(client.get("/approvals")))


@pytest.mark.parametrize(("locale", "label"), [("zh-hans", "变更登录策略参数"), ("en", "Change the figures of sign-in policy")])
def test_a_role_names_the_permissions_that_change(locale: str, label: str) -> None:
    boss = make.actor_at(1, "administrator")
    held = list(queries.role_by_code("clerk").permissions)
    asked = services.change_role(code="clerk", permissions=[*held, "staff.policy"], name_zh="营业员", name_en="Clerk", reason="x", by=boss, at=clock.now())
    page = reader(locale, "administrator", 1).get(f"/approvals/{asked.approval_id}").content.decode()
    assert f"{label} (staff.policy)" in page
    assert page.count("<ins>") == 1


@pytest.mark.parametrize(("locale", "title", "level"), [("zh-hans", "客户", "金"), ("en", "Customers", "Gold")])
def test_an_export_names_its_list_and_filters(locale: str, title: str, level: str) -> None:
    by = make.actor_at(3301, "account_manager")
    asked = services.request_approval(
        kind="bulk_export", subject="customers #abc", org_id=3301, reason="月报", payload={"address": "/customers?level=gold"}, by=by, at=clock.now())
    said = text(reader(locale).get(f"/approvals/{asked.id}"))
    assert title in said
    assert level in said
    assert "level=gold" not in said


def test_a_request_of_another_form_names_its_subject() -> None:
    by = make.actor_at(3301, "account_manager")
    for kind in ("bulk_export", "staff.open_post", "no.such"):
        services.request_approval(kind=kind, subject=f"about {kind}", org_id=3301, reason="x", payload={}, by=by, at=clock.now())
    said = text(reader("en").get("/approvals"))
    for kind in ("bulk_export", "staff.open_post", "no.such"):
        assert f"about {kind}" in said


@pytest.mark.parametrize(("locale", "label"), [("zh-hans", "A 优秀"), ("en", "A excellent")])
def test_a_rating_by_hand_shows_both_ratings(locale: str, label: str) -> None:
    make.tree()
    made = party.customer("王芳")
    parties.rate_customer(made.customer_id, parties.CreditFacts(tenure_months=12), by=make.TESTER, at=clock.now())
    asked = parties.ask_override(
        made.customer_id, credit_class="A", credit_limit=Decimal(5000), expires_at=clock.now() + timedelta(days=20), reason="老客户",
        by=make.actor_at(3301, "account_manager"), at=clock.now())
    page = reader(locale).get(f"/approvals/{asked}").content.decode()
    assert label in page
    assert "¥5,000.00" in page
    assert page.count("<del>") == 2
    assert f'href="/customers/{made.customer_id}"' in page


def test_every_audited_record_and_field_has_words() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ANY (%s)",
                       [list(queries.audited_tables())])
        found = cursor.fetchall()
    assert {table for table, _column in found} <= set(nouns.NOUNS)
    assert {column for _table, column in found} - set(nouns.FIELDS) == set()


@pytest.mark.parametrize(("locale", "noun", "field"), [("zh-hans", "员工账号", "电话"), ("en", "Staff account", "Phone")])
def test_the_trail_speaks_of_records_and_fields(locale: str, noun: str, field: str) -> None:
    person = make.person("limin")
    client = reader(locale, "auditor", 1)
    boss = make.actor_at(1, "administrator", name="何伟", name_en="He Wei")
    services.change_staff(staff_id=person.id, phone="13857100001", by=boss, at=clock.now())
    who = "何伟" if locale == "zh-hans" else "He Wei"
    listed = client.get("/audit").content.decode()
    assert who in listed
    link = re.search(rf'<a [^>]*href="(/audit/[^"]+)"[^>]*>{noun}</a>', listed)
    assert link is not None
    entry = text(client.get(link[1].replace("&amp;", "&")))
    assert noun in entry
    assert field in entry
    assert f"{who} ({boss.name})" in entry
    home = text(client.get("/"))
    assert who in home
    assert f"{noun} ·" in home
    assert "staff_staff" not in home


@pytest.mark.parametrize(("locale", "label"), [("zh-hans", "查看审计记录"), ("en", "See the audit trail")])
def test_a_refused_right_is_named(locale: str, label: str) -> None:
    client = reader(locale, "clerk")
    answer = client.get("/audit")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert label in page
    assert '<span class="tk-code">staff.view_audit</span>' in page
    assert f"({'staff.view_audit'})" not in page
    told = client.get("/audit", headers={"Accept": "application/json"}).json()
    assert told["broken"][0]["permission"] == "staff.view_audit"
    assert label in told["says"]


def test_one_of_several_rights_would_do() -> None:
    refused = NotPermitted(permission=("staff.view_audit", "party.view", "no.such"))
    assert refused.codes == ("staff.view_audit", "party.view", "no.such")
    assert refused.message.endswith("/ no.such")


@pytest.mark.parametrize(("locale", "said"), [("zh-hans", "M99（monthly）优惠 15 %"), ("en", "15 % off M99 (monthly)")])
def test_a_discount_that_is_asked_for(locale: str, said: str) -> None:
    make.person("limin", name="李敏", name_en="Li Min")
    customer = party.customer("王芳")
    asked = services.request_approval(
        kind="catalogue_discount", subject="M99 monthly −15 %", org_id=3301, reason="老客户", permission="catalogue.approve",
        payload={"customer_id": str(customer.customer_id), "offering": "M99", "price": "monthly", "months": 6, "percent": "15", "amount": None},
        by=make.actor_at(3301, "clerk"), at=clock.now())
    page = reader(locale).get(f"/approvals/{asked.id}")
    assert said in text(page)
    assert f'href="/customers/{customer.customer_id}"' in page.content.decode()


def test_a_migration_and_a_file_are_told_by_what_they_change() -> None:
    """What tells one request from another by a checksum is no headline."""
    by = make.actor_at(3301, "steward")
    asked = [
        services.request_approval(kind="inventory.migration", subject="M58 → M59 v1 (1200, 9213a2449f1a)", org_id=3301, reason="x", payload={"job_id": "1", "sha256": "9213"}, by=by, at=clock.now()),
        services.request_approval(kind="catalogue_file", subject="catalogue file 9213a2449f1a", org_id=3301, reason="x", payload={"sha256": "9213", "codes": ["offerings M59"]}, by=by, at=clock.now()),
    ]
    for language, words in (("en", ["M58 → M59 v1: 1,200 products", "Catalogue file that changes 1 entry"]), ("zh-hans", ["M58 → M59 v1：1,200 个产品", "目录文件，改动 1 项"])):
        with translation.override(language):
            assert [Teller(asked, by=by).headline(one) for one in asked] == words
