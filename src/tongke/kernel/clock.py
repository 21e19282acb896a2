"""The injected clock: channels ask it once and hand ``at`` down; areas never look at a clock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_offset: ContextVar[timedelta | None] = ContextVar("tongke_clock_offset", default=None)


def now() -> datetime:
    """Return the operator's present instant in UTC, moved by the clock offset if one is set.

    ``TONGKE_CLOCK_OFFSET_SECONDS`` moves the whole process, ``moved_to`` one block (T39, X20).
    """
    offset = _offset.get()
    if offset is None:
        offset = timedelta(seconds=float(os.environ.get("TONGKE_CLOCK_OFFSET_SECONDS", "0")))
    return datetime.now(UTC) + offset


@contextmanager
def moved_to(instant: datetime) -> Iterator[None]:
    """Let the clock stand as if ``instant`` were now, and run on from there, inside the block."""
    token = _offset.set(instant - datetime.now(UTC))
    try:
        yield
    finally:
        _offset.reset(token)
