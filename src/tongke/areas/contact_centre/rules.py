"""Rules of the contact centre room: pure, each with its code."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tongke.kernel.rules import rule


@rule("CC-01", says=_("A contact needs a subject"), mend=_("Say in a few words what it was about"), field="subject")
def has_subject(*, subject: str) -> bool:
    """A line on the timeline says something."""
    return bool(subject.strip())


@rule("CC-02", says=_("A contact cannot have taken place in the future"), mend=_("Correct the time"), field="occurred_at")
def is_past(*, occurred_at: datetime, at: datetime) -> bool:
    """What is recorded has happened."""
    return occurred_at <= at
