"""Facts announced about numbers. ``subject_id`` is the number's id (``rules.numbers.number_id``), for pools and blocks theirs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from tongke.kernel.outbox import Event


class NumberHeld(Event):
    """A number is kept for an order until ``held_until``."""

    number: str
    pool_id: UUID | None
    grade: str
    hold_id: UUID
    order_ref: str
    held_until: datetime


class NumberHoldExtended(Event):
    """A hold lasts longer."""

    number: str
    hold_id: UUID
    order_ref: str
    held_until: datetime


class NumberHoldEnded(Event):
    """A hold ended without a sale; ``reason`` is ``expired`` or what was said when it was let go."""

    number: str
    hold_id: UUID
    order_ref: str
    reason: str


class NumberAssigned(Event):
    """A line has the number from now on; ``commitment_id`` is what its holder promised for a fine one."""

    number: str
    pool_id: UUID | None
    grade: str
    hold_id: UUID | None
    assigned_to: UUID
    order_ref: str
    commitment_id: UUID | None = None
    late: bool = False


class NumberSuspended(Event):
    """A number is out of service."""

    number: str
    assigned_to: UUID
    reason: str


class NumberResumed(Event):
    """A number is in service again."""

    number: str
    assigned_to: UUID
    reason: str


class NumberReleased(Event):
    """A line gave its number up; ``cooling_until`` is when it may be given anew (``None``: its cooling has not begun)."""

    number: str
    was_assigned_to: UUID | None
    reason: str
    cooling_until: datetime | None
    penalty: Decimal | None = None


class NumberCooling(Event):
    """A number that was given up cools from now on."""

    number: str
    cooling_until: datetime


class NumberFreed(Event):
    """A number may be given anew: its cooling is over, or the desk let it go."""

    number: str
    pool_id: UUID | None


class NumberKept(Event):
    """The desk keeps a number from being sold: reserved, blocked or out of order (``state``)."""

    number: str
    state: str
    reason: str


class NumberPortedOut(Event):
    """A number went with its user to another operator; it stays ours as the block's owner."""

    number: str
    operator: str
    was_assigned_to: UUID | None


class NumberCameBack(Event):
    """A number that had been ported out came back to us, its block's owner, and cools."""

    number: str
    operator: str
    cooling_until: datetime


class NumberPortedIn(Event):
    """A line of ours has a number of another operator's block from now on."""

    number: str
    operator: str
    assigned_to: UUID
    order_ref: str


class NumberReturned(Event):
    """A number that had been ported in went back to the operator whose block it is of."""

    number: str
    operator: str
    was_assigned_to: UUID | None
    reason: str


class NumberPassedOn(Event):
    """Another customer has the number from now on, with the line ``assigned_to``; it may be the line that had it before."""

    number: str
    assigned_to: UUID
    was_assigned_to: UUID


class CommitmentPassedOn(Event):
    """Another customer took a fine number over; ``restarted`` tells whether the term began anew."""

    number: str
    assigned_to: UUID
    restarted: bool
    ends_on: date


class NumberBlockRecorded(Event):
    """A block of numbers was recorded."""

    code: str
    first: int
    last: int
    source: str


class NumberRangeGiven(Event):
    """An organisation was given a range of numbers."""

    first: int
    last: int
    given_to: int


class NumberRangeAllotted(Event):
    """A range of numbers feeds a pool from now on; ``moved`` numbers changed their pool for it."""

    first: int
    last: int
    pool_id: UUID
    moved: int


class NumbersRegraded(Event):
    """Free numbers of a pool were graded anew by a version of the grades."""

    schedule_id: int
    changed: int


class NumberPoolRanLow(Event):
    """A pool is running dry: so many numbers are free, lasting so many days at the recent take-up."""

    pool_code: str
    free: int
    days_left: int | None


class NumberPoolRecovered(Event):
    """A pool that had been running dry has enough numbers again."""

    pool_code: str
    free: int
