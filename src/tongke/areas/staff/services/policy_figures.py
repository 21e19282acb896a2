"""Changing the figures of sign-in policy: dated, never rewritten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tongke.areas.staff import rules
from tongke.areas.staff.models import PolicyFigure
from tongke.areas.staff.policy import FIGURES
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb


@verb("staff.policy")
def set_policy_figure(*, code: str, value: Any, valid_from: datetime | None = None, by: Actor, at: datetime) -> PolicyFigure:
    """Let a figure hold from now or a later instant on. Needs the whole operator's scope.

    Raises ``NotFound`` for an unknown figure, ``RulesBroken`` for a value out of bounds.
    """
    figure = FIGURES.get(code)
    if figure is None:
        raise NotFound(field="code")
    require(collect(
        (rules.org_within_scope, {"org_id": 1, "inside": by.scope is None}),
        (rules.figure_fits, {"code": code, "fits": figure.fits(value), "least": figure.least, "most": figure.most}),
    ))
    begins = max(valid_from or at, at)
    kept, _made = PolicyFigure.objects.update_or_create(
        code=code, valid_from=begins, defaults={"value": value, "set_by": by.name, "set_at": at},
    )
    return kept
