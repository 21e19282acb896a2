"""People and their posts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongke.areas.staff.models import Colleague, Post, Role, Staff, StaffSecret
from tongke.areas.staff.queries.orgs import org_labels, orgs_visible_to
from tongke.areas.staff.sessions import VIA_ASSISTANT, person_id
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound

BY_FILE = "file:"  # stands before the name of who had a file loaded


def valid_at(at: datetime) -> Q:
    """The condition that a post holds at ``at``."""
    return Q(valid_from__lte=at) & (Q(valid_until__isnull=True) | Q(valid_until__gt=at))


def posts_of(staff_id: Any) -> QuerySet[Post]:
    """Return every post a person ever held, with its organisation, the newest first."""
    return Post.objects.filter(staff_id=staff_id).select_related("org").order_by("-valid_from")


def posts_by_id(ids: Iterable[UUID]) -> dict[UUID, Post]:
    """Return posts by id, those within the actor's sight, whether they still hold or not."""
    return {post.id: post for post in Post.objects.filter(id__in=set(ids))}


def post_label(org: str, title: str, role_en: str, *, english: bool) -> str:
    """Write a post: its organisation and its title, for readers of English the role's name for a title that is not in Latin letters."""
    said = role_en if english and role_en and not title.isascii() else title
    return " · ".join(part for part in (org, said) if part)


def own_posts(*, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """Return the posts that the actor may switch to: id, label in the actor's language, and whether it is current."""
    if by.staff_id is None:
        return []
    english = by.extra.get("locale", "").startswith("en")
    tree = org_labels()  # a person's other post may lie outside the scope of the present one
    with acting(by):
        found = list(Post.objects.filter(valid_at(at), staff_id=person_id(by)).order_by("-primary", "valid_from"))
    names = {role.code: role.name_en for role in roles()} if english else {}
    return [
        {"id": post.id, "current": post.id == by.post_id, "label": post_label(
            (tree[post.org_id].name_en if english else "") or tree[post.org_id].name_zh, post.title,
            next((names[code] for code in post.roles if code in names), ""), english=english)}
        for post in found
    ]


def staff_visible_to(by: Actor) -> QuerySet[Staff]:
    """Return the staff accounts of the actor's branch, with their organisation."""
    rows = Staff.objects.select_related("org")
    if by.scope is None:
        return rows
    return rows.filter(org_id__in=list(orgs_visible_to(by=by).values_list("id", flat=True)))


def staff_by_id(*, staff_id: UUID, by: Actor) -> Staff:
    """Return one account of the actor's branch; raises ``NotFound``."""
    with acting(by):
        found = staff_visible_to(by).filter(id=staff_id).first()
    if found is None:
        raise NotFound
    return found


def staff_by_username(username: str) -> Staff | None:
    """Return an account by user name, whatever the scope: for set-up and the command line."""
    return Staff.objects.filter(username=username.strip().lower()).first()


def own_account(*, by: Actor) -> Staff:
    """Return the actor's own account; raises ``NotFound`` for processes."""
    with acting(by):
        found = Staff.objects.filter(id=person_id(by)).first()
    if found is None:
        raise NotFound
    return found


def roles(*, active_only: bool = False) -> QuerySet[Role]:
    """Return the roles, by code."""
    rows = Role.objects.order_by("code")
    return rows.filter(active=True) if active_only else rows


def role_by_code(code: str) -> Role:
    """Return a role; raises ``NotFound``."""
    found = Role.objects.filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def staff_names(ids: Iterable[UUID]) -> dict[UUID, Colleague]:
    """Return colleagues by id, of the whole operator, for showing who it was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tongke_colleague(id)::text FROM unnest(%s::uuid[]) AS w(id)", [list(set(ids))])
        found = [Colleague.read(json.loads(text)) for (text,) in cursor.fetchall() if text is not None]
    return {colleague.id: colleague for colleague in found if colleague is not None}


def names_signed(signatures: Iterable[str]) -> dict[str, str]:
    """Return how to write who signed something, in the active language: colleagues by name, the house's own work as such."""
    signed = {one: one.removesuffix(VIA_ASSISTANT).removeprefix(BY_FILE) for one in signatures}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tongke_colleague_named(name)::text FROM unnest(%s::text[]) AS w(name)", [list(set(signed.values()))])
        found = [Colleague.read(json.loads(text)) for (text,) in cursor.fetchall() if text is not None]
    english = (get_language() or "").startswith("en")
    names = {one.username: (one.name_en if english else "") or one.name_zh for one in found if one is not None}
    names |= {name: _("the system") for name in signed.values() if name.startswith("system:")}
    said = {one: names.get(name, name) for one, name in signed.items()}
    assisted, filed = _("%(name)s, through an assistant"), _("%(name)s, by file")
    return {one: assisted % {"name": name} if one.endswith(VIA_ASSISTANT) else filed % {"name": name} if one.startswith(BY_FILE) else name
            for one, name in said.items()}


def is_signed_by(signature: str, by: Actor) -> bool:
    """Tell whether a signature is the actor's own, each of them by himself or through his assistant."""
    return signature.removesuffix(VIA_ASSISTANT) == by.name.removesuffix(VIA_ASSISTANT)


def roles_held(*, code: str, at: datetime) -> int:
    """Count the valid posts that carry a role."""
    return Post.objects.filter(valid_at(at), roles__contains=[code]).count()


def recovery_codes_left(*, by: Actor) -> int:
    """Count the actor's unused recovery codes."""
    held = StaffSecret.objects.filter(staff_id=person_id(by)).values_list("recovery_hashes", flat=True).first()
    return len(held or ())


def staff_counts(*, by: Actor, at: datetime) -> dict[int, int]:
    """Count the people with a valid post at each organisation of the actor's branch."""
    rows = Post.objects.filter(valid_at(at), staff__is_active=True, org_id__in=orgs_visible_to(by=by).order_by().values("id"))
    return dict(rows.values_list("org_id").annotate(people=Count("staff_id", distinct=True)))
