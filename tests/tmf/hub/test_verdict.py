"""What a failed try means."""

from __future__ import annotations

import pytest

from tongke.tmf.hub.policy import Policy, read_policy
from tongke.tmf.hub.verdict import Cause, Fault, cause_of, verdict, wait_seconds

POLICY = Policy(tries_max=3, keep_hours=24, suspend_hours=72)
DAY = 86_400


@pytest.mark.parametrize(("status", "cause"), [
    (200, None), (201, None), (202, None), (204, None), (299, None), (301, Cause.REFUSED), (302, Cause.REFUSED), (400, Cause.REFUSED), (404, Cause.REFUSED),
    (500, Cause.REFUSED), (408, Cause.UNREACHED), (425, Cause.UNREACHED), (429, Cause.UNREACHED), (502, Cause.UNREACHED), (503, Cause.UNREACHED),
    (504, Cause.UNREACHED), (410, Cause.GONE),
])
def test_what_an_answer_means(status: int, cause: Cause | None) -> None:
    assert cause_of(status) is cause


@pytest.mark.parametrize(("failures", "draw", "seconds"), [(0, 1, 1), (0, 0, 0.5), (3, 1, 8), (9, 1, 512), (10, 1, 900), (1000, 1, 900), (1000, 0, 450)])
def test_waits_double_within_bounds_and_are_spread(failures: int, draw: float, seconds: float) -> None:
    assert wait_seconds(failures, retry_after=0, policy=POLICY, draw=draw) == seconds


def test_a_receivers_wish_for_patience_is_kept_within_an_hour() -> None:
    assert wait_seconds(0, retry_after=120, policy=POLICY, draw=0) == 120
    assert wait_seconds(0, retry_after=10**9, policy=POLICY, draw=0) == 3600


def _judged(cause: Cause, *, tries: int = 1, age: float = 0, failing: float = 0) -> tuple[bool, bool, str]:
    found = verdict(Fault(cause), tries=tries, age_seconds=age, failures=1, failing_seconds=failing, policy=POLICY, draw=0)
    return found.dead, found.old, found.stops


@pytest.mark.parametrize(("cause", "facts", "judged"), [
    (Cause.REFUSED, {"tries": 2}, (False, False, "")), (Cause.REFUSED, {"tries": 3}, (True, False, "")), (Cause.UNREACHED, {"tries": 50}, (False, False, "")),
    (Cause.UNREACHED, {"age": DAY}, (True, True, "")), (Cause.REFUSED, {"age": DAY}, (True, True, "")), (Cause.UNREACHED, {"failing": 3 * DAY}, (False, False, "suspended")),
    (Cause.UNREACHED, {"age": DAY, "failing": 3 * DAY}, (True, True, "suspended")), (Cause.GONE, {}, (False, False, "ended")),
])
def test_dead_letters_and_ends(cause: Cause, facts: dict[str, float], judged: tuple[bool, bool, str]) -> None:
    assert _judged(cause, **facts) == judged  # type: ignore[arg-type]  # columns of the table


def test_after_a_dead_letter_the_next_event_is_tried_at_once() -> None:
    assert verdict(Fault(Cause.REFUSED), tries=3, age_seconds=0, failures=5, failing_seconds=0, policy=POLICY, draw=1).wait_seconds == 0


def test_figures_from_the_environment() -> None:
    found = read_policy("tries_max=20 keep_hours=0.5")
    assert (found.tries_max, found.keep_hours, found.connect_seconds) == (20, 0.5, 3.0)
    for words in ("no_such=1", "tries_max=many", "tries_max"):
        with pytest.raises(ValueError, match=r".+"):
            read_policy(words)
