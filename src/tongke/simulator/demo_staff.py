"""The demo operator's named people: who they are, where they work, what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from uuid import UUID

from django.apps import apps
from django.utils.translation import gettext_noop

from tongke.areas.staff import queries as staff_queries
from tongke.areas.staff import services as staff
from tongke.kernel.actor import Actor

PASSWORD = "tongke-demo-2026"  # noqa: S105 - printed by `tongke up`; the demo operator holds nobody's data


@dataclass(frozen=True, slots=True)
class Person:
    """A named member of staff."""

    username: str
    name_zh: str
    name_en: str
    org_id: int
    role: str
    title: str
    duty: str
    own_rows_only: bool = False


PEOPLE = (
    Person("limin", "李敏", "Li Min", 330101, "clerk", "营业员", gettext_noop("Clerk, Wulin Business Hall, Hangzhou")),
    Person("zhoujie", "周洁", "Zhou Jie", 330102, "agent", "话务员", gettext_noop("Agent, 10000 Hotline, Hangzhou")),
    Person("chenqiang", "陈强", "Chen Qiang", 330103, "account_manager", "客户经理",
           gettext_noop("Account manager, sees only the customers he keeps"), own_rows_only=True),
    Person("wujing", "吴静", "Wu Jing", 3301, "steward", "数据管理员", gettext_noop("Data steward, Hangzhou")),
    Person("sunli", "孙丽", "Sun Li", 3301, "supervisor", "业务主管", gettext_noop("Supervisor of Hangzhou: approvals")),
    Person("zhengnan", "郑楠", "Zheng Nan", 33, "analyst", "经营分析员", gettext_noop("Analyst, Zhejiang")),
    Person("hewei", "何伟", "He Wei", 1, "administrator", "系统管理员", gettext_noop("Administrator")),
    Person("maxiao", "马骁", "Ma Xiao", 1, "administrator", "系统管理员", gettext_noop("Second administrator: approves grants")),
    Person("linshan", "林珊", "Lin Shan", 1, "auditor", "审计员", gettext_noop("Auditor")),
    Person("shenyue", "沈悦", "Shen Yue", 33, "product_manager", "产品经理", gettext_noop("Product manager, Zhejiang")),
    Person("gaofeng", "高峰", "Gao Feng", 33, "product_manager", "产品主管", gettext_noop("Product head, Zhejiang: approves new offers")),
    Person("xuliang", "许亮", "Xu Liang", 3301, "number_desk", "号线员", gettext_noop("Number desk, Hangzhou")),
    Person("tanglei", "唐蕾", "Tang Lei", 3301, "stock_keeper", "库管员", gettext_noop("Stock keeper, Hangzhou")),
    Person("zhaolei", "赵磊", "Zhao Lei", 330201, "clerk", "营业员", gettext_noop("Clerk in Ningbo")),
    Person("qiankun", "钱坤", "Qian Kun", 320101, "clerk", "营业员", gettext_noop("Clerk in Nanjing, another province")),
)


def hire_staff(*, by: Actor, at: datetime) -> dict[str, Actor]:
    """Seed the roles, open everybody's account and post, and return the people as actors, by user name."""
    for app in apps.get_app_configs():  # a room whose words nobody has read yet still has its permissions
        if find_spec(f"{app.name}.permissions") is not None:
            import_module(f"{app.name}.permissions")
    staff.seed_roles(by=by, at=at)
    return {person.username: _hire(person, by=by, at=at) for person in PEOPLE}


def _hire(person: Person, *, by: Actor, at: datetime) -> Actor:
    made = staff.create_staff(
        username=person.username, name_zh=person.name_zh, name_en=person.name_en, org_id=person.org_id, password=PASSWORD,
        email=f"{person.username}@tongke.example", password_kept=True, by=by, at=at,
    )
    post = staff.open_post(
        staff_id=made.id, org_id=person.org_id, roles=[person.role], title=person.title, own_rows_only=person.own_rows_only, by=by, at=at,
    )
    return _actor(person, made.id, post.post_id)


def acting_person(person: Person) -> Actor:
    """Return somebody who was hired before as an actor; raises ``ValueError`` for whom nobody hired."""
    found = staff_queries.staff_by_username(person.username)
    if found is None:
        raise ValueError(person.username)
    return _actor(person, found.id, None)


def _actor(person: Person, staff_id: UUID, post_id: UUID | None) -> Actor:
    base = person.org_id // 100 if person.org_id > 9999 else person.org_id
    # While the demo is laid out everybody may do what the story needs; their log-ins carry their roles' rights only.
    return Actor(
        name=person.username, display=person.name_zh, staff_id=staff_id, post_id=post_id, org_id=base, scope=staff_queries.scope_of(base),
        own_rows_of=staff_id if person.own_rows_only else None, permissions=frozenset({"*"}),
    )
