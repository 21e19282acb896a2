"""Made-up organisation and people for tests: the demo operator's tree, named people, and a client that is signed in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client

from tongke.areas.staff import queries, services
from tongke.areas.staff.models import Org, Post, Role, Staff
from tongke.areas.staff.services.roles import SEEDS
from tongke.areas.staff.services.sessions import open_session
from tongke.kernel import clock
from tongke.kernel.actor import Actor, acting, system_actor

TESTER = system_actor("test")
PASSWORD = "tongke-demo-2026"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_numbers = count(1)

# Number, kind, parent, Chinese and English name: the demo operator's tree.
TREE: tuple[tuple[int, str, int | None, str, str], ...] = (
    (1, "group", None, "通客电信", "Tongke Telecom"),
    (33, "province", 1, "浙江省公司", "Zhejiang"),
    (3301, "local_network", 33, "杭州", "Hangzhou"),
    (3302, "local_network", 33, "宁波", "Ningbo"),
    (3303, "local_network", 33, "温州", "Wenzhou"),
    (330101, "unit", 3301, "武林营业厅", "Wulin hall"),
    (330102, "unit", 3301, "10000号热线中心", "Hotline centre"),
    (330103, "unit", 3301, "大客户部", "Key accounts"),
    (330201, "unit", 3302, "天一营业厅", "Tianyi hall"),
    (32, "province", 1, "江苏省公司", "Jiangsu"),
    (3201, "local_network", 32, "南京", "Nanjing"),
)


def tree() -> None:
    """Plant the demo operator's organisations and seed roles, unless they stand."""
    with acting(TESTER):
        planted = set(Org.objects.values_list("id", flat=True))
        seeded = set(Role.objects.values_list("code", flat=True))
        if planted.issuperset(row[0] for row in TREE) and seeded.issuperset(seed[0] for seed in SEEDS):
            return
        for org_id, kind, parent_id, name_zh, name_en in TREE:
            if org_id not in planted:
                services.create_org(
                    org_id=org_id, kind=kind, parent_id=parent_id, name_zh=name_zh, name_en=name_en, by=TESTER, at=LONG_AGO,
                )
        services.seed_roles(by=TESTER, at=LONG_AGO)


def person(
    username: str = "", *, org_id: int = 330101, roles: tuple[str, ...] = ("clerk",), name: str = "李敏", own_rows_only: bool = False,
    title: str = "", **more: Any,
) -> Staff:
    """A staff account with one valid post; plants the tree first."""
    tree()
    with acting(TESTER):
        staff = services.create_staff(
            username=username or f"person{next(_numbers)}", name_zh=name, org_id=org_id, password=PASSWORD, password_kept=True, by=TESTER, at=LONG_AGO, **more,
        )
        post(staff, org_id=org_id, roles=roles, own_rows_only=own_rows_only, title=title)
    return staff


def post(staff: Staff, *, org_id: int, roles: tuple[str, ...], own_rows_only: bool = False, title: str = "") -> Post:
    """One more post of a person, valid since long ago."""
    with acting(TESTER):
        first = not Post.objects.filter(staff=staff).exists()
        return Post.objects.create(
            staff=staff, org_id=org_id, roles=list(roles), own_rows_only=own_rows_only, title=title, primary=first, valid_from=LONG_AGO,
        )


def role(code: str, *permissions: str) -> Role:
    """A role of exactly these permissions."""
    with acting(TESTER):
        found, _made = Role.objects.update_or_create(
            code=code, defaults={"name_zh": code, "name_en": code, "permissions": sorted(permissions)},
        )
        return found


def session_key(staff: Staff, *, at: datetime | None = None, second_factor: bool = True) -> str:
    """Open a session without the sign-in page and return its key."""
    with acting(TESTER):
        return open_session(
            staff=staff, second_factor=second_factor, source=services.Source(address="127.0.0.1"), at=at or clock.now(),
        )


def actor(staff: Staff, *, at: datetime | None = None) -> Actor:
    """The actor whom a session of this person gives, as the pages make it."""
    moment = at or clock.now()
    return queries.actor_of_session(session_key(staff, at=moment), at=moment + timedelta(seconds=1))


def actor_at(org_id: int, *roles: str, **more: Any) -> Actor:
    """A new person's actor at a post with these roles."""
    return actor(person(org_id=org_id, roles=roles or ("clerk",), **more))


def signed_in(staff: Staff, **options: Any) -> Client:
    """A test client whose browser holds a session of this person."""
    client = Client(**options)
    client.cookies[settings.STAFF_COOKIE] = session_key(staff)
    return client


def signed_in_at(org_id: int, *roles: str, **more: Any) -> Client:
    """A client of a new person at a post with these roles."""
    return signed_in(person(org_id=org_id, roles=roles or ("clerk",), **more))


def staff_id(username: str) -> UUID:
    """The id of a person by user name."""
    with acting(TESTER):
        return Staff.objects.get(username=username).id
