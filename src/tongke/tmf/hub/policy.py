"""The figures by which the hub delivers. Each may be set by the environment: ``TONGKE_HUB="tries_max=20 keep_hours=48"``."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How long a delivery is tried, and at what pace.

    A receiver that answers and refuses gets ``tries_max`` tries of one event; one that cannot be reached is tried for
    ``keep_hours``. Then the event is a dead letter and the next one is tried. A subscription that failed without a
    single success for ``suspend_hours`` is suspended.
    """

    connect_seconds: float = 3.0
    total_seconds: float = 10.0
    tries_max: int = 12
    keep_hours: float = 24.0
    suspend_hours: float = 72.0
    wait_seconds_first: float = 1.0
    wait_seconds_max: float = 900.0
    retry_after_seconds_max: float = 3600.0
    lease_seconds: float = 20.0
    lines_max: int = 500
    subscriptions_max: int = 200
    dead_days: int = 30


def read_policy(words: str) -> Policy:
    """Read ``name=value`` pairs over the defaults. Raises ``ValueError`` for a name that does not exist or a value that is no number."""
    whole = {one.name: isinstance(one.default, int) for one in fields(Policy)}
    given = dict(pair.split("=", 1) for pair in words.split())
    unknown = set(given) - set(whole)
    if unknown:
        raise ValueError(f"TONGKE_HUB: {', '.join(sorted(unknown))}")
    return Policy(**{name: int(value) if whole[name] else float(value) for name, value in given.items()})  # type: ignore[arg-type]  # by the field's own kind


def present_policy() -> Policy:
    """Return the figures of this process."""
    return read_policy(os.environ.get("TONGKE_HUB", ""))
