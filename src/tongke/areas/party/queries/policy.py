"""Reads of the room's policy figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tongke.areas.party.models import PolicyFigure
from tongke.areas.party.policy import LABELS


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure with what holds now, what is planned, and what held before (newest first)."""

    name: str
    label: str
    value: Any
    since: datetime | None
    set_by: str
    planned: tuple[PolicyFigure, ...]
    earlier: tuple[PolicyFigure, ...]


def policy_figures(*, at: datetime) -> list[FigureRow]:
    """Return every figure of the room's policy as it stands at ``at``."""
    rows: dict[str, list[PolicyFigure]] = {}
    for figure in PolicyFigure.objects.order_by("-valid_from"):
        rows.setdefault(figure.name, []).append(figure)
    out = []
    for name, label in LABELS.items():
        held = rows.get(name, [])
        now = next((f for f in held if f.valid_from <= at and (f.valid_until is None or at < f.valid_until)), None)
        out.append(FigureRow(
            name, str(label), now.value if now else None, now.valid_from if now else None, now.set_by if now else "",
            tuple(f for f in held if f.valid_from > at), tuple(f for f in held if f.valid_until is not None and f.valid_until <= at),
        ))
    return out
