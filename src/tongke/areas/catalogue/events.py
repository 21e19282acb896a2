"""Facts that the catalogue room announces."""

from __future__ import annotations

from datetime import datetime

from tongke.kernel.outbox import Event


class OfferingPublished(Event):
    """A version of an offering can be sold from ``valid_from`` on."""

    code: str
    number: int
    valid_from: datetime
