"""When a pool of numbers is running dry. Pure."""

from __future__ import annotations

from decimal import Decimal


def days_left(free: int, per_day: Decimal) -> int | None:
    """Return for how many whole days the free numbers last at the recent take-up; ``None`` where nothing is taken."""
    return int(free / per_day) if per_day > 0 else None


def is_low(*, free: int, per_day: Decimal, dry_below: int, dry_days: int) -> bool:
    """Tell whether fewer numbers than ``dry_below`` are free, or fewer days than ``dry_days`` are left (0: not watched)."""
    left = days_left(free, per_day)
    return free < dry_below or (dry_days > 0 and left is not None and left < dry_days)
