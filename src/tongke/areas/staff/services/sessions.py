"""Sessions: opened at sign-in with a new key, ended by their owner, moved between the owner's posts."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from tongke.areas.staff.errors import NoPost
from tongke.areas.staff.models import Post, PostRight, Staff, StaffSession
from tongke.areas.staff.policy import figure, figures
from tongke.areas.staff.services.attempts import Source
from tongke.areas.staff.sessions import new_key, person_id, session_hash, session_id
from tongke.kernel.actor import Actor, acting, system_actor
from tongke.kernel.errors import NotFound
from tongke.kernel.verb import verb

AGENT_LENGTH_MAX = 200
ATTEMPTS_KEPT_DAYS = 90


def _valid_posts(staff_id: UUID, at: datetime) -> list[Post]:
    """The posts a person holds at ``at``, the primary one first."""
    valid = Q(valid_from__lte=at) & (Q(valid_until__isnull=True) | Q(valid_until__gt=at))
    return list(Post.objects.filter(valid, staff_id=staff_id).order_by("-primary", "valid_from"))


def _needs_second_factor(post_id: UUID, at: datetime) -> bool:
    """Tell whether policy asks holders of the post's permissions for a second factor."""
    wanted = set(figure("second_factor_permissions", at=at))
    held = PostRight.objects.filter(post_id=post_id).values_list("permissions", flat=True).first() or []
    return bool(wanted & set(held))


def open_session(
    *, staff: Staff, second_factor: bool, by_password: bool = True, source: Source, replaces: str = "", at: datetime,
) -> str:
    """Open a session at the person's first valid post and return its new key; the browser's old one ends.

    Whoever came by a password that somebody else chose owes another one. Runs under the system actor of the sign-in channel. Raises ``NoPost``.
    """
    posts = _valid_posts(staff.id, at)
    if not posts:
        raise NoPost
    if replaces:
        StaffSession.objects.filter(session_key=session_hash(replaces)).delete()
    StaffSession.objects.filter(staff_id=staff.id, expires_at__lte=at).delete()
    policy = figures(at=at)
    key = new_key()
    StaffSession.objects.create(
        session_key=session_hash(key), staff=staff, post=posts[0], second_factor=second_factor,
        restricted=not second_factor and _needs_second_factor(posts[0].id, at), password_owed=by_password and staff.password_given,
        started_at=at, last_seen_at=at, idle_until=at + timedelta(minutes=policy["session_idle_minutes"]),
        expires_at=at + timedelta(hours=policy["session_hours_max"]),
        address=None if source.neighbourhood == "address:unknown" else source.address, agent=source.agent[:AGENT_LENGTH_MAX],
    )
    return key


def sign_out(*, key: str, by: Actor, at: datetime) -> None:
    """End the session of this key; an unknown key is already signed out."""
    del at
    with acting(by):
        StaffSession.objects.filter(session_key=session_hash(key)).delete()


@verb("staff.own")
def end_session(*, session_id: UUID, by: Actor, at: datetime) -> None:
    """End one of the actor's own sessions; raises ``NotFound``."""
    del at
    gone, _rows = StaffSession.objects.filter(id=session_id, staff_id=person_id(by)).delete()
    if not gone:
        raise NotFound


@verb("staff.own")
def end_other_sessions(*, by: Actor, at: datetime) -> int:
    """End all of the actor's sessions but the one in use; return how many."""
    del at
    others = StaffSession.objects.filter(staff_id=person_id(by)).exclude(id=session_id(by))
    return others.delete()[0]


@verb("staff.own")
def switch_post(*, post_id: UUID, by: Actor, at: datetime) -> None:
    """Go on working under another of one's own valid posts; raises ``NotFound`` for any other post."""
    if post_id not in {post.id for post in _valid_posts(_person(by), at)}:
        raise NotFound
    session = StaffSession.objects.filter(id=session_id(by), staff_id=person_id(by)).first()
    if session is None:
        raise NotFound
    session.post_id = post_id
    session.restricted = not session.second_factor and _needs_second_factor(post_id, at)
    session.save(update_fields=["post", "restricted"])


def end_sessions_of(staff_id: UUID) -> int:
    """End every session of a person, from inside another verb of this room; return how many."""
    with acting(system_actor("staff.sessions")):
        return StaffSession.objects.filter(staff_id=staff_id).delete()[0]


def _person(by: Actor) -> UUID:
    """The person behind the actor; raises ``NotFound`` for processes, who hold no posts."""
    if by.staff_id is None:
        raise NotFound
    return by.staff_id


@verb("staff.policy")
def forget_sign_ins(*, by: Actor, at: datetime) -> int:
    """Remove sessions and tokens that have ended and tries to sign in older than ninety days; return how many rows went."""
    del by
    with connection.cursor() as cursor:
        cursor.execute("SELECT tongke_forget_sign_ins(%s, %s) + tongke_forget_tokens(%s)", [at, ATTEMPTS_KEPT_DAYS, at])
        return int(cursor.fetchone()[0])
