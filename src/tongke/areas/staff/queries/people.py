"""People and their posts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tongke.areas.staff.models import Post
from tongke.kernel.actor import Actor


def valid_at(at: datetime) -> Q:
    """The condition that a post holds at ``at``."""
    return Q(valid_from__lte=at) & (Q(valid_until__isnull=True) | Q(valid_until__gt=at))


def posts_of(staff_id: Any) -> QuerySet[Post]:
    """Return every post a person ever held, with its organisation, the newest first."""
    return Post.objects.filter(staff_id=staff_id).select_related("org").order_by("-valid_from")


def own_posts(*, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """Return the posts that the actor may switch to: id, label in the actor's language, and whether it is current."""
    if by.staff_id is None:
        return []
    english = by.extra.get("locale", "").startswith("en")
    found = Post.objects.filter(valid_at(at), staff_id=by.staff_id).select_related("org").order_by("-primary", "valid_from")
    return [
        {"id": post.id, "label": " · ".join(part for part in ((post.org.name_en if english else "") or post.org.name_zh, post.title) if part),
         "current": post.id == by.post_id}
        for post in found
    ]
