"""Small charts as plain SVG: made on the server, no script, readable as text by those who cannot see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, FOOT = 280, 72, 14


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: left, top, width and height in the chart's units, its label below and its words on hover."""

    x: float
    y: float
    width: float
    height: float
    label: str
    words: str
    tone: str


def bars(values: Sequence[tuple[str, float, str, str]]) -> list[Bar]:
    """Lay out (label, value, words, tone) as bars side by side; the highest fills the height."""
    if not values:
        return []
    step = WIDTH / max(len(values), 6)
    highest = max((value for _label, value, _words, _tone in values), default=0) or 1
    out = []
    for at, (label, value, words, tone) in enumerate(values):
        height = max(value / highest * (HEIGHT - FOOT - 4), 1.5)
        out.append(Bar(round(at * step + step * 0.14, 1), round(HEIGHT - FOOT - height, 1), round(step * 0.72, 1), round(height, 1), label, words, tone))
    return out


def line(values: Sequence[float]) -> str:
    """Return the points of a sparkline over the chart's width, for an SVG polyline; empty for less than two values."""
    if len(values) < 2:
        return ""
    highest = max(values) or 1
    step = WIDTH / (len(values) - 1)
    return " ".join(f"{at * step:.1f},{(HEIGHT - FOOT) * (1 - value / highest) + 2:.1f}" for at, value in enumerate(values))
