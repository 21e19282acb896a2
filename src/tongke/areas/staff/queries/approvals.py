"""Requests for a second person's approval."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F, Func, JSONField, Q, QuerySet

from tongke.areas.staff.models import Approval, PostRight
from tongke.areas.staff.states import ApprovalState
from tongke.kernel.actor import Actor, acting, system_actor
from tongke.kernel.errors import NotFound

DECIDERS_TOLD_MAX = 20
INBOX = "/approvals"
"""Where requests are read; one of them at ``/approvals/<id>``."""


def deciders(*, permission: str, org_id: int, but: UUID, at: datetime) -> list[UUID]:
    """Return people who may decide a request of ``org_id``: at most twenty, never the one who asks."""
    valid = Q(valid_from__lte=at) & (Q(valid_until__isnull=True) | Q(valid_until__gt=at))
    rows = PostRight.objects.filter(valid, permissions__contains=[permission], post__staff__is_active=True).exclude(staff_id=but)
    with acting(system_actor("staff.deciders")):  # whoever may decide may stand where the asking person sees nobody
        found = [staff_id for staff_id, scope in rows.values_list("staff_id", "scope") if scope == "*" or str(org_id) in scope.split(",")]
    return sorted(set(found))[:DECIDERS_TOLD_MAX]


def approvals_visible_to(by: Actor) -> QuerySet[Approval]:
    """Return the requests that the actor asked for or may decide, within the actor's scope.

    ``Approval.asker`` and ``decider`` say who, also where the colleague's record lies out of sight.
    """
    names = {f"{what}_name": Func(F(f"{what}_by_id"), function="tongke_colleague", output_field=JSONField()) for what in ("requested", "decided")}
    rows = Approval.objects.annotate(**names)
    if by.scope is not None:
        rows = rows.filter(org_id__in=by.scope)
    return rows.filter(Q(requested_by_id=by.staff_id) | Q(permission__in=sorted(by.permissions)))


def approvals_to_decide(*, by: Actor, at: datetime) -> QuerySet[Approval]:
    """Return the requests that wait for the actor."""
    return approvals_visible_to(by).filter(
        state=ApprovalState.REQUESTED, expires_at__gt=at, permission__in=sorted(by.permissions),
    ).exclude(requested_by_id=by.staff_id)


def approval_visible(*, approval_id: UUID, by: Actor) -> Approval:
    """Return one request; raises ``NotFound``."""
    found = approvals_visible_to(by).filter(id=approval_id).first()
    if found is None:
        raise NotFound
    return found


def granted_approval(*, kind: str, subject: str, by: Actor, at: datetime) -> Approval | None:
    """Return the actor's own approved and unused request for this, if one stands."""
    return Approval.objects.filter(
        kind=kind, subject=subject, requested_by_id=by.staff_id, state=ApprovalState.APPROVED, expires_at__gt=at,
    ).order_by("requested_at").first()
