"""What a failed try means: again later, a dead letter, or the end of the subscription. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import Enum

from tongke.tmf.hub.policy import Policy

# The receiver's front says that what stands behind it is away, or asks for patience: the event itself is not to blame.
PATIENCE = frozenset({408, 425, 429, 502, 503, 504})
GONE = 410


class Cause(Enum):
    """Whose fault it was."""

    UNREACHED = "unreached"
    REFUSED = "refused"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Fault:
    """A failed try: its cause, and for how many seconds the receiver asked not to be called."""

    cause: Cause
    retry_after: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """``dead``: this event is a dead letter; ``old``: so is all that waits for too long; ``stops``: the subscription's new state."""

    wait_seconds: float
    dead: bool = False
    old: bool = False
    stops: str = ""


def cause_of(status: int) -> Cause | None:
    """Return what an answer's status means; ``None``: delivered."""
    if 200 <= status < 300:
        return None
    if status == GONE:
        return Cause.GONE
    return Cause.UNREACHED if status in PATIENCE else Cause.REFUSED


def wait_seconds(failures: int, *, retry_after: float, policy: Policy, draw: float) -> float:
    """Return how long to wait after so many failures in a row: doubled each time, bounded, spread by half (``draw`` in 0..1)."""
    doubled = policy.wait_seconds_first * float(2 ** min(failures, 30))
    return max(min(doubled, policy.wait_seconds_max) * (0.5 + draw / 2), min(retry_after, policy.retry_after_seconds_max))


def verdict(
    fault: Fault, *, tries: int, age_seconds: float, failures: int, failing_seconds: float, policy: Policy, draw: float | None = None,
) -> Verdict:
    """Judge a failed try of an event that is ``age_seconds`` old and was tried ``tries`` times, this one included."""
    if fault.cause is Cause.GONE:
        return Verdict(wait_seconds=0, stops="ended")
    wait = wait_seconds(failures, retry_after=fault.retry_after, policy=policy, draw=random.random() if draw is None else draw)  # noqa: S311 - a spread, no secret
    refused_for_good = fault.cause is Cause.REFUSED and tries >= policy.tries_max
    old = age_seconds >= policy.keep_hours * 3600
    stops = "suspended" if failing_seconds >= policy.suspend_hours * 3600 else ""
    return Verdict(wait_seconds=0 if refused_for_good and not old else wait, dead=refused_for_good or old, old=old, stops=stops)
