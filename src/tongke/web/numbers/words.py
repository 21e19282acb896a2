"""Tones, icons, choices and words of the number desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup, escape

from tongke.areas.catalogue.states import SalesChannel
from tongke.areas.resource import queries
from tongke.areas.resource.states import ORDINARY, CommitmentState, HoldState, NumberState, ScheduleState
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor
from tongke.web.kit import formatting

Choices = list[tuple[str, Any]]
LONG = 11
"""Digits of a number that people read in groups of their own."""
S = NumberState

STATE_TONES: dict[str, str] = {
    S.FREE: "good", S.HELD: "warn", S.ASSIGNED: "info", S.SUSPENDED: "warn", S.RELEASED: "off", S.COOLING: "off", S.RESERVED: "neutral",
    S.BLOCKED: "bad", S.FAULTY: "bad", S.PORTED_OUT: "off", S.RETURNED: "off",
}
HOLD_TONES: dict[str, str] = {HoldState.OPEN: "warn", HoldState.CONFIRMED: "good", HoldState.RELEASED: "off", HoldState.EXPIRED: "off"}
SCHEDULE_TONES: dict[str, str] = {ScheduleState.DRAFT: "warn", ScheduleState.RELEASED: "good", ScheduleState.WITHDRAWN: "off"}
COMMITMENT_TONES: dict[str, str] = {
    CommitmentState.IN_FORCE: "info", CommitmentState.FULFILLED: "good", CommitmentState.PENALISED: "bad", CommitmentState.TRANSFERRED: "off",
}
CHANNELS: Choices = list(SalesChannel.choices)
KIND_ICONS: dict[str, str] = {"mobile": "device-mobile", "fixed": "phone", "iot": "antenna"}

# The parts of a gauge from left to right: key, words, the states that it sums up.
PARTS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("free", _("Free"), (S.FREE,)), ("held", _("On hold"), (S.HELD,)), ("assigned", _("Assigned"), (S.ASSIGNED, S.SUSPENDED)),
    ("cooling", _("Cooling"), (S.RELEASED, S.COOLING)), ("kept", _("Kept back"), (S.RESERVED, S.BLOCKED, S.FAULTY)),
    ("away", _("With other operators"), (S.PORTED_OUT, S.RETURNED)),
)
# Every move of a number's life: words, icon, tone.
MOVES: dict[str, tuple[Any, str, str]] = {
    "enter": (_("Entered into its pool"), "plus", "neutral"), "hold": (_("Put on hold"), "hourglass", "warn"),
    "let_go": (_("The hold was let go"), "arrow-back-up", "neutral"), "expire": (_("The hold ran out"), "clock", "off"),
    "assign": (_("Assigned to a line"), "check", "good"), "suspend": (_("Put out of service"), "player-pause", "warn"),
    "resume": (_("In service again"), "player-play", "good"), "release": (_("Given up by its user"), "phone-off", "off"),
    "cool": (_("Cooling began"), "clock-hour-4", "off"), "reassign": (_("Back to its former line"), "reload", "good"),
    "free": (_("Free again"), "refresh", "good"), "reserve": (_("Kept back by the desk"), "pin", "neutral"),
    "unreserve": (_("Given back to its pool"), "arrow-back-up", "good"), "block": (_("Blocked"), "ban", "bad"),
    "unblock": (_("No longer blocked"), "lock-open", "good"), "report_fault": (_("Reported out of order"), "alert-triangle", "bad"),
    "mend": (_("Works again"), "tool", "good"), "port_out": (_("Went with its user to another operator"), "logout", "off"),
    "come_back": (_("Came back from another operator"), "login", "info"), "come_home": (_("Its user brought it home"), "home", "good"),
    "take_over": (_("Taken over with a line from another system"), "database-import", "good"),
    "pass_on": (_("Passed on to another line or customer"), "arrows-exchange", "info"),
    "port_in": (_("Brought along from another operator"), "login", "good"), "give_back": (_("Returned to its operator"), "logout", "off"),
}


def english() -> bool:
    """Tell whether the reader reads English."""
    return (get_language() or "").startswith("en")


def grade_name(code: str, name_zh: str | None, name_en: str | None) -> str:
    """Return what a grade is called; the ordinary one has no row of its own."""
    if code == ORDINARY:
        return str(_("Ordinary"))
    return (name_en if english() and name_en else name_zh) or code


def pool_choices(by: Actor, *, kind: str = "") -> Choices:
    """Return the pools in scope for a choice; their organisation is named where there are several."""
    rows = [p for p in queries.pools_visible_to(by) if not kind or p.kind == kind]
    several = len({p.org_id for p in rows}) > 1
    return [(str(p.id), f"{staff.org_name(p.org_id)} · {formatting.name(p)}" if several else formatting.name(p)) for p in rows]


def org_choices(by: Actor) -> Choices:
    """Return the organisations that the actor may write for, indented by level."""
    return [(str(o.id), o.name) for o in staff.orgs_offered(by=by)]


def grade_choices(by: Actor) -> Choices:
    """Return the grades that any version in force knows, the finest first, then the ordinary one."""
    known: dict[str, str] = {}
    for schedule in queries.schedules(by=by).filter(state=ScheduleState.RELEASED, valid_until=None):
        for grade in queries.grades_of(schedule.id, by=by):
            known.setdefault(grade.code, grade_name(grade.code, grade.name_zh, grade.name_en))
    return [*known.items(), (ORDINARY, _("Ordinary"))]


def number_words(number: str) -> str:
    """Return a number in groups, as it is read aloud; the long ones of things by their last eight."""
    said = formatting.phone(number)
    local = said.removeprefix("+86")
    return f"{local[:-8]} {local[-8:-4]} {local[-4:]}" if said.startswith("+86") and len(local) > LONG else said


def range_words(first: int, last: int) -> str:
    """Return the ends of a range of numbers."""
    return f"{number_words(f'+{first}')} – {number_words(f'+{last}')}"


def until_words(instant: datetime, *, at: datetime) -> str:
    """Return until when something lasts: the time alone where it is today."""
    same = formatting.local(instant).date() == formatting.local(at).date()
    return str(_("until %(time)s")) % {"time": formatting.clock_time(instant) if same else formatting.moment(instant)}


def marked(number: str, runs: list[tuple[int, int]]) -> Markup:
    """Return a number in groups with the digits of ``runs`` (from, until; counted in what people write) set off."""
    text, at, out = number_words(number), 0, []
    flags = [any(start <= n < end for start, end in runs) for n in range(len(text))]
    for char in text:
        if char == " ":
            out.append(Markup("&nbsp;"))
            continue
        out.append(Markup("<b>%s</b>") % char if flags[at] else escape(char))
        at += 1
    return Markup("").join(out).replace(Markup("</b><b>"), Markup(""))


def pool_address(pool_id: UUID | str) -> str:
    """Return a pool's page."""
    return f"/numbers/pools/{pool_id}"


def rows_address(**query: Any) -> str:
    """Return the list of numbers narrowed by ``query``; lists become several words."""
    words = [f"{key}={one}" for key, value in query.items() for one in (value if isinstance(value, list | tuple) else (value,)) if one not in (None, "")]
    return "/numbers/list" + ("?" + "&".join(words) if words else "")
