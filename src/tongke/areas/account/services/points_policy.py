"""The dated figures that points follow."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from tongke.areas.account import rules
from tongke.areas.account.models import PointsPolicy
from tongke.areas.account.queries import points as reads
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb


@verb("account.points_policy")
def set_points_policy(
    *, life_months: int, owed_max: Decimal, yuan_per_point: Decimal, redeem_min: int = 1, points_per_yuan: Decimal = Decimal(0),
    org_id: int = reads.GROUP, valid_from: datetime | None = None, reason: str, by: Actor, at: datetime,
) -> UUID:
    """Let figures hold for an organisation and those below from ``valid_from`` (``None``: now) on; lots keep the expiry they have.

    Figures that were planned for the same instant are replaced. Raises ``RulesBroken`` (ACC-56, ACC-58, ACC-60), ``NotFound`` for an
    organisation out of scope.
    """
    begins = valid_from or at
    if not by.sees(org_id):
        raise NotFound(field="org_id")
    figures = {
        "life_months": life_months, "owed_max": owed_max, "yuan_per_point": yuan_per_point, "redeem_min": redeem_min,
        "points_per_yuan": points_per_yuan}
    require(collect(
        (rules.points_figures_can_be, figures), (rules.points_figures_begin_later, {"valid_from": begins, "at": at}),
        (rules.points_figures_have_reason, {"reason": reason})))
    kept, _made = PointsPolicy.objects.update_or_create(
        org_id=org_id, valid_from=begins, defaults={**figures, "reason": reason.strip(), "set_by": by.name})
    return kept.id
