"""Facts about credit ratings."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tongke.kernel.outbox import Event


class CreditRated(Event):
    """A customer has another rating in force; ``subject_id`` is the rating."""

    credit_class: str
    credit_limit: Decimal
    overridden: bool
    rated_at: datetime


class CreditOverrideAsked(Event):
    """A rating by hand waits for a second person; ``subject_id`` is the approval."""

    credit_class: str
    asked_at: datetime


class CreditOverrideEnded(Event):
    """A rating by hand ran out; the reckoned rating holds again."""

    ended_at: datetime
