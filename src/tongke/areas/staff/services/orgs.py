"""Verbs on the organisation tree. Paths are kept so that a subtree is one range of text."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat, Substr

from tongke.areas.staff import rules
from tongke.areas.staff.events import OrgChanged
from tongke.areas.staff.models import Org, Post
from tongke.areas.staff.queries.orgs import base_org_id, org_of_the_house, within_scope
from tongke.areas.staff.queries.people import valid_at
from tongke.areas.staff.states import OrgKind
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Conflict, NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

ORG_NAMESPACE = uuid.UUID("5b0c8f0e-7f0b-5c63-9a0e-2f6f3b1f7f10")
# Changes of the tree are rare: one at a time, so that two moves cannot make a cycle together.
TREE_LOCK = 7_311_205


def _lock_tree() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


def _org(org_id: int, by: Actor) -> Org:
    """Return an organisation within the actor's branch; raises ``NotFound``."""
    org = Org.objects.select_for_update().filter(id=org_id).first()
    if org is None or not within_scope(org, by=by):
        raise NotFound(field="org_id")
    return org


def _announce(org: Org, what: str, *, by: Actor, at: datetime) -> None:
    subject = uuid.uuid5(ORG_NAMESPACE, str(org.id))
    publish(OrgChanged(subject_id=subject, org_id=base_org_id(org), org=org.id, what=what), by=by, at=at)


@verb("staff.manage_orgs")
def create_org(
    *, org_id: int, kind: str, parent_id: int | None, name_zh: str, name_en: str, area_code: str = "", zone: str = "Asia/Shanghai",
    by: Actor, at: datetime,
) -> Org:
    """Create an organisation below ``parent_id`` (none for the group). Raises ``RulesBroken``, ``NotFound``."""
    _lock_tree()
    if parent_id is None:
        parent_path, broken = "/", None if kind == OrgKind.GROUP else rules.kind_nests.broken(kind=kind, parent_kind="-")
        require(collect(broken))
    else:
        parent = _org(parent_id, by)
        require(collect(
            (rules.kind_nests, {"kind": kind, "parent_kind": parent.kind}),
            (rules.org_is_open, {"org_id": parent.id, "active": parent.active}),
        ))
        parent_path = parent.path
    if org_of_the_house(org_id) is not None:
        raise Conflict(field="org_id")
    org = Org.objects.create(
        id=org_id, kind=kind, parent_id=parent_id, path=f"{parent_path}{org_id}/", name_zh=name_zh, name_en=name_en,
        area_code=area_code, zone=zone,
    )
    _announce(org, "created", by=by, at=at)
    return org


@verb("staff.manage_orgs")
def rename_org(*, org_id: int, name_zh: str, name_en: str, by: Actor, at: datetime) -> Org:
    """Give an organisation new names in both languages; raises ``NotFound``."""
    org = _org(org_id, by)
    org.name_zh, org.name_en = name_zh, name_en
    org.save(update_fields=["name_zh", "name_en"])
    _announce(org, "renamed", by=by, at=at)
    return org


@verb("staff.manage_orgs")
def move_org(*, org_id: int, parent_id: int, by: Actor, at: datetime) -> Org:
    """Hang an organisation with its whole branch below another parent; raises ``RulesBroken``, ``NotFound``."""
    _lock_tree()
    org, parent = _org(org_id, by), _org(parent_id, by)
    require(collect(
        (rules.kind_nests, {"kind": org.kind, "parent_kind": parent.kind}),
        (rules.no_cycle, {"path": org.path, "parent_path": parent.path}),
        (rules.org_is_open, {"org_id": parent.id, "active": parent.active}),
    ))
    old, new = org.path, f"{parent.path}{org.id}/"
    branch = Org.objects.filter(path__startswith=old)
    branch.update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    org.refresh_from_db()
    org.parent_id = parent.id
    org.save(update_fields=["parent"])
    _announce(org, "moved", by=by, at=at)
    return org


@verb("staff.manage_orgs")
def deactivate_org(*, org_id: int, by: Actor, at: datetime) -> Org:
    """Close an organisation that has neither valid posts nor open organisations below; raises ``RulesBroken``, ``NotFound``."""
    _lock_tree()
    org = _org(org_id, by)
    people = Post.objects.filter(valid_at(at), org__path__startswith=org.path).count()
    children = Org.objects.filter(path__startswith=org.path, active=True).exclude(id=org.id).count()
    require(collect((rules.branch_is_empty, {"count": people + children})))
    org.active = False
    org.save(update_fields=["active"])
    _announce(org, "closed", by=by, at=at)
    return org


@verb("staff.manage_orgs")
def reactivate_org(*, org_id: int, by: Actor, at: datetime) -> Org:
    """Open a closed organisation again; raises ``NotFound``, ``RulesBroken`` where its parent is closed."""
    _lock_tree()
    org = _org(org_id, by)
    if org.parent is not None:
        require(collect((rules.org_is_open, {"org_id": org.parent.id, "active": org.parent.active})))
    org.active = True
    org.save(update_fields=["active"])
    _announce(org, "opened", by=by, at=at)
    return org
