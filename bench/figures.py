"""What a benchmark says: one figure beside its reference, and whether the promise holds."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured promise. ``ratio`` is turned so that larger is better; ``ok`` where it reaches ``reach``."""

    name: str
    size: int
    clients: int
    figure: float
    unit: str
    reference: float
    ratio: float
    reach: float

    @property
    def ok(self) -> bool:
        """Whether the promise holds."""
        return self.ratio >= self.reach

    def document(self) -> dict[str, Any]:
        """Return the figure as the JSON shows it."""
        return asdict(self) | {"ok": self.ok}


@dataclass(frozen=True, slots=True)
class Timing:
    """What one side did: seconds of each request (all clients together) and the wall time they took."""

    seconds: list[float]
    wall: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.seconds) / self.wall if self.wall else 0.0

    def percentile(self, share: float) -> float:
        """Return the time in milliseconds that ``share`` of the requests did not exceed."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


def joined(rounds: Sequence[Timing]) -> Timing:
    """Return several rounds of one side as one."""
    return Timing([s for one in rounds for s in one.seconds], sum(one.wall for one in rounds))


def median_rate(rounds: Sequence[Timing]) -> float:
    """Return the middle of the rounds' rates: a neighbour's noise in one round does not decide."""
    return statistics.median(one.rate for one in rounds)


def median_percentile(rounds: Sequence[Timing], share: float) -> float:
    """Return the middle of the rounds' percentiles, in milliseconds."""
    return statistics.median(one.percentile(share) for one in rounds)


def rate_figure(name: str, ours: Sequence[Timing], reference: Sequence[Timing], *, size: int, clients: int, reach: float) -> Figure:
    """Compare requests a second; more is better."""
    a, b = median_rate(ours), median_rate(reference)
    return Figure(name=name, size=size, clients=clients, figure=round(a, 1), unit="1/s", reference=round(b, 1), ratio=round(a / b, 3), reach=reach)


def p99_figure(name: str, ours: Sequence[Timing], reference: Sequence[Timing], *, size: int, clients: int, reach: float) -> Figure:
    """Compare 99th percentiles; less is better, so the ratio is reference ÷ ours."""
    a, b = median_percentile(ours, 0.99), median_percentile(reference, 0.99)
    return Figure(
        name=f"{name} p99", size=size, clients=clients, figure=round(a, 3), unit="ms", reference=round(b, 3), ratio=round(b / a, 3), reach=reach,
    )
