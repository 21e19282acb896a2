"""Facts about customers who change their organisation."""

from __future__ import annotations

from tongke.kernel.outbox import Event


class CustomerMoved(Event):
    """A customer with everything of theirs was handed from one organisation to another."""

    from_org: int
    to_org: int
    reason: str
