"""Facts that the ordering room announces."""

from __future__ import annotations

from tongke.kernel.outbox import Event


class OfferingsQualified(Event):
    """Offerings were judged for a customer, or for a prospect, and the answer was recorded."""

    number: str
    outcome: str
    offerings: list[str]


class QualificationDescribed(Event):
    """A recorded qualification has another description; what was answered stays."""

    number: str


class QualificationDiscarded(Event):
    """A recorded qualification was taken away."""

    number: str
