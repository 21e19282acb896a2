"""Facts that the contact centre room announces."""

from __future__ import annotations

from tongke.kernel.outbox import Event


class ContactRecorded(Event):
    """A contact with a customer was recorded; its own row stands on the timeline."""

    channel: str
    direction: str
    kind: str


class ContactChanged(Event):
    """What was noted of a contact was corrected or added to."""

    fields: list[str]


class ContactStateChanged(Event):
    """A contact that goes on was taken up or completed."""

    from_state: str
    to_state: str


class ContactRemoved(Event):
    """A contact that nobody had taken up was taken away."""

    channel: str
