"""Words and the life cycle of numbers (T3), their holds, grades and commitments."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from tongke.kernel.machine import Machine

ORDINARY = "0"
"""The grade of a number that no pattern singles out: no prestore, no floor, no term."""


class NumberKind(models.TextChoices):
    """What a number serves."""

    MOBILE = "mobile", _("Mobile number")
    FIXED = "fixed", _("Fixed-line number")
    IOT = "iot", _("Number of things (IoT)")


NOT_ALLOTTED, RANGE_BACK, BLOCK_ENDED = gettext_noop("not allotted"), gettext_noop("range taken back"), gettext_noop("block ended")
"""Why a number is blocked that has left its pool: a new allotment frees it, while what the desk blocked stays blocked."""


class BlockSource(models.TextChoices):
    """Where a block of numbers comes from."""

    REGULATOR = "regulator", _("Given by the regulator")
    DONOR = "donor", _("Another operator's, for numbers ported in")


class NumberState(models.TextChoices):
    """States of a number. ``ported_out`` and ``returned`` numbers are used by, or went back to, another operator."""

    FREE = "free", _("Free")
    HELD = "held", _("On hold")
    ASSIGNED = "assigned", _("Assigned")
    SUSPENDED = "suspended", _("Out of service")
    RELEASED = "released", _("Released")
    COOLING = "cooling", _("Cooling")
    RESERVED = "reserved", _("Kept back by the desk")
    BLOCKED = "blocked", _("Blocked")
    FAULTY = "faulty", _("Out of order")
    PORTED_OUT = "ported_out", _("Ported out")
    RETURNED = "returned", _("Returned to the donor")


S = NumberState
AMONG_OTHERS = (S.PORTED_OUT, S.RETURNED)
"""States in which another operator serves the number."""
# The database keeps the same table (resource_number_may_go): a test compares the two.
NUMBER = Machine("number", NumberState, initial=S.FREE, moves={
    "hold": ([S.FREE, S.HELD], S.HELD),
    "let_go": ([S.HELD], S.FREE),
    "assign": ([S.HELD], S.ASSIGNED),
    "suspend": ([S.ASSIGNED], S.SUSPENDED),
    "resume": ([S.SUSPENDED], S.ASSIGNED),
    "release": ([S.ASSIGNED, S.SUSPENDED], S.RELEASED),
    "cool": ([S.RELEASED], S.COOLING),
    "reassign": ([S.RELEASED, S.COOLING], S.ASSIGNED),
    "free": ([S.COOLING], S.FREE),
    "reserve": ([S.FREE], S.RESERVED),
    "unreserve": ([S.RESERVED], S.FREE),
    "block": ([S.FREE, S.RESERVED], S.BLOCKED),
    "unblock": ([S.BLOCKED], S.FREE),
    "report_fault": ([S.FREE, S.RESERVED, S.BLOCKED], S.FAULTY),
    "mend": ([S.FAULTY], S.FREE),
    "port_out": ([S.ASSIGNED, S.SUSPENDED], S.PORTED_OUT),
    "come_back": ([S.PORTED_OUT], S.COOLING),
    "come_home": ([S.PORTED_OUT], S.ASSIGNED),
    "port_in": ([S.RETURNED], S.ASSIGNED),
    "give_back": ([S.ASSIGNED, S.SUSPENDED], S.RETURNED),
}, words={
    "hold": _("hold"), "let_go": _("let go"), "assign": _("assign"),
    "suspend": _("take out of service"), "resume": _("put into service"), "release": _("give up"),
    "cool": _("begin its cooling"), "reassign": _("give back to its former line"), "free": _("free"),
    "reserve": _("keep back"), "unreserve": _("give back to its pool"), "block": _("block"),
    "unblock": _("unblock"), "report_fault": _("report out of order"), "mend": _("note that it works again"),
    "port_out": _("port out"), "come_back": _("take back from the other operator"), "come_home": _("port home"),
    "port_in": _("port in"), "give_back": _("return to its operator"),
})


class HoldState(models.TextChoices):
    """States of a hold."""

    OPEN = "open", _("Held now")
    CONFIRMED = "confirmed", _("Confirmed")
    RELEASED = "released", _("Let go")
    EXPIRED = "expired", _("Expired")


class ScheduleState(models.TextChoices):
    """States of a version of the table of grades."""

    DRAFT = "draft", _("Draft")
    RELEASED = "released", _("In force by its dates")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PatternKind(models.TextChoices):
    """Kinds of patterns that give a number its grade."""

    LETTERS = "letters", _("Digits alike and unlike, as in AABB")
    LADDER = "ladder", _("Digits that climb or fall by one")
    BIRTHDAY = "birthday", _("A date at the end")
    HEAD_TAIL = "head_tail", _("Beginning and end alike")
    ENDS = "ends", _("Certain digits at the end")
    CONTAINS = "contains", _("Certain digits anywhere")
    WITHOUT = "without", _("None of certain digits")
    FEW_DIGITS = "few_digits", _("Few different digits")


class CommitmentState(models.TextChoices):
    """States of what a customer promised for a fine number."""

    IN_FORCE = "in_force", _("In force")
    FULFILLED = "fulfilled", _("Fulfilled")
    PENALISED = "penalised", _("Left early, penalty due")
    TRANSFERRED = "transferred", _("Passed on to another customer")
