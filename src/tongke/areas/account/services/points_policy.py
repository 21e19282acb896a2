"""The dated figures that points follow: asked for by one person, approved by another; what has begun stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tongke.areas.account import rules
from tongke.areas.account.models import PointsPolicy
from tongke.areas.account.queries import points as reads
from tongke.areas.staff import queries as staff
from tongke.areas.staff import services as desk
from tongke.areas.staff.errors import ApprovalNeeded
from tongke.areas.staff.services.approvals import carried_out
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

APPROVAL = "account.points_policy"
DECIDES = "catalogue.approve"
"""What the second person must hold: the same as for discounts and for offers, for points are given away like them."""
AMOUNTS = ("owed_max", "yuan_per_point", "points_per_yuan")


@verb("account.points_policy")
def propose_points_policy(
    *, life_months: int, owed_max: Decimal, yuan_per_point: Decimal, redeem_min: int = 1, points_per_yuan: Decimal = Decimal(0),
    org_id: int = reads.GROUP, valid_from: datetime | None = None, reason: str, by: Actor, at: datetime,
) -> UUID:
    """Ask a second person to let figures hold for an organisation and those below; returns the request's id. They hold as soon as that
    person agrees, from ``valid_from`` (``None``: from then) on.

    Raises ``RulesBroken`` (ACC-56, ACC-58, ACC-60), ``NotFound`` for an organisation out of scope.
    """
    figures = {
        "life_months": life_months, "owed_max": owed_max, "yuan_per_point": yuan_per_point, "redeem_min": redeem_min,
        "points_per_yuan": points_per_yuan}
    _require(figures, org_id, valid_from or at, reason=reason, by=by, at=at)
    org = staff.org_labels().get(org_id)
    asked = desk.request_approval(
        kind=APPROVAL, subject=f"{org.name_zh if org else org_id}: {points_per_yuan.normalize():f} / {yuan_per_point.normalize():f}", org_id=org_id,
        reason=reason, permission=DECIDES, by=by, at=at, payload={
            **{name: str(value) if name in AMOUNTS else value for name, value in figures.items()},
            "org_id": org_id, "valid_from": valid_from.isoformat() if valid_from else None, "reason": reason.strip(), "asked_by": by.name,
        })
    return asked.id


@verb("account.points_policy")
def set_points_policy(
    *, life_months: int, owed_max: Decimal, yuan_per_point: Decimal, redeem_min: int = 1, points_per_yuan: Decimal = Decimal(0),
    org_id: int = reads.GROUP, valid_from: datetime | None = None, reason: str, by: Actor, at: datetime,
) -> UUID:
    """Let figures hold for an organisation and those below from ``valid_from`` (``None``: now) on; lots keep the expiry they have.

    For processes of the house: a person proposes them. Figures that were planned for the same instant are replaced. Raises
    ``ApprovalNeeded`` for people, ``RulesBroken`` (ACC-56, ACC-58, ACC-60), ``NotFound`` for an organisation out of scope.
    """
    if by.kind != "system":
        raise ApprovalNeeded
    figures = {
        "life_months": life_months, "owed_max": owed_max, "yuan_per_point": yuan_per_point, "redeem_min": redeem_min,
        "points_per_yuan": points_per_yuan}
    begins = valid_from or at
    _require(figures, org_id, begins, reason=reason, by=by, at=at)
    return _keep(figures, org_id, begins, reason=reason, set_by=by.name)


def _require(figures: Mapping[str, Any], org_id: int, begins: datetime, *, reason: str, by: Actor, at: datetime) -> None:
    if not by.sees(org_id):
        raise NotFound(field="org_id")
    require(collect(
        (rules.points_figures_can_be, dict(figures)), (rules.points_figures_begin_later, {"valid_from": begins, "at": at}),
        (rules.points_figures_have_reason, {"reason": reason})))


def _keep(figures: Mapping[str, Any], org_id: int, begins: datetime, *, reason: str, set_by: str, approved_by: str = "") -> UUID:
    kept, _made = PointsPolicy.objects.update_or_create(
        org_id=org_id, valid_from=begins, defaults={**figures, "reason": reason.strip(), "set_by": set_by, "approved_by": approved_by})
    return kept.id


def _carry_out(payload: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Let the figures hold that were asked for; raises ``RulesBroken`` where their beginning is over by now."""
    figures = {name: Decimal(payload[name]) for name in AMOUNTS} | {"life_months": payload["life_months"], "redeem_min": payload["redeem_min"]}
    begins = datetime.fromisoformat(payload["valid_from"]) if payload["valid_from"] else at
    _require(figures, payload["org_id"], begins, reason=payload["reason"], by=by, at=at)
    _keep(figures, payload["org_id"], begins, reason=payload["reason"], set_by=payload["asked_by"], approved_by=by.name)


carried_out[APPROVAL] = _carry_out
