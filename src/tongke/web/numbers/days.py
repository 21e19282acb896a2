"""Days of the organisation's zone as instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from tongke.web.kit import formatting


def start_of(day: date | None) -> datetime | None:
    """Return the first instant of a day in the organisation's zone; nothing for none."""
    return None if day is None else datetime.combine(day, time.min, tzinfo=formatting.zone()).astimezone(UTC)
