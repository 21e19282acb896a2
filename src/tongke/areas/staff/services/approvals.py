"""The two-person rule: one asks, another decides, and what was approved is used once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop

from tongke.areas.staff import rules
from tongke.areas.staff.errors import ApprovalNeeded
from tongke.areas.staff.events import ApprovalDecided
from tongke.areas.staff.models import Approval
from tongke.areas.staff.policy import figure
from tongke.areas.staff.queries.approvals import INBOX, deciders
from tongke.areas.staff.queries.people import staff_names
from tongke.areas.staff.services.tray import notify
from tongke.areas.staff.states import APPROVAL, ApprovalState
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

# What this room carries out itself as soon as the second person approves: kind → function of (payload, by, at).
carried_out: dict[str, Callable[..., Any]] = {}


@verb("staff.own")
def request_approval(
    *, kind: str, subject: str, org_id: int, reason: str, payload: dict[str, Any] | None = None, permission: str = "staff.approve",
    by: Actor, at: datetime,
) -> Approval:
    """Ask a second person for something; ``permission`` is what the decider must hold, within whose scope ``org_id`` lies.

    ``subject`` and ``payload`` (plain JSON) say exactly what may be done once; they must hold no personal data.
    Raises ``NotFound`` for actors who are no persons.
    """
    if by.staff_id is None:
        raise NotFound
    asked = Approval.objects.create(
        kind=kind, org_id=org_id, subject=subject, payload=payload or {}, permission=permission, reason=reason.strip(),
        requested_by_id=by.staff_id, requested_at=at, expires_at=at + timedelta(hours=figure("approval_hours_valid", at=at)),
    )
    asker = staff_names([by.staff_id])[by.staff_id]
    notify(
        staff_ids=deciders(permission=permission, org_id=org_id, but=by.staff_id, at=at), link=f"{INBOX}/{asked.id}",
        says=gettext_noop("{who} asks for your approval: {subject}"), by=by, at=at,
        values={"who": asker.name_zh or by.name, "who_en": asker.name_en, "subject": subject},
    )
    return asked


def _locked(approval_id: UUID) -> Approval:
    found = Approval.objects.select_for_update(of=("self",)).filter(id=approval_id).first()
    if found is None:
        raise NotFound
    return found


def _decide(approval_id: UUID, verb_name: str, *, note: str, by: Actor, at: datetime) -> Approval:
    asked = _locked(approval_id)
    by.require(asked.permission)
    require(collect(
        (rules.takes_two, {"requested_by": asked.requested_by_id, "actor_id": by.staff_id}),
        (rules.still_stands, {"expires_at": asked.expires_at, "at": at}),
    ))
    APPROVAL.move(asked, verb_name, by=by, at=at, reason=note)
    asked.decided_by_id, asked.decided_at, asked.decision_note = by.staff_id, at, note.strip()
    asked.save(update_fields=["decided_by", "decided_at", "decision_note"])
    return asked


def _tell(asked: Approval, *, by: Actor, at: datetime) -> None:
    publish(ApprovalDecided(
        subject_id=asked.id, org_id=asked.org_id, kind=asked.kind, state=asked.state, decided_at=at,
    ), by=by, at=at)
    says = {
        ApprovalState.REFUSED: gettext_noop("Refused: {subject}"), ApprovalState.USED: gettext_noop("Approved and carried out: {subject}"),
    }.get(ApprovalState(asked.state), gettext_noop("Approved: {subject}"))
    notify(staff_ids=[asked.requested_by_id], says=says, values={"subject": asked.subject}, link=f"{INBOX}/{asked.id}", by=by, at=at)


@verb("staff.own")
def approve(*, approval_id: UUID, note: str = "", by: Actor, at: datetime) -> Approval:
    """Approve as the second person. What changes rights is carried out at once, in the same transaction.

    Raises ``NotPermitted``, ``RulesBroken`` (the same person, expired), ``IllegalMove`` (decided already), ``NotFound``.
    """
    asked = _decide(approval_id, "approve", note=note, by=by, at=at)
    carry_out = carried_out.get(asked.kind)
    if carry_out is not None:
        carry_out(asked.payload, by=by, at=at)
        APPROVAL.move(asked, "use", by=by, at=at)
    _tell(asked, by=by, at=at)
    return asked


@verb("staff.own")
def refuse(*, approval_id: UUID, note: str = "", by: Actor, at: datetime) -> Approval:
    """Refuse as the second person; raises as ``approve``."""
    asked = _decide(approval_id, "refuse", note=note, by=by, at=at)
    _tell(asked, by=by, at=at)
    return asked


@verb("staff.own")
def withdraw(*, approval_id: UUID, by: Actor, at: datetime) -> Approval:
    """Take one's own request back; raises ``NotFound`` for another's, ``IllegalMove`` once it was used or refused."""
    asked = _locked(approval_id)
    if asked.requested_by_id != by.staff_id:
        raise NotFound
    APPROVAL.move(asked, "withdraw", by=by, at=at)
    return asked


@verb("staff.own")
def use_approval(
    *, kind: str, subject: str, payload: dict[str, Any] | None = None, approval_id: UUID | None = None, by: Actor, at: datetime,
) -> Approval:
    """Use up the requester's own approval for exactly this ``kind`` and ``subject`` (and ``payload``, where given).

    Call it in the transaction that does what was approved. Raises ``ApprovalNeeded`` where none fits and stands.
    """
    found = Approval.objects.select_for_update(of=("self",), skip_locked=True).filter(
        kind=kind, subject=subject, requested_by_id=by.staff_id, state=ApprovalState.APPROVED, expires_at__gt=at,
    )
    if approval_id is not None:
        found = found.filter(id=approval_id)
    fitting = next((a for a in found.order_by("requested_at") if payload is None or a.payload == payload), None)
    if fitting is None:
        raise ApprovalNeeded
    APPROVAL.move(fitting, "use", by=by, at=at)
    publish(ApprovalDecided(
        subject_id=fitting.id, org_id=fitting.org_id, kind=kind, state=fitting.state, decided_at=at,
    ), by=by, at=at)
    return fitting


require_approval = use_approval
