"""The figures of sign-in policy as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tongke.areas.staff.policy import FIGURES, figures


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure with the value that holds."""

    code: str
    label: Any
    value: Any
    least: int
    most: int
    is_list: bool


def policy_figures(*, at: datetime) -> list[FigureRow]:
    """Return every figure with the value that holds at ``at``."""
    held = figures(at=at)
    return [FigureRow(f.code, f.label, held[f.code], f.least, f.most, isinstance(f.default, list)) for f in FIGURES.values()]
