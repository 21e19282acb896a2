"""Facts that the contact centre room announces."""

from __future__ import annotations

from tongke.kernel.outbox import Event


class ContactRecorded(Event):
    """A contact with a customer was recorded; its own row stands on the timeline."""

    channel: str
    direction: str
    kind: str
