"""Reads of the room's policy figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tongke.areas.party.models import PolicyFigure
from tongke.areas.party.policy import GROUP, LABELS, LOCKED, holder, locked_by
from tongke.areas.staff import queries as staff


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure as it holds for an organisation, and the organisation's own planned and earlier ones (newest first).

    ``holder`` is the organisation whose figure holds, ``locks`` one above that permits no other; ``own`` tells that the
    organisation has set one, now or planned; ``may_override`` is what its own figure permits to those below, or would by the
    default of the figure.
    """

    name: str
    label: str
    value: Any
    since: datetime | None
    set_by: str
    planned: tuple[PolicyFigure, ...]
    earlier: tuple[PolicyFigure, ...]
    org_id: int = GROUP
    holder: int = GROUP
    own: bool = True
    own_value: Any = None
    locks: int | None = None
    may_override: bool = True

    @property
    def inherited(self) -> bool:
        """Tell whether another organisation's figure holds."""
        return self.holder != self.org_id


def levels_of(org_id: int) -> tuple[int, ...]:
    """Return the organisations from the group down to ``org_id``; the group alone for an unknown one."""
    org = staff.org_labels().get(org_id)
    path = [int(step) for step in org.path.split("/") if step] if org else []
    return (GROUP, *(step for step in path if step != GROUP))


def figures_in_force(figures: QuerySet[PolicyFigure], *, at: datetime) -> QuerySet[PolicyFigure]:
    """Return those of ``figures`` that are in force at ``at``, whether or not a higher level lets them take effect."""
    return figures.filter(Q(valid_until=None) | Q(valid_until__gt=at), valid_from__lte=at)


def policy_figures(*, org_id: int = GROUP, at: datetime) -> list[FigureRow]:
    """Return every figure of the room's policy as it holds for an organisation at ``at``."""
    levels = levels_of(org_id)
    rows: dict[str, list[PolicyFigure]] = {}
    for figure in PolicyFigure.objects.filter(org_id__in=levels).order_by("-valid_from"):
        rows.setdefault(figure.name, []).append(figure)
    return [_row(name, str(label), rows.get(name, []), levels, at=at) for name, label in LABELS.items()]


def _row(name: str, label: str, held: list[PolicyFigure], levels: tuple[int, ...], *, at: datetime) -> FigureRow:
    here = levels[-1]
    now = {f.org_id: f for f in held if f.valid_from <= at and (f.valid_until is None or at < f.valid_until)}
    set_at = {org: f.may_override for org, f in now.items()}
    holds, own = now.get(holder(set_at, levels) or GROUP), now.get(here)
    mine = [f for f in held if f.org_id == here]
    planned = tuple(f for f in mine if f.valid_from > at)
    return FigureRow(
        name, label, holds.value if holds else None, holds.valid_from if holds else None, holds.set_by if holds else "", planned,
        tuple(f for f in mine if f.valid_until is not None and f.valid_until <= at), org_id=here, holder=holds.org_id if holds else GROUP,
        own=own is not None or bool(planned), own_value=own.value if own else None, locks=locked_by(set_at, levels[:-1]),
        may_override=own.may_override if own else name not in LOCKED,
    )
