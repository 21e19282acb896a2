"""Posts and roles. What gives or takes sensitive permissions waits for a second person, everything else is done at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.staff import rules
from tongke.areas.staff.events import PostChanged, RightsChanged, RoleChanged
from tongke.areas.staff.models import Org, Post, PostRight, Role, Staff
from tongke.areas.staff.queries.orgs import base_org_id, org_of_the_house, within_scope
from tongke.areas.staff.queries.people import valid_at
from tongke.areas.staff.queries.records import role_key
from tongke.areas.staff.services.approvals import carried_out, request_approval
from tongke.kernel.actor import Actor, acting, system_actor
from tongke.kernel.errors import Conflict, NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.permissions import all_permissions
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

KEEPER = "staff.manage_roles"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: done at once (``post_id`` where there is one), or waiting as the request ``approval_id``."""

    done: bool
    post_id: UUID | None = None
    approval_id: UUID | None = None


def sensitive_among(codes: Iterable[str]) -> bool:
    """Tell whether any of the permissions is granted by two persons only."""
    known = all_permissions()
    return any(code in known and known[code].sensitive for code in codes)


def permissions_of(roles: Iterable[str]) -> set[str]:
    """Return what the open ones among the roles carry together."""
    return {code for held in Role.objects.filter(code__in=list(roles), active=True).values_list("permissions", flat=True) for code in held}


def two_step(
    kind: str, payload: dict[str, Any], *, sensitive: bool, subject: str, org_id: int, reason: str, by: Actor, at: datetime,
) -> Outcome:
    """Do what ``carried_out[kind]`` does now, or ask the second person to let it be done. The house's own processes
    need no second person: they set a new installation up.
    """
    if sensitive and by.kind != "system":
        asked = request_approval(kind=kind, subject=subject, org_id=org_id, reason=reason, payload=payload, by=by, at=at)
        return Outcome(done=False, approval_id=asked.id)
    return Outcome(done=True, post_id=carried_out[kind](payload, by=by, at=at))


def _somebody_remains(*, by: Actor, at: datetime) -> None:
    """Refuse a change after which nobody could manage roles; a new installation's set-up is no such change."""
    if by.kind != "system":
        with acting(system_actor("staff.rights")):  # they may work where the actor sees nobody
            others = PostRight.objects.filter(valid_at(at), permissions__contains=[KEEPER], post__staff__is_active=True).count()
        require(collect((rules.somebody_remains, {"others": others})))


def _staff_and_org(staff_id: UUID, org_id: int, *, by: Actor) -> tuple[Staff, Org]:
    with acting(system_actor("staff.rights")):  # beyond the actor's branch the rules say why it cannot be
        staff = Staff.objects.select_related("org").filter(id=staff_id).first()
    org = org_of_the_house(org_id)
    if staff is None or org is None:
        raise NotFound
    require(collect(
        (rules.org_within_scope, {"org_id": org.id, "inside": within_scope(org, by=by) and within_scope(staff.org, by=by)}),
        (rules.org_is_open, {"org_id": org.id, "active": org.active}),
        (rules.not_for_oneself, {"staff_id": staff.id, "actor_id": by.staff_id}),
    ))
    return staff, org


def roles_known(roles: Iterable[str]) -> None:
    """Raise ``RulesBroken`` for roles that are unknown or closed."""
    known = list(Role.objects.filter(active=True).values_list("code", flat=True))
    require(collect(*((rules.role_is_known, {"role": role, "known": known}) for role in roles)))


@verb("staff.grant_roles")
def open_post(
    *, staff_id: UUID, org_id: int, roles: list[str], reason: str = "", title: str = "", own_rows_only: bool = False,
    valid_until: datetime | None = None, by: Actor, at: datetime,
) -> Outcome:
    """Give a person a post with roles from now on. Raises ``RulesBroken``, ``NotFound``."""
    staff, org = _staff_and_org(staff_id, org_id, by=by)
    roles_known(roles)
    require(collect((rules.period_runs_forward, {"valid_from": at, "valid_until": valid_until})))
    payload = {
        "staff_id": str(staff.id), "org_id": org.id, "roles": sorted(roles), "title": title, "own_rows_only": own_rows_only,
        "valid_until": valid_until.isoformat() if valid_until else None,
    }
    return two_step(
        "staff.open_post", payload, sensitive=sensitive_among(permissions_of(roles)), subject=f"{staff.username} @ {org.id}: {', '.join(roles)}",
        org_id=base_org_id(org), reason=reason, by=by, at=at,
    )


def _open_post(payload: dict[str, Any], *, by: Actor, at: datetime) -> UUID:
    staff, org = _staff_and_org(UUID(payload["staff_id"]), payload["org_id"], by=by)
    roles_known(payload["roles"])
    until = datetime.fromisoformat(payload["valid_until"]) if payload["valid_until"] else None
    with acting(system_actor("staff.rights")):
        first = not Post.objects.filter(valid_at(at), staff=staff, primary=True).exists()
    post = Post.objects.create(
        staff=staff, org=org, roles=payload["roles"], title=payload["title"], own_rows_only=payload["own_rows_only"],
        primary=first, valid_from=at, valid_until=until,
    )
    publish(RightsChanged(subject_id=staff.id, org_id=base_org_id(org), what="post_opened", changed_at=at), by=by, at=at)
    publish(PostChanged(subject_id=post.id, org_id=base_org_id(org), staff_id=staff.id, what="opened"), by=by, at=at)
    return post.id


def _valid_post(post_id: UUID, *, by: Actor, at: datetime) -> Post:
    post = Post.objects.select_for_update(of=("self",)).select_related("staff", "org").filter(valid_at(at), id=post_id).first()
    if post is None or not within_scope(post.org, by=by):
        raise NotFound
    require(collect((rules.not_for_oneself, {"staff_id": post.staff_id, "actor_id": by.staff_id})))
    return post


@verb("staff.grant_roles")
def change_post_roles(*, post_id: UUID, roles: list[str], reason: str = "", by: Actor, at: datetime) -> Outcome:
    """Give a post exactly these roles; granting and revoking sensitive ones waits for a second person.

    Raises ``RulesBroken``, ``NotFound``.
    """
    post = _valid_post(post_id, by=by, at=at)
    roles_known(roles)
    changed = set(roles) ^ set(post.roles)
    if not changed:
        return Outcome(done=True, post_id=post.id)
    subject = f"{post.staff.username} @ {post.org_id}: {', '.join(sorted(post.roles)) or '-'} → {', '.join(sorted(roles)) or '-'}"
    payload = {"post_id": str(post.id), "roles": sorted(roles), "from": sorted(post.roles)}
    return two_step(
        "staff.change_post_roles", payload, sensitive=sensitive_among(permissions_of(changed)), subject=subject,
        org_id=base_org_id(post.org), reason=reason, by=by, at=at,
    )


def _change_post_roles(payload: dict[str, Any], *, by: Actor, at: datetime) -> UUID:
    post = _valid_post(UUID(payload["post_id"]), by=by, at=at)
    if sorted(post.roles) != payload["from"]:
        raise Conflict
    roles_known(payload["roles"])
    post.roles = payload["roles"]
    post.save(update_fields=["roles"])
    _somebody_remains(by=by, at=at)
    publish(RightsChanged(subject_id=post.staff_id, org_id=base_org_id(post.org), what="roles_changed", changed_at=at), by=by, at=at)
    publish(PostChanged(subject_id=post.id, org_id=base_org_id(post.org), staff_id=post.staff_id, what="roles_changed"), by=by, at=at)
    return post.id


@verb("staff.grant_roles")
def end_post(*, post_id: UUID, reason: str = "", by: Actor, at: datetime) -> Outcome:
    """End a post now; its sessions end with it. A post with sensitive permissions waits for a second person
    (in an emergency close the account, which needs none). Raises ``RulesBroken``, ``NotFound``.
    """
    post = _valid_post(post_id, by=by, at=at)
    return two_step(
        "staff.end_post", {"post_id": str(post.id)}, sensitive=sensitive_among(permissions_of(post.roles)),
        subject=f"{post.staff.username} @ {post.org_id}: {', '.join(sorted(post.roles))} → -", org_id=base_org_id(post.org),
        reason=reason, by=by, at=at,
    )


def _end_post(payload: dict[str, Any], *, by: Actor, at: datetime) -> UUID:
    post = _valid_post(UUID(payload["post_id"]), by=by, at=at)
    post.valid_until = at
    post.primary = False
    post.save(update_fields=["valid_until", "primary"])
    _somebody_remains(by=by, at=at)
    publish(RightsChanged(subject_id=post.staff_id, org_id=base_org_id(post.org), what="post_ended", changed_at=at), by=by, at=at)
    publish(PostChanged(subject_id=post.id, org_id=base_org_id(post.org), staff_id=post.staff_id, what="ended"), by=by, at=at)
    return post.id


@verb("staff.manage_roles")
def change_role(
    *, code: str, permissions: list[str], name_zh: str, name_en: str, home: str = "clerk", reason: str = "", by: Actor, at: datetime,
) -> Outcome:
    """Make a role or change what it may do and what it is called; sensitive permissions wait for a second person.

    Roles hold everywhere, so this needs the whole operator's scope. Raises ``RulesBroken``, ``NotFound``.
    """
    known = list(all_permissions())
    require(collect(
        *((rules.permission_is_known, {"permission": p, "known": known}) for p in permissions),
        (rules.org_within_scope, {"org_id": 1, "inside": by.scope is None}),
        (rules.username_is_plain, {"username": code}),
    ))
    held = Role.objects.filter(code=code).values_list("permissions", flat=True).first() or []
    payload = {
        "code": code, "permissions": sorted(set(permissions)), "name_zh": name_zh, "name_en": name_en, "home": home, "from": sorted(held),
    }
    changed = sorted(set(held) ^ set(permissions))
    signs = [f"{'+' if p in permissions else '-'}{p}" for p in changed]
    return two_step(
        "staff.change_role", payload, sensitive=sensitive_among(changed), subject=f"{code}: {' '.join(signs)}"[:200], org_id=1,
        reason=reason, by=by, at=at,
    )


def _change_role(payload: dict[str, Any], *, by: Actor, at: datetime) -> None:
    role = Role.objects.select_for_update().filter(code=payload["code"]).first()
    if sorted(role.permissions if role else []) != payload["from"]:
        raise Conflict
    Role.objects.update_or_create(
        code=payload["code"], defaults={name: payload[name] for name in ("permissions", "name_zh", "name_en", "home")},
    )
    _somebody_remains(by=by, at=at)
    code = payload["code"]
    publish(RoleChanged(subject_id=role_key(code), org_id=1, code=code, what="changed" if role else "made"), by=by, at=at)


carried_out.update({
    "staff.open_post": _open_post, "staff.change_post_roles": _change_post_roles, "staff.end_post": _end_post,
    "staff.change_role": _change_role,
})
