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


@rule("CC-03", says=_("The contact ended before it began"), mend=_("Correct the end"), field="ended_at")
def ends_after_it_began(*, occurred_at: datetime, ended_at: datetime | None) -> bool:
    """A contact takes no time or some, never less than none."""
    return ended_at is None or ended_at >= occurred_at


@rule("CC-04", says=_("The contact was taken up already ({state})"), mend=_("Complete it; what was said stays to be read"))
def nobody_took_it_up(*, state: str) -> bool:
    """Only a contact that nobody took up is taken away."""
    return state == "open"


@rule("CC-05", says=_("The contact is completed: what was said stays said"), mend=_("Add a note, or record a further contact that corrects it"))
def still_goes_on(*, state: str) -> bool:
    """What is noted of a contact changes only while it goes on."""
    return state != "completed"
