"""Half-open periods: the start is in, the end is out, ``None`` is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

T = TypeVar("T", date, datetime)


@dataclass(frozen=True, slots=True)
class Period(Generic[T]):
    """From ``start`` (included) until ``end`` (excluded); an end before the start raises ``ValueError``."""

    start: T
    end: T | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"period ends {self.end} before it starts {self.start}")

    def covers(self, at: T) -> bool:
        """Tell whether ``at`` lies inside."""
        return self.start <= at and (self.end is None or at < self.end)

    def overlaps(self, other: Period[T]) -> bool:
        """Tell whether the two share an instant."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)
